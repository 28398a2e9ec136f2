package vestibule.interop;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Objects;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A resource server of Spring Boot: it is told the issuer and its own name. */
final class Api {
    private Api() {}

    static void run(Talk talk, boolean atJwt) throws Exception {
        String of = "spring.security.oauth2.resourceserver.jwt.";
        int port = Main.start(Application.class, Map.of(
                "at-jwt", atJwt,
                of + "issuer-uri", talk.asked("issuer"),
                of + "audiences", talk.asked("audience")));
        HttpClient http = HttpClient.newHttpClient();
        talk.say(Map.of("ready", true));
        for (String token = talk.hear(); token != null; token = talk.hear()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/claims"))
                    .header("Authorization", "Bearer " + token).build();
            var answer = http.send(request, BodyHandlers.ofString());
            talk.say(answer.statusCode() == 200
                    ? Map.of("accepted", Talk.read(answer.body()))
                    : Map.of("refused", answer.headers().firstValue("WWW-Authenticate").orElse("")));
        }
        System.exit(0);
    }

    @Configuration
    @EnableAutoConfiguration
    @RestController
    static class Application {
        @GetMapping("/claims")
        Map<String, Object> claims(@AuthenticationPrincipal Jwt token) {
            return token.getClaims();
        }

        /** The one bean for access tokens of RFC 9068. */
        @Bean
        @ConditionalOnProperty("at-jwt")
        JwtDecoder atJwt(
                @Value("${spring.security.oauth2.resourceserver.jwt.issuer-uri}") String issuer,
                @Value("${spring.security.oauth2.resourceserver.jwt.audiences}") String audience) {
            NimbusJwtDecoder decoder = NimbusJwtDecoder.withIssuerLocation(issuer).validateType(false).build();
            // Of whichever application.
            JwtClaimValidator<String> ofSome = new JwtClaimValidator<>("client_id", Objects::nonNull);
            decoder.setJwtValidator(JwtValidators.createAtJwtValidator().issuer(issuer).audience(audience)
                    .validators(all -> all.put("client_id", ofSome)).build());
            return decoder;
        }
    }
}
