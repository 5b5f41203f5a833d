package ktrace.ptrace;

import ktrace.decode.ArgumentNames;
import ktrace.decode.DecodeOptions;
import ktrace.decode.calls.CallSet;

/**
 * Which system calls are wanted as text, with what their arguments point to.
 *
 * @param calls these; all are reported as numbers
 * @param decode how much of the callers' memory is shown
 * @param names asked for calls that ktrace has no description of, on the tracer's thread
 */
public record CallWish(CallSet calls, DecodeOptions decode, ArgumentNames names) {
}
