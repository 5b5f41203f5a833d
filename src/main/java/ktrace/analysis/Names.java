package ktrace.analysis;

import java.util.function.IntFunction;

/** What numbers are called: system calls and errors. */
record Names(IntFunction<String> syscalls, IntFunction<String> errnos) {
}
