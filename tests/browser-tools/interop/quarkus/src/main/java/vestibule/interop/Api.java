package vestibule.interop;

import java.util.Map;

import io.quarkus.security.Authenticated;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** What an API reads in the access token that somebody sends. */
@Path("/claims")
@Authenticated
public class Api {
    @Inject
    JsonWebToken token;

    @GET
    public Map<String, String> claims() {
        return Claims.of(token);
    }
}
