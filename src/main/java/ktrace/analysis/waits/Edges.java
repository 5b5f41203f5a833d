package ktrace.analysis.waits;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ktrace.analysis.graph.Edge;
import ktrace.analysis.graph.Graph;
import ktrace.analysis.lengths.Durations;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ProcessId;
import ktrace.event.ThreadId;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.intervals.Interval;
import ktrace.intervals.ThreadState;
import ktrace.linux.SyscallTable;

/**
 * Which process waited for which, by kind of what was waited for, and how much they told each other. Edges from and to processes
 * that come and go may be any number: beyond {@value #LIMIT} the half that has least time, idleness left out, is counted in one sum. Which those are depends
 * on the events alone. One thread; allocates for a new edge, and what {@link Durations} does.
 */
public final class Edges {
    static final int LIMIT = 2048;
    private static final int SHARED = 4;

    /** What is said of something that both ends have: calls that return how many bytes they moved. */
    private static final List<String> TRANSFERS = List.of("read", "write", "pread64", "pwrite64", "readv", "writev", "preadv",
            "pwritev", "preadv2", "pwritev2", "sendto", "recvfrom", "sendmsg", "recvmsg", "send", "recv", "msgrcv", "mq_timedreceive",
            "mq_timedreceive_time64");

    private static final Comparator<EdgeRow> LEAST_FIRST = Comparator.comparingLong(EdgeRow::awaitedNs)
            .thenComparingLong(EdgeRow::totalNs).thenComparingInt(row -> row.sequence);

    /** What is kept of one thread. */
    public static final class OfThread {
        /** Of its last wait. */
        private EdgeRow row = EdgeRow.NONE;
        /** The last things of which it is known who has the other end, and who that is. */
        private final KernelObject[] objects = new KernelObject[SHARED];
        private final EdgeRow[] others = new EdgeRow[SHARED];
        private int shared;
        /** Of these, the one found last. */
        private int last;
        /** The call that moves bytes now, or {@link Interval#NO_SYSCALL}. */
        private int call = Interval.NO_SYSCALL;
        private EdgeRow moving = EdgeRow.NONE;

        private void shares(KernelObject object, EdgeRow other) {
            if (!has(object)) {
                last = shared++ % SHARED;
                objects[last] = object;
            }
            if (others[last] != other) {
                others[last] = other;
            }
        }

        private boolean has(KernelObject object) {
            for (int i = 0; i < SHARED; i++) {
                int place = last + i & SHARED - 1;
                if (objects[place] == object) {
                    last = place;
                    return true;
                }
            }
            return false;
        }

        /** Null when it is not known who has the other end. */
        private EdgeRow other(KernelObject object) {
            return !has(object) || others[last].isGone() ? null : others[last];
        }
    }

    private final BitSet transfers = new BitSet();
    private EdgeRow[] table = new EdgeRow[64];
    private int size;
    private int made;
    private long leftOut;
    private long leftOutCount;
    private long leftOutNs;

    /** @param syscalls what the numbers in the events stand for */
    public Edges(SyscallTable syscalls) {
        TRANSFERS.forEach(name -> syscalls.find(name).ifPresent(transfers::set));
    }

    /**
     * An interval of {@code waiter} is over.
     *
     * @param idleNs of its time, that in which nobody had anything to do for the waiter
     */
    public void add(OfThread waiter, Interval wait, long idleNs) {
        Waker waker = wait.waker();
        boolean forSomebody = wait.state() == ThreadState.IPC || wait.state() == ThreadState.OTHER;
        if (!forSomebody || waker == null || waker.pid() <= 0 || wait.provisional()) {
            return;
        }
        EdgeRow row = waiter.row;
        ProcessId from = wait.thread().process();
        if (!row.is(from, waker.pid(), wait.kind())) {
            row = row(from, waker.pid(), wait.kind());
            waiter.row = row;
        }
        boolean sure = wait.evidence() == Evidence.OBJECT;
        row.add(wait.lengthNs(), idleNs, sure, waker);
        if (sure && wait.object() != null) {
            waiter.shares(wait.object(), row);
            if (wait.syscall() != Interval.NO_SYSCALL && transfers.get(wait.syscall())) {
                waiter.call = wait.syscall();
                waiter.moving = row;
            }
        }
    }

