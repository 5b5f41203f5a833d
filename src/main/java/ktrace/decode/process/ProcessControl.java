package ktrace.decode.process;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Call;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;
import ktrace.decode.Filled;
import ktrace.decode.signals.SignalText;

/** prctl(2): what its arguments are depends on the first. */
final class ProcessControl {
    private static final Constants OPTIONS = Constants.group("prctl");

    private ProcessControl() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "prctl-in" -> Argument.in(ProcessControl::given).onlyIf(call -> !isFilled(call) && arguments(call) >= 1);
            case "prctl-out" -> Argument.out(ProcessControl::filled).from(1).onlyIf(ProcessControl::isFilled);
            case "prctl-more" -> {
                int index = Integer.parseInt(parameter);
                yield Argument.in((d, value) -> more(d, index, value)).onlyIf(call -> !isFilled(call) && arguments(call) >= index);
            }
            default -> null;
        };
    }

    private static String option(Call call) {
        String name = OPTIONS.find((int) call.argument(0));
        return name == null ? "" : name;
    }

    private static boolean isFilled(Call call) {
        return switch (option(call)) {
            case "PR_GET_NAME", "PR_GET_PDEATHSIG", "PR_GET_CHILD_SUBREAPER", "PR_GET_TSC", "PR_GET_TID_ADDRESS" -> true;
            default -> false;
        };
    }

    /** How many arguments stand behind the option. */
    private static int arguments(Call call) {
        return switch (option(call)) {
            case "PR_GET_DUMPABLE", "PR_GET_KEEPCAPS", "PR_GET_SECCOMP", "PR_GET_TIMERSLACK", "PR_GET_TIMING", "PR_GET_SECUREBITS",
                    "PR_TASK_PERF_EVENTS_DISABLE", "PR_TASK_PERF_EVENTS_ENABLE", "PR_MPX_ENABLE_MANAGEMENT",
                    "PR_MPX_DISABLE_MANAGEMENT" -> 0;
            case "PR_SET_NAME", "PR_SET_PDEATHSIG", "PR_SET_DUMPABLE", "PR_CAPBSET_READ", "PR_CAPBSET_DROP", "PR_SET_KEEPCAPS",
                    "PR_SET_TIMERSLACK", "PR_SET_TIMING", "PR_SET_SECUREBITS", "PR_SET_TSC", "PR_SET_CHILD_SUBREAPER",
                    "PR_SET_PTRACER" -> 1;
            case "PR_SET_SECCOMP" -> call.argument(1) == 2 ? 2 : 1;
            case "PR_GET_SPECULATION_CTRL" -> 2;
            case "PR_SET_SPECULATION_CTRL" -> 3;
            default -> 4;
        };
    }

    private static void given(Decoding d, long value) {
        StringBuilder out = d.out();
        switch (option(d.call())) {
            case "PR_SET_NAME" -> d.threadName(value);
            case "PR_SET_PDEATHSIG" -> out.append(SignalText.name((int) value));
            case "PR_SET_DUMPABLE" -> Constants.group("pr_dumpable").one(out, value);
            case "PR_CAPBSET_READ", "PR_CAPBSET_DROP" -> Constants.group("cap").one(out, value);
            case "PR_CAP_AMBIENT" -> Constants.group("pr_cap_ambient").one(out, value);
            case "PR_SET_SECUREBITS" -> Constants.group("secbits").flags(out, value);
            case "PR_SET_VMA" -> Constants.group("pr_set_vma").one(out, value);
            case "PR_SET_MM" -> Constants.group("pr_set_mm").one(out, value);
            case "PR_SET_TSC" -> Constants.group("pr_tsc").one(out, value);
            case "PR_SET_SECCOMP" -> Constants.group("seccomp_mode").one(out, value);
            case "PR_SET_PTRACER" -> out.append(value == -1 ? "PR_SET_PTRACER_ANY" : Long.toString(value));
            case "PR_SET_KEEPCAPS", "PR_SET_NO_NEW_PRIVS", "PR_SET_TIMERSLACK", "PR_SET_THP_DISABLE", "PR_SET_CHILD_SUBREAPER" ->
                    out.append(Long.toUnsignedString(value));
            default -> d.hex(value);
        }
    }

    private static void more(Decoding d, int index, long value) {
        switch (option(d.call())) {
            case "PR_CAP_AMBIENT" -> {
                if (index == 2) {
                    Constants.group("cap").one(d.out(), value);
                } else {
                    d.hex(value);
                }
            }
            case "PR_SET_VMA" -> {
                if (index == 2) {
                    d.address(value);
                } else if (index == 3) {
                    d.out().append(Long.toUnsignedString(value));
                } else {
                    d.string(value);
                }
            }
            case "PR_SET_SECCOMP" -> d.address(value);
            default -> d.hex(value);
        }
    }

    private static void filled(Decoding d, long value) {
        switch (option(d.call())) {
            case "PR_GET_NAME" -> d.string(value);
            case "PR_GET_PDEATHSIG" -> {
                Bytes bytes = d.fetch(value, Integer.BYTES);
                if (bytes == null) {
                    d.address(value);
                } else {
                    d.out().append('[').append(SignalText.name(bytes.i32(0))).append(']');
                }
            }
            default -> Filled.number(d, value, Integer.BYTES, false);
        }
    }

    static void result(Decoding d) {
        long result = d.call().result();
        switch (option(d.call())) {
            case "PR_GET_DUMPABLE" -> named(d, result, "pr_dumpable");
            case "PR_GET_SECCOMP" -> named(d, result, "seccomp_mode");
            case "PR_GET_SECUREBITS" -> {
                d.hex(result);
                if (result != 0) {
                    Constants.group("secbits").flags(d.out().append(" ("), result);
                    d.out().append(')');
                }
            }
            default -> d.out().append(result);
        }
    }

    private static void named(Decoding d, long result, String group) {
        d.out().append(result).append(" (");
        Constants.group(group).one(d.out(), result);
        d.out().append(')');
    }

    /** What personality(2) has replaced. */
    static void personality(Decoding d) {
        long result = d.call().result();
        d.hex(result);
        Constants.group("personality").one(d.out().append(" ("), result & 0xff);
        Constants.group("personality_flags").moreFlags(d.out(), result & 0xffff_ff00L);
        d.out().append(')');
    }
}
