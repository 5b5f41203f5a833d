package ktrace.bpf.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ktrace.linux.FileDescriptor;
import ktrace.linux.PerfEventOpen;
import ktrace.linux.uapi.Uapi;
import ktrace.linux.uapi.perf_event_attr;

/** The kernel's counter of page faults that had to wait for their page, of which a program can be run with each. */
final class MajorFaults {
    private MajorFaults() {
    }

    /** That of one CPU, of whoever runs there; null where the kernel does not hand it out. */
    static FileDescriptor open(int cpu) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = perf_event_attr.allocate(arena);
            perf_event_attr.size(attr, (int) perf_event_attr.sizeof());
            perf_event_attr.type(attr, Uapi.PERF_TYPE_SOFTWARE());
            perf_event_attr.config(attr, Uapi.PERF_COUNT_SW_PAGE_FAULTS_MAJ());
            perf_event_attr.sample_type(attr, Uapi.PERF_SAMPLE_ADDR());
            perf_event_attr.sample_period(attr, 1);
            long number = PerfEventOpen.tryOpen(attr, PerfEventOpen.ANY_THREAD, cpu);
            return number < 0 ? null : PerfEventOpen.own(number);
        }
    }
}
