package ktrace.analysis.graph;

import ktrace.event.Evidence;
import ktrace.event.ObjectKind;

/**
 * All waits of one process for things of one kind that one process ended, since the begin of the trace. A process whose threads wait
 * for each other has an edge to itself.
 *
 * @param from who waited
 * @param to who ended the waits
 * @param bytes how much {@code from} read and wrote in such things by calls of which it is known that {@code to} is at the other end;
 *     {@link #UNKNOWN_BYTES} when no such call was seen
 * @param evidence of most of the time
 * @param sureNs as far as the object proves who ended it
 * @param idleNs of the time, that in which nobody had anything to do for {@code from}
 * @param cycle the processes of which each waited, over others, for each other one have a number in common; 0 of no such edge
 */
public record Edge(Node from, Node to, ObjectKind kind, long count, long totalNs, long p99Ns, long bytes, Evidence evidence, long sureNs,
        long idleNs, int cycle) {
    public static final long UNKNOWN_BYTES = -1;

    /** In which somebody was to do something. */
    public long awaitedNs() {
        return totalNs - idleNs;
    }

    /** Most of it is nothing that could have been quicker. */
    public boolean isIdle() {
        return 2 * idleNs > totalNs;
    }

    public boolean isWithinProcess() {
        return from.pid() == to.pid();
    }

    public boolean isInCycle() {
        return cycle > 0;
    }

    Edge idle() {
        return new Edge(from, to, kind, count, totalNs, p99Ns, bytes, evidence, sureNs, totalNs, cycle);
    }

    Edge named(Node waiter, Node waker) {
        return new Edge(waiter, waker, kind, count, totalNs, p99Ns, bytes, evidence, sureNs, idleNs, cycle);
    }

    Edge inCycle(int number) {
        return number == cycle ? this : new Edge(from, to, kind, count, totalNs, p99Ns, bytes, evidence, sureNs, idleNs, number);
    }
}
