package ktrace.analysis.calls;

import java.util.function.IntFunction;

/** What numbers are called: system calls and errors. */
public record Names(IntFunction<String> syscalls, IntFunction<String> errnos) {
}
