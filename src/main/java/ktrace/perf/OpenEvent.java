package ktrace.perf;

import ktrace.linux.FileDescriptor;

/** One event that is open, and which tracepoint it counts. */
record OpenEvent(Tracepoint tracepoint, FileDescriptor fd) {
}
