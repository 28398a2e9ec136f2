package vestibule.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import tools.jackson.databind.json.JsonMapper;

/** How a party in Java talks to the test that runs it, as ../../../../../../party.mjs does. */
final class Talk {
    private static final JsonMapper JSON = new JsonMapper();
    private final BufferedReader lines =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private final Map<?, ?> asked;

    Talk(String asked) {
        this.asked = read(asked);
    }

    /** What the test says. */
    String asked(String name) {
        return String.valueOf(asked.get(name));
    }

    /** Its next line; null at the end. */
    String hear() throws IOException {
        return lines.readLine();
    }

    void say(Map<String, ?> what) {
        System.out.println(JSON.writeValueAsString(what));
    }

    /** Sends the person to the provider; gives the address at which they came back. */
    String visit(String url, String as) throws IOException {
        say(Map.of("visit", url, "as", as));
        return hear();
    }

    static Map<?, ?> read(String json) {
        return JSON.readValue(json, Map.class);
    }
}
