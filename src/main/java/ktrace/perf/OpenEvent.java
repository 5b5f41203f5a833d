package ktrace.perf;

import ktrace.linux.FileDescriptor;

/** One event that is open, which tracepoint it counts, and on which CPU. */
record OpenEvent(Tracepoint tracepoint, int cpu, FileDescriptor fd) {
}
