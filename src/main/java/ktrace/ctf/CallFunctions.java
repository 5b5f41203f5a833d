package ktrace.ctf;

import java.util.Map;
import java.util.stream.Collectors;

/** System calls that the kernel's tracepoints, and with them LTTng, name after the function behind them. */
public final class CallFunctions {
    private static final Map<String, String> CALLS = Map.of("newstat", "stat", "newfstat", "fstat", "newlstat", "lstat",
            "newuname", "uname", "sendfile64", "sendfile", "umount", "umount2", "sysctl", "_sysctl");
    private static final Map<String, String> FUNCTIONS = CALLS.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    private CallFunctions() {
    }

    /** The call's own name, of one that a tracepoint is named after. */
    public static String call(String function) {
        return CALLS.getOrDefault(function, function);
    }

    /** What the tracepoint of a call is named after. */
    public static String function(String call) {
        return FUNCTIONS.getOrDefault(call, call);
    }
}
