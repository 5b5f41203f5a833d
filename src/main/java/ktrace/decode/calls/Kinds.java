package ktrace.decode.calls;

import java.util.List;
import ktrace.decode.Argument;
import ktrace.decode.Family;
import ktrace.decode.Result;
import ktrace.decode.SharedKinds;
import ktrace.decode.files.FileKinds;
import ktrace.decode.ipc.IpcKinds;
import ktrace.decode.memory.MemoryKinds;
import ktrace.decode.process.ProcessKinds;
import ktrace.decode.signals.SignalKinds;
import ktrace.decode.sockets.SocketKinds;

/** Finds the kinds of parameters and results that calls.txt names. */
final class Kinds {
    private static final List<Family> FAMILIES = List.of(SharedKinds.ALL, FileKinds.ALL, MemoryKinds.ALL, SignalKinds.ALL,
            ProcessKinds.ALL, SocketKinds.ALL, IpcKinds.ALL);

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
            Argument argument = family.argument(name, parameter);
            if (argument != null) {
                return argument;
            }
        }
        throw new IllegalArgumentException("calls.txt names a kind of parameter that there is not: " + word);
    }

    static Result result(String word) {
        for (Family family : FAMILIES) {
            Result result = family.result(word);
            if (result != null) {
                return result;
            }
        }
        throw new IllegalArgumentException("calls.txt names a kind of result that there is not: " + word);
    }
}
