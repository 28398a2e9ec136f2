package vestibule.interop;

import java.util.Map;

import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.IdToken;
import io.quarkus.security.Authenticated;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** What the web application knows of the person who signed in, and its access token. */
@Path("/person")
@Authenticated
public class Person {
    @Inject
    @IdToken
    JsonWebToken idToken;

    @Inject
    AccessTokenCredential accessToken;

    @GET
    public Map<String, Object> person() {
        return Map.of("claims", Claims.of(idToken), "token", accessToken.getToken());
    }
}
