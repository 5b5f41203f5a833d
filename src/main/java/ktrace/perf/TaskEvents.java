package ktrace.perf;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;

/**
 * The system-call events of traced threads: one for each thread, CPU and tracepoint, because an inherited event can only be
 * mapped when it is bound to a CPU. Children born later inherit them.
 */
final class TaskEvents {
    private static final List<Tracepoint> TRACEPOINTS = List.of(Tracepoint.SYS_ENTER, Tracepoint.SYS_EXIT);

    private final EventOpener opener;
    private final List<CpuEvents> cpus;
    private final boolean follow;
    private final DuplicateFilter duplicates;
    private final TraceCounters counters;

    TaskEvents(EventOpener opener, List<CpuEvents> cpus, boolean follow, DuplicateFilter duplicates, TraceCounters counters) {
        this.opener = opener;
        this.cpus = cpus;
        this.follow = follow;
        this.duplicates = duplicates;
        this.counters = counters;
    }

    /** Descriptors that {@code threads} threads take. */
    static long descriptors(long threads, int cpus) {
        return threads * cpus * TRACEPOINTS.size();
    }

    /** Opens a process that waits before its exec, so that the first event is the return from it. */
    boolean attachBeforeExec(int tgid) {
        return attachThread(tgid, PerfAttrFlag.DISABLED, PerfAttrFlag.ENABLE_ON_EXEC);
    }

    /**
     * Opens every thread of a process; looks again until none has come, because threads are born meanwhile. Those that come
     * while this goes on may have inherited their events.
     *
     * @return false when the process is gone
     */
    boolean attach(int tgid, boolean mayHaveInherited) {
        Set<Integer> opened = new HashSet<>();
        boolean again = mayHaveInherited;
        boolean found;
        do {
            found = false;
            for (int tid : ThreadList.of(tgid)) {
                if (opened.add(tid)) {
                    found = true;
                    if (again) {
                        duplicates.suspect(tid);
                    }
                    if (!attachThread(tid)) {
                        counters.increment(TraceCounter.TASKS_LOST_AT_ATTACH);
                    }
                }
            }
            again = true;
        } while (found);
        return !opened.isEmpty();
    }

    private boolean attachThread(int tid, PerfAttrFlag... more) {
        PerfAttrFlag[] flags = flags(more);
        int before = opener.openCount();
        for (CpuEvents cpu : cpus) {
            for (Tracepoint tracepoint : TRACEPOINTS) {
                OpenEvent event = opener.open(tracepoint, tid, cpu.cpu(), flags);
                if (event == null) {
                    opener.closeDownTo(before);
                    return false;
                }
                opener.redirect(event, cpu.ringOwner());
            }
        }
        return true;
    }

    private PerfAttrFlag[] flags(PerfAttrFlag... more) {
        // Before 5.13 the kernel cannot inherit by threads alone: then children come too, and the tracker drops them.
        boolean threadsOnly = !follow && KernelVersion.atLeast(5, 13);
        PerfAttrFlag[] flags = Arrays.copyOf(more, more.length + (threadsOnly ? 2 : 1));
        flags[more.length] = PerfAttrFlag.INHERIT;
        if (threadsOnly) {
            flags[more.length + 1] = PerfAttrFlag.INHERIT_THREAD;
        }
        return flags;
    }
}