    /** Whether an event of type SYS_ENTER is to be told to {@link #enters}. */
    public boolean isTransfer(TraceEvent event) {
        return event.object != null && transfers.get(event.call & Integer.MAX_VALUE);
    }

    /** {@code caller} begins to move bytes; after the intervals that end with it. */
    public void enters(OfThread caller, ThreadId thread, TraceEvent event) {
        EdgeRow other = caller.other(event.object);
        if (other == null) {
            List<Peer> peers = event.peers;
            if (peers.size() != 1 || !event.object.kind().ipc()) {
                caller.call = Interval.NO_SYSCALL;
                return;
            }
            other = row(thread.process(), peers.getFirst().pid(), event.object.kind());
            caller.shares(event.object, other);
        }
        caller.moving = other;
        caller.call = event.call;
    }

    /** A call of {@code caller} returned. */
    public void returned(OfThread caller, int call, long result) {
        if (caller.call == call && call != Interval.NO_SYSCALL) {
            caller.call = Interval.NO_SYSCALL;
            caller.moving.moved(Math.max(0, result));
        }
    }

    /** What has come of it until now. The names are those that wakers had. */
    public Graph graph() {
        List<EdgeRow> rows = rows().filter(row -> row.totalNs() > 0).sorted(LEAST_FIRST.reversed()).toList();
        Map<Integer, String> comms = new HashMap<>();
        rows.forEach(row -> comms.put(row.toPid, row.toComm()));
        List<Edge> edges = rows.stream().map(row -> row.edge(comms.getOrDefault(row.from.tgid(), ""))).toList();
        return Graph.of(edges, new Graph.LeftOut(leftOut, leftOutCount, leftOutNs));
    }

    private EdgeRow row(ProcessId from, int toPid, ObjectKind kind) {
        int mask = table.length - 1;
        int i = hash(from, toPid, kind) & mask;
        for (; table[i] != null; i = i + 1 & mask) {
            if (table[i].is(from, toPid, kind)) {
                return table[i];
            }
        }
        if (size >= LIMIT) {
            leaveOut();
        }
        EdgeRow row = new EdgeRow(from, toPid, kind, made++);
        put(row);
        return row;
    }

    private static int hash(ProcessId from, int toPid, ObjectKind kind) {
        int h = ((from.index() * 31 + toPid) * 31 + kind.label().hashCode()) * 0x9E3779B9;
        return h ^ h >>> 15;
    }

    private void put(EdgeRow row) {
        if (2 * (size + 1) > table.length) {
            rebuild(rows().toList(), 2 * table.length);
        }
        int mask = table.length - 1;
        int i = hash(row.from, row.toPid, row.kind) & mask;
        while (table[i] != null) {
            i = i + 1 & mask;
        }
        table[i] = row;
        size++;
    }

    private void rebuild(List<EdgeRow> rows, int length) {
        table = new EdgeRow[length];
        size = 0;
        rows.forEach(this::put);
    }

    private Stream<EdgeRow> rows() {
        return Stream.of(table).filter(row -> row != null);
    }

    private void leaveOut() {
        List<EdgeRow> all = new ArrayList<>(rows().sorted(LEAST_FIRST).toList());
        List<EdgeRow> leaving = all.subList(0, all.size() / 2);
        for (EdgeRow row : leaving) {
            row.leave();
            leftOut += row.count() > 0 ? 1 : 0;
            leftOutCount += row.count();
            leftOutNs += row.totalNs();
        }
        leaving.clear();
        rebuild(all, table.length);
    }
}
