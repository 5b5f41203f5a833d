package ktrace.decode.process;

import ktrace.decode.Argument;
import ktrace.decode.Call;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;
import ktrace.decode.signals.SignalText;

/** ptrace(2): which arguments there are depends on the request. */
final class Tracing {
    private static final Constants REQUESTS = Constants.group("ptrace");
    private static final Constants OPTIONS = Constants.group("ptrace_options");

    private Tracing() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "ptrace-pid" -> Argument.in((d, value) -> d.task((int) value)).onlyIf(call -> has(call, "p"));
            case "ptrace-address" -> Argument.in((d, value) -> d.address(value)).onlyIf(call -> has(call, "a"));
            case "ptrace-data" -> Argument.in(Tracing::data).onlyIf(call -> has(call, "d"));
            default -> null;
        };
    }

    private static String request(Call call) {
        String name = REQUESTS.find(call.argument(0));
        return name == null ? "" : name;
    }

    /** p pid, a address, d data. */
    private static boolean has(Call call, String argument) {
        String arguments = switch (request(call)) {
            case "PTRACE_TRACEME" -> "";
            case "PTRACE_ATTACH", "PTRACE_INTERRUPT", "PTRACE_KILL", "PTRACE_LISTEN" -> "p";
            default -> "pad";
        };
        return arguments.contains(argument);
    }

    private static void data(Decoding d, long value) {
        switch (request(d.call())) {
            case "PTRACE_SEIZE", "PTRACE_SETOPTIONS" -> OPTIONS.flags(d.out(), value);
            case "PTRACE_CONT", "PTRACE_DETACH", "PTRACE_SYSCALL", "PTRACE_SINGLESTEP", "PTRACE_SINGLEBLOCK", "PTRACE_SYSEMU",
                    "PTRACE_SYSEMU_SINGLESTEP" -> d.out().append(SignalText.name((int) value));
            default -> d.address(value);
        }
    }
}
