package ktrace.facts.live;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import ktrace.event.EventType;
import ktrace.event.Fact;
import ktrace.event.FdSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.facts.StateSink;

/**
 * Tells what was there before tracing began: processes, then threads with the calls they are in, then descriptors; last the
 * descriptors of others that hold the other ends. The time of each is from before it was read: an event that changes it comes after
 * it in the stream.
 *
 * <p>Runs once, on any one thread.
 */
public final class StateDump implements AutoCloseable {
    /** fs.nr_open allows no more unless somebody raised it. */
    private static final int MAX_FD = 1 << 20;

    /** A debugger has stopped it (proc_pid_stat(5)). */
    private static final char STANDING = 't';

    private final ProcFs proc;
    private final SocketTable sockets;
    private final FdReader reader;
    private final int ownTgid;
    private final LongSupplier clockNs;
    private final TraceCounters counters;
    private volatile boolean brokenOff;

    public StateDump(int ownTgid, TraceCounters counters) {
        this("/proc", ownTgid, System::nanoTime, counters);
    }

    /** @param clockNs CLOCK_MONOTONIC, which System.nanoTime is on Linux (os_posix.cpp, javaTimeNanos) */
    StateDump(String procRoot, int ownTgid, LongSupplier clockNs, TraceCounters counters) {
        this.proc = new ProcFs(procRoot);
        this.sockets = new SocketTable(proc, ownTgid, clockNs);
        this.reader = new FdReader(proc, sockets);
        this.ownTgid = ownTgid;
        this.clockNs = clockNs;
        this.counters = counters;
    }

    /** Every process of the machine but ktrace's own. */
    public List<Integer> allProcesses() {
        List<Integer> all = proc.processes();
        return all == null ? List.of() : all.stream().filter(tgid -> tgid != ownTgid).toList();
    }

    /** Dumps the state of {@code tgids} into {@code sink}. Those that have ended are left out. */
    public void dump(Collection<Integer> tgids, StateSink sink) {
        List<Integer> living = new ArrayList<>();
        for (int tgid : tgids) {
            if (!brokenOff && process(tgid, sink)) {
                living.add(tgid);
            }
        }
        List<ThreadSnapshot> standing = new ArrayList<>();
        for (int tgid : living) {
            threads(tgid, standing, sink);
        }
        HolderScan others = new HolderScan(proc, reader);
        for (int tgid : living) {
            fds(tgid, others, sink);
        }
        for (ThreadSnapshot thread : standing) {
            threadAgain(thread, sink);
        }
        Set<Integer> dumped = new HashSet<>(living);
        long timeNs = clockNs.getAsLong();
        for (FdSnapshot snapshot : others.scan(tgid -> !brokenOff && tgid != ownTgid && !dumped.contains(tgid))) {
            sink.state(EventType.FD_STATE, timeNs, snapshot.tgid(), snapshot);
        }
    }

    /** Has {@link #dump} return soon, with whatever it has told by then. Any thread. */
    public void breakOff() {
        brokenOff = true;
    }

    /**
     * One process as it is now; also for a process that has just become another by exec, whose arguments no event carries.
     *
     * @return whether there is one
     */
    public boolean process(int tgid, StateSink sink) {
        long timeNs = clockNs.getAsLong();
        ProcStat stat = proc.stat(tgid);
        if (stat == null) {
            return false;
        }
        sink.state(EventType.PROCESS_STATE, timeNs, tgid, proc.process(tgid, stat));
        return true;
    }

    /** Whoever is waited for may be watched, and these are already. */
    public void watch(Collection<Integer> tgids, StateSink sink) {
        sink.state(EventType.FACT, clockNs.getAsLong(), 0, new Fact.OfWatch(0, true));
        tgids.forEach(tgid -> watch(tgid, is -> true, sink));
    }

    /**
     * A process that is watched for its states from now on.
     *
     * @param watch has it watched, and says whether it is
     */
    public void watch(int tgid, IntPredicate watch, StateSink sink) {
        ProcStat stat = tgid == ownTgid ? null : proc.stat(tgid);
        if (brokenOff || stat == null || stat.kernelThread() || !watch.test(tgid)) {
            sink.state(EventType.FACT, clockNs.getAsLong(), 0, new Fact.OfWatch(tgid, false));
            return;
        }
        sink.state(EventType.FACT, clockNs.getAsLong(), 0, new Fact.OfWatch(tgid, true));
        process(tgid, sink);
        threads(tgid, new ArrayList<>(), sink);
    }

    private void threads(int tgid, List<ThreadSnapshot> standing, StateSink sink) {
        List<Integer> tids = brokenOff ? null : proc.threads(tgid);
        if (tids == null) {
            return;
        }
        for (int tid : tids) {
            if (brokenOff) {
                return;
            }
            long timeNs = clockNs.getAsLong();
            ThreadSnapshot snapshot = proc.thread(tgid, tid);
            if (snapshot == null) {
                counters.increment(TraceCounter.TASKS_LOST_AT_ATTACH);
            } else {
                descriptorOf(snapshot, timeNs, sink);
                sink.state(EventType.THREAD_STATE, timeNs, tid, snapshot);
                if (snapshot.state() == STANDING) {
                    standing.add(snapshot);
                }
            }
        }
    }

    /** Where ktrace attaches by ptrace, a thread stands a moment, and what it is in is told later. */
    private void threadAgain(ThreadSnapshot stood, StateSink sink) {
        long timeNs = clockNs.getAsLong();
        ThreadSnapshot snapshot = brokenOff ? null : proc.thread(stood.tgid(), stood.tid());
        if (snapshot != null && snapshot.syscall() >= 0 && snapshot.state() != STANDING) {
            descriptorOf(snapshot, timeNs, sink);
            sink.state(EventType.THREAD_STATE, timeNs, stood.tid(), snapshot);
        }
    }

    /**
     * Of a thread that is blocked in a call, what its first argument is if that is a descriptor, as in most calls that block: why it
     * waits is decided when its state is told, and all descriptors together are told too late for that.
     */
    private void descriptorOf(ThreadSnapshot thread, long timeNs, StateSink sink) {
        if (thread.syscall() < 0 || thread.args().length == 0 || thread.args()[0] < 0 || thread.args()[0] > MAX_FD) {
            return;
        }
        FdSnapshot snapshot = reader.read(thread.tgid(), (int) thread.args()[0]);
        if (snapshot != null) {
            sink.state(EventType.FD_STATE, timeNs, thread.tgid(), snapshot);
        }
    }

    private void fds(int tgid, HolderScan others, StateSink sink) {
        List<Integer> fds = brokenOff ? List.of() : proc.fds(tgid);
        if (fds == null) {
            if (proc.stat(tgid) != null) {
                counters.increment(TraceCounter.UNREADABLE_PROCESS);
            }
            return;
        }
        for (int fd : fds) {
            if (brokenOff) {
                return;
            }
            long timeNs = clockNs.getAsLong();
            FdSnapshot snapshot = reader.read(tgid, fd);
            if (snapshot != null) {
                sink.state(EventType.FD_STATE, timeNs, tgid, snapshot);
                others.wantOtherEnd(snapshot);
            }
        }
    }

    @Override
    public void close() {
        sockets.close();
    }
}
