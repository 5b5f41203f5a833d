package ktrace.decode;

import java.util.List;

/** Kinds of parameters and results that belong together, found by the names that calls.txt gives them. Immutable. */
public final class Family {
    /** Some kinds of parameters. */
    @FunctionalInterface
    public interface Arguments {
        /**
         * The kind of that name, or null when it is none of these.
         *
         * @param parameter what stands behind the colon, or an empty text
         */
        Argument find(String name, String parameter);
    }

    /** Some kinds of results. */
    @FunctionalInterface
    public interface Results {
        /** The kind of that name, or null when it is none of these. */
        Result find(String name);
    }

    private final Results results;
    private final List<Arguments> arguments;

    public Family(Results results, Arguments... arguments) {
        this.results = results;
        this.arguments = List.of(arguments);
    }

    /** Null when another family has it. */
    public Argument argument(String name, String parameter) {
        for (Arguments kinds : arguments) {
            Argument argument = kinds.find(name, parameter);
            if (argument != null) {
                return argument;
            }
        }
        return null;
    }

    /** Null when another family has it. */
    public Result result(String name) {
        return results.find(name);
    }
}
