package vestibule.interop;

/** The programs of this jar, by the first argument: a relying party, and APIs. */
public final class Main {
    private Main() {}

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
