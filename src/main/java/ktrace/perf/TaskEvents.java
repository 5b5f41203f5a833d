package ktrace.perf;

import java.util.ArrayList;
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
    /** So many threads are looked at in one go, to see whether they have ended. */
    private static final int AT_ONCE = 512;

    /** What is open of one thread; none of it has been found ended so far. */
    private record Attached(int tid, List<OpenEvent> events) {
    }

    private final EventOpener opener;
    private final List<CpuEvents> cpus;
    private final boolean follow;
    private final DuplicateFilter duplicates;
    private final TraceCounters counters;
    private final List<Attached> attached = new ArrayList<>();
    /** With which of them the next look for ended ones begins. */
    private int next;

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
        List<OpenEvent> events = new ArrayList<>();
        for (CpuEvents cpu : cpus) {
            for (Tracepoint tracepoint : TRACEPOINTS) {
                OpenEvent event = opener.open(tracepoint, tid, cpu.cpu(), flags);
                if (event == null) {
                    events.forEach(opener::discard);
                    return false;
                }
                events.add(event);
                opener.redirect(event, cpu.ringOwner());
            }
        }
        attached.add(new Attached(tid, events));
        return true;
    }

    /**
     * Closes what cannot count any more of some of the threads, of others at each call: of those that have ended, and of those whose
     * events the kernel took away. What they counted remains.
     *
     * @return false when there was none to look at
     */
    boolean closeEnded() {
        if (attached.isEmpty()) {
            return false;
        }
        List<Attached> looked = new ArrayList<>();
        for (int i = 0; i < Math.min(AT_ONCE, attached.size()); i++) {
            looked.add(attached.get((next + i) % attached.size()));
        }
        next = (next + looked.size()) % attached.size();
        // One event speaks for its thread, as long as that goes on.
        Set<OpenEvent> ended = opener.ended(looked.stream().map(thread -> thread.events.getFirst()).toList());
        for (Attached thread : looked) {
            if (ended.contains(thread.events.getFirst())) {
                for (OpenEvent event : opener.ended(thread.events)) {
                    thread.events.remove(event);
                    opener.retire(event);
                }
            }
        }
        attached.removeIf(thread -> thread.events.isEmpty());
        looked.stream().filter(thread -> thread.events.isEmpty()).map(Attached::tid)
                .filter(tid -> attached.stream().noneMatch(other -> other.tid == tid))
                .forEach(tid -> duplicates.ended(tid, System.nanoTime()));
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
