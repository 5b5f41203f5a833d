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

    private static final List<Family> FAMILIES = List.of(Plain::kind, Filled::kind, Files::kind, FileStatus::kind,
            FileControl::kind, Directories::kind, Buffers::kind, MemoryMaps::kind, MemoryPolicy::kind, Births::kind, Endings::kind,
            SignalCalls::kind, Times::kind, Futexes::kind, Polling::kind, SocketAddress::kind, SocketMessages::kind,
            SocketOptions::kind, SystemV::kind, QueueStatus::kind, Ioctls::kind, Limits::kind, ProcessControl::kind, I386Structures::kind,
            Tracing::kind, Others::kind);

    private Kinds() {
    }

    /** {@code KIND}, {@code KIND:PARAMETER}, and behind either {@code @N} for register N instead of the one at its own place. */
    static Argument argument(String word) {
        int at = word.indexOf('@');
        Argument argument = find(at < 0 ? word : word.substring(0, at));
        return at < 0 ? argument : argument.from(Integer.parseInt(word.substring(at + 1)));
    }

    private static Argument find(String word) {
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
            case "address" -> Result.ADDRESS;
            case "octal" -> Result.OCTAL;
            case "fd" -> Result.DESCRIPTOR;
            case "none" -> Result.NONE;
            case "date" -> Result.DATE;
            case "fcntl" -> FileControl::result;
            case "prctl" -> ProcessControl::result;
            case "poll", "ppoll", "select" -> Polling.result(word);
            case "sched-policy" -> Limits.result(word);
            case "membarrier", "signal", "ioprio" -> Others.result(word);
            case "handler" -> I386Structures::handlerBefore;
            case "entry-number" -> I386Structures::chosenEntry;
            case "personality" -> Result.PERSONALITY;
            default -> throw new IllegalArgumentException("calls.txt names a kind of result that there is not: " + word);
        };
    }
}
