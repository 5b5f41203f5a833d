package ktrace.analysis.waits;

import ktrace.analysis.graph.Edge;
import ktrace.analysis.graph.Node;
import ktrace.analysis.lengths.Durations;
import ktrace.event.Evidence;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ProcessId;
import ktrace.event.Waker;

/** What one process waited for another through things of one kind. One thread. */
final class EdgeRow {
    /** That of nobody. */
    static final EdgeRow NONE = gone();

    final ProcessId from;
    final int toPid;
    final ObjectKind kind;
    /** Rows are made in this order. */
    final int sequence;
    private final Durations waits = new Durations();
    private long sureNs;
    private long idleNs;
    private long bytes = Edge.UNKNOWN_BYTES;
    private Waker waker;
    private boolean gone;

    EdgeRow(ProcessId from, int toPid, ObjectKind kind, int sequence) {
        this.from = from;
        this.toPid = toPid;
        this.kind = kind;
        this.sequence = sequence;
    }

    private static EdgeRow gone() {
        EdgeRow none = new EdgeRow(null, -1, null, -1);
        none.gone = true;
        return none;
    }

    boolean is(ProcessId process, int pid, ObjectKind k) {
        return from == process && toPid == pid && kind == k && !gone;
    }

    /** It is counted with others now, and takes nothing more. */
    void leave() {
        gone = true;
    }

    boolean isGone() {
        return gone;
    }

    void add(long lengthNs, long idle, boolean sure, Waker by) {
        waits.record(lengthNs);
        idleNs += idle;
        if (sure) {
            sureNs += lengthNs;
        }
        if (waker != by) {
            waker = by;
        }
    }

    void moved(long moreBytes) {
        bytes = Math.max(0, bytes) + moreBytes;
    }

    long count() {
        return waits.count();
    }

    long totalNs() {
        return waits.totalNs();
    }

    /** In which somebody was to do something. */
    long awaitedNs() {
        return totalNs() - idleNs;
    }

    String toComm() {
        return waker.comm();
    }

    /** Of one that has waits. */
    Edge edge(String fromComm) {
        Peer to = waker.process();
        long toStartNs = waker.thread() == null ? Node.UNOBSERVED : waker.thread().process().startNs();
        return new Edge(new Node(from.tgid(), from.startNs(), fromComm), new Node(to.pid(), toStartNs, to.comm()), kind, count(), totalNs(),
                waits.sums().percentileNs(99), bytes, 2 * sureNs >= totalNs() ? Evidence.OBJECT : Evidence.WAKER, sureNs, idleNs, 0);
    }
}
