package vestibule.interop;

import java.util.Map;
import java.util.stream.Collectors;

import org.eclipse.microprofile.jwt.JsonWebToken;

/** The claims of a token, as text. */
final class Claims {
    private Claims() {}

    static Map<String, String> of(JsonWebToken token) {
        return token.getClaimNames().stream()
                .collect(Collectors.toMap(name -> name, name -> String.valueOf(token.<Object>getClaim(name))));
    }
}
