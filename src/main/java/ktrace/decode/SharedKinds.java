package ktrace.decode;

/** The kinds that calls of every family have. */
public final class SharedKinds {
    public static final Family ALL = new Family(SharedKinds::result, Plain::kind, Filled::kind, Buffers::kind, Times::kind);

    private SharedKinds() {
    }

    private static Result result(String name) {
        return switch (name) {
            case "number" -> Result.NUMBER;
            case "address" -> Result.ADDRESS;
            case "octal" -> Result.OCTAL;
            case "fd" -> Result.DESCRIPTOR;
            case "task" -> Result.TASK;
            case "none" -> Result.NONE;
            case "date" -> Times::date;
            default -> null;
        };
    }
}
