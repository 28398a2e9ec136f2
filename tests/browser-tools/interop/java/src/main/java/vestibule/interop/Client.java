package vestibule.interop;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A relying party of Spring Boot: it is told the issuer, its client id and its secret. */
final class Client {
    private static final String WRONG_SECRET = "another-secret-altogether-0123456789";

    /** A person's browser at the application's side. */
    private final HttpClient http = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private final Talk talk;
    private final int port;

    private Client(Talk talk, String secret) {
        this.talk = talk;
        String client = "spring.security.oauth2.client.";
        this.port = Main.start(Application.class, Map.of(
                client + "registration.vestibule.client-id", talk.asked("clientId"),
                client + "registration.vestibule.client-secret", secret,
                client + "registration.vestibule.scope", "openid,profile,email",
                client + "provider.vestibule.issuer-uri", talk.asked("issuer")));
    }

    static void run(Talk talk) throws Exception {
        // The application believes to be at `base`, as behind a proxy that keeps the host.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
        Client good = new Client(talk, talk.asked("clientSecret"));
        String cancelled = good.signIn("cancel");
        String told = good.signIn("sign-in");
        String wrong = new Client(talk, WRONG_SECRET).signIn("sign-in");
        talk.say(Map.of("found", Map.of(
                "claims", told.startsWith("{") ? Talk.read(told) : told,
                "cancelled", cancelled,
                "wrongSecret", wrong)));
        System.exit(0);
    }

    /** Opens the page, follows the application to the provider and back, and gives the page that is shown in the end. */
    private String signIn(String as) throws IOException, InterruptedException {
        String at = "/";
        while (true) {
            HttpResponse<String> page = get(at);
            String to = page.headers().firstValue("Location").orElse(null);
            if (to == null) {
                return page.body();
            }
            String base = talk.asked("base");
            if (!to.startsWith(base) && !to.startsWith("/")) {
                to = talk.visit(to, as);
            }
            at = to.startsWith(base) ? to.substring(base.length()) : to;
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Host", URI.create(talk.asked("base")).getAuthority()).header("Accept", "text/html, */*;q=0.8").build();
        return http.send(request, BodyHandlers.ofString());
    }

    @Configuration
    @EnableAutoConfiguration
    @RestController
    static class Application {
        @GetMapping("/")
        Map<String, Object> claims(@AuthenticationPrincipal OidcUser person) {
            return person.getClaims();
        }
    }
}
