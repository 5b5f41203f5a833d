package ktrace.analysis.explain;

import java.util.Arrays;
import ktrace.analysis.Verdict;
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
    /** Nobody ran: the machine that this one is a guest of had other things to do. */
    static final Waker HYPERVISOR = Waker.of(Verdict.HYPERVISOR);
    private static final int CPU_LIMIT = 1 << 16;
    /** Beyond that names are looked for anew: processes come and go. */
    private static final int NAMES = 4096;
    private static final int NEAR = 256;

    private record Name(int pid, long comm0, long comm1, Waker waker) {
        boolean isThat(int ofPid, TraceEvent event) {
            return pid == ofPid && (event.tid != pid || comm0 == event.arg0 && comm1 == event.arg1);
        }
    }

    private static final class Run {
        private long fromNs;
        private long toNs;
        private Waker who;
    }

    private static final class Runs {
        private final Run[] runs = new Run[RUNS];
        /** The one that comes next; all after it are older than those before it. */
        private int next;
        private long sinceNs = Long.MIN_VALUE;
        /** Who runs since then. */
        private int tid;

        private Runs() {
            Arrays.setAll(runs, i -> new Run());
        }

        private void over(long atNs, Waker who) {
            Run run = runs[next];
            next = next + 1 & RUNS - 1;
            run.fromNs = sinceNs;
            run.toNs = atNs;
            if (run.who != who) {
                run.who = who;
            }
        }
    }

    private final Int2ObjectHashMap<Name> names = new Int2ObjectHashMap<>();
    /** Those asked for last, each at a place that its number gives. */
    private final Name[] near = new Name[NEAR];
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
        // Where another one was at work last than came to run, not all switches are told, and how long who ran is not known.
        if (event.tid > 0 && event.tid == runs.tid && runs.sinceNs != Long.MIN_VALUE) {
            runs.over(event.timeNs, name(event));
        }
        runs.sinceNs = event.timeNs;
        runs.tid = event.otherTid;
    }

    /** Of the previous thread's process; of one that is not observed its thread's name has to do. */
    private Waker name(TraceEvent event) {
        int pid = event.thread != null ? event.thread.process().tgid() : event.tgid > 0 ? event.tgid : event.tid;
        int place = pid & NEAR - 1;
        Name name = near[place];
        if (name == null || !name.isThat(pid, event)) {
            name = known(pid, event);
            near[place] = name;
        }
        return name.waker;
    }

    private Name known(int pid, TraceEvent event) {
        Name known = names.get(pid);
        if (known != null && known.isThat(pid, event)) {
            return known;
        }
        if (names.size() >= NAMES) {
            names.clear();
        }
        Name name = new Name(pid, event.arg0, event.arg1, Waker.of(new Peer(pid, Comm.text(event.arg0, event.arg1))));
        names.put(pid, name);
        return name;
    }

    /** Events were lost: who ran meanwhile is not known. */
    void doubt() {
        for (Runs runs : cpus) {
            if (runs != null) {
                runs.sinceNs = Long.MIN_VALUE;
            }
        }
    }

    /** {@code thread} stood in the queue of {@code cpu} from {@code a} to {@code b}: tells whom it stood there for. */
    void queued(Account account, Account.OfThread thread, int cpu, long a, long b) {
        long until = b;
        Runs runs = cpu >= 0 && cpu < cpus.length ? cpus[cpu] : null;
        long known = 0;
        for (int i = 1; runs != null && i <= RUNS && until > a; i++) {
            Run run = runs.runs[runs.next - i & RUNS - 1];
            if (run.toNs <= a) {
                break;
            }
            long from = Math.max(a, run.fromNs);
            long to = Math.min(until, run.toNs);
            if (from < to) {
                account.queued(thread, run.who, to - from);
                known += to - from;
                until = from;
            }
        }
        if (known < b - a) {
            account.queued(thread, null, b - a - known);
        }
    }
}
