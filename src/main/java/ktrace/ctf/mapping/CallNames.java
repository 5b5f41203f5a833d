package ktrace.ctf.mapping;

import java.util.List;
import ktrace.ctf.CallFunctions;

/**
 * Which system call an event of LTTng's is about, by its name.
 *
 * <pre>
 *              2.0 to 2.5                    since 2.6
 * entry        sys_NAME, compat_sys_NAME     syscall_entry_NAME, compat_syscall_entry_NAME
 * exit         exit_syscall, of any call     syscall_exit_NAME, compat_syscall_exit_NAME
 * </pre>
 */
final class CallNames {
    /** The tracer knew the call by its number only. */
    static final String UNKNOWN = "unknown";

    private static final String COMPAT = "compat_";
    private static final String EXIT = "syscall_exit_";
    private static final List<String> BEGINS = List.of("syscall_entry_", EXIT, "sys_");

    private CallNames() {
    }

    /** The call's own name; null when the event is about no single call. */
    static String of(String event) {
        String name = isCompat(event) ? event.substring(COMPAT.length()) : event;
        for (String begin : BEGINS) {
            if (name.startsWith(begin)) {
                return CallFunctions.call(name.substring(begin.length()));
            }
        }
        return null;
    }

    /** A call of a 32-bit program on a 64-bit machine. */
    static boolean isCompat(String event) {
        return event.startsWith(COMPAT);
    }

    static boolean isExit(String event) {
        return event.equals("exit_syscall") || event.startsWith(EXIT) || event.startsWith(COMPAT + EXIT);
    }
}
