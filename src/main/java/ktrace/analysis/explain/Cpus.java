package ktrace.analysis.explain;

import java.util.Arrays;
import ktrace.event.Comm;
import ktrace.event.Peer;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Who ran on each CPU lately, whether observed or not: the latest {@value #RUNS} runs of each. One thread; allocates for a CPU or a
 * process that is new.
 */
final class Cpus {
    static final int RUNS = 64;
    private static final int CPU_LIMIT = 1 << 16;
    /** Beyond that names are looked for anew: processes come and go. */
    private static final int NAMES = 4096;

    /** Somebody is told what part of a time passed with whom on the CPU. */
    interface Part {
        /** @param runner null for the rest, in which it is not known who ran, or nobody did */
        void passed(Waker runner, long ns);
    }

    private record Name(long comm0, long comm1, Waker waker) {
    }

    private static final class Runs {
        private final long[] fromNs = new long[RUNS];
        private final long[] toNs = new long[RUNS];
        private final Waker[] who = new Waker[RUNS];
        private int count;
        private long sinceNs = Long.MIN_VALUE;
    }

    private final Int2ObjectHashMap<Name> names = new Int2ObjectHashMap<>();
    private Runs[] cpus = new Runs[64];

    /** SCHED_SWITCH: the run of the previous thread is over. Called before anything is explained of the event. */
    void switched(TraceEvent event) {
        if (event.cpu < 0 || event.cpu >= CPU_LIMIT) {
            return;
        }
        if (event.cpu >= cpus.length) {
            cpus = Arrays.copyOf(cpus, Math.max(event.cpu + 1, 2 * cpus.length));
        }
        Runs runs = cpus[event.cpu];
        if (runs == null) {
            runs = new Runs();
            cpus[event.cpu] = runs;
        }
        if (event.tid > 0 && runs.sinceNs != Long.MIN_VALUE) {
            int at = runs.count++ & RUNS - 1;
            runs.fromNs[at] = runs.sinceNs;
            runs.toNs[at] = event.timeNs;
            runs.who[at] = name(event);
        }
        runs.sinceNs = event.timeNs;
    }

    /** Of the previous thread's process; of one that is not observed its thread's name has to do. */
    private Waker name(TraceEvent event) {
        int pid = event.thread != null ? event.thread.process().tgid() : event.tgid > 0 ? event.tgid : event.tid;
        Name known = names.get(pid);
        if (known != null && (event.tid != pid || known.comm0 == event.arg0 && known.comm1 == event.arg1)) {
            return known.waker;
        }
        if (names.size() >= NAMES) {
            names.clear();
        }
        Name name = new Name(event.arg0, event.arg1, Waker.of(new Peer(pid, Comm.text(event.arg0, event.arg1))));
        names.put(pid, name);
        return name.waker;
    }

    /** Events were lost: who ran meanwhile is not known. */
    void doubt() {
        for (Runs runs : cpus) {
            if (runs != null) {
                runs.sinceNs = Long.MIN_VALUE;
            }
        }
    }

    /** Tells who ran on {@code cpu} from {@code a} to {@code b}; the parts add up to that. */
    void passed(int cpu, long a, long b, Part part) {
        long until = b;
        Runs runs = cpu >= 0 && cpu < cpus.length ? cpus[cpu] : null;
        long known = 0;
        for (int i = 0; runs != null && i < RUNS && i < runs.count && until > a; i++) {
            int at = runs.count - 1 - i & RUNS - 1;
            long from = Math.max(a, runs.fromNs[at]);
            long to = Math.min(until, runs.toNs[at]);
            if (from < to) {
                part.passed(runs.who[at], to - from);
                known += to - from;
                until = from;
            }
        }
        if (known < b - a) {
            part.passed(null, b - a - known);
        }
    }
}
