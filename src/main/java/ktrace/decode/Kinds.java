package ktrace.decode;

import java.util.List;

/** Finds the kinds of parameters and results that calls.txt names. */
final class Kinds {
    /** Those kinds that belong together, in one class. */
    @FunctionalInterface
    interface Family {
        /**
         * The kind of that name, or null when another family has it.
         *
         * @param parameter what stands behind the colon, or an empty text
         */
        Argument find(String name, String parameter);
    }

    private static final List<Family> FAMILIES = List.of(Plain::kind, Files::kind);

    private Kinds() {
    }

    static Argument argument(String word) {
        int colon = word.indexOf(':');
        String name = colon < 0 ? word : word.substring(0, colon);
        String parameter = colon < 0 ? "" : word.substring(colon + 1);
        for (Family family : FAMILIES) {
            Argument argument = family.find(name, parameter);
            if (argument != null) {
                return argument;
            }
        }
        throw new IllegalArgumentException("calls.txt names a kind of parameter that there is not: " + word);
    }

    static Result result(String word) {
        return switch (word) {
            case "number" -> Result.NUMBER;
            case "unsigned" -> Result.UNSIGNED;
            case "address" -> Result.ADDRESS;
            case "octal" -> Result.OCTAL;
            case "fd" -> Result.DESCRIPTOR;
            default -> throw new IllegalArgumentException("calls.txt names a kind of result that there is not: " + word);
        };
    }
}
