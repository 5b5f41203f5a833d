package ktrace.perf;

import java.util.List;
import ktrace.linux.FileDescriptor;

/**
 * What is open on one CPU: the first event owns the ring, all others on that CPU write into it.
 *
 * @param events enabled together, once every CPU is ready
 */
record CpuEvents(int cpu, List<OpenEvent> events, PerfRingBuffer ring) {
    FileDescriptor ringOwner() {
        return events.getFirst().fd();
    }
}
