package vestibule.interop;

import java.util.HashMap;
import java.util.Map;

import org.springframework.boot.builder.SpringApplicationBuilder;

/** The programs of this jar, by the first argument: a relying party, and APIs. */
public final class Main {
    private Main() {}

    /** Starts an application with these properties on any port; gives the port. */
    static int start(Class<?> application, Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("server.port", "0");
        all.put("spring.main.banner-mode", "off");
        return new SpringApplicationBuilder(application).properties(all).run()
                .getEnvironment().getProperty("local.server.port", Integer.class);
    }

    public static void main(String[] arguments) throws Exception {
        Talk talk = new Talk(arguments[1]);
        switch (arguments[0]) {
            case "client" -> Client.run(talk);
            case "api" -> Api.run(talk, false);
            case "api-at-jwt" -> Api.run(talk, true);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }
}
