package ktrace.intervals;

import java.util.List;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.TraceEvent.Expects;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;

/** The blocked interval that one thread is in; what it says holds while the thread is blocked. One thread writes, no allocation. */
final class BlockedWait {
    long startNs;
    ObjectKind kind = ObjectKind.OTHER;
    KernelObject object;
    int syscall = Interval.NO_SYSCALL;
    List<Peer> peers = List.of();
    Expects expects = Expects.UNKNOWN;
    /** Who held what is waited for, at {@link #heldNs}, as far as that was asked; null when that is nobody known. */
    Waker holder;
    boolean isSoleHolder;
    long heldNs;

    /**
     * Begins as the stamps of {@code event} have it.
     *
     * @return the state that the thread is in from {@code beginNs} on
     */
    ThreadState begin(TraceEvent event, long beginNs) {
        startNs = beginNs;
        kind = event.waitsFor == null ? ObjectKind.OTHER : event.waitsFor;
        syscall = event.call;
        // A stopped thread, or one that waits for memory in a call on a pipe, does not wait for what the call works on.
        boolean forObject = kind != ObjectKind.OTHER || event.object == null || event.object.kind() == ObjectKind.OTHER;
        object = forObject ? event.object : null;
        peers = forObject ? event.peers : List.of();
        expects = event.expects;
        holder = null;
        return state();
    }

    /** The kernel said who holds it. */
    void heldBy(TraceEvent fact) {
        holder = fact.waker;
        isSoleHolder = fact.evidence == Evidence.OBJECT;
        heldNs = fact.timeNs;
        peers = fact.peers;
        expects = fact.expects;
    }

    /** The state that goes with what is waited for. */
    ThreadState state() {
        return object == TraceEvent.PAGE_FAULT ? ThreadState.PAGEFAULT : ThreadState.waitingFor(kind);
    }

    /** It was for something else than it had seemed. */
    void turnsOut(ObjectKind other, KernelObject exact) {
        kind = other;
        object = exact;
        expects = Expects.UNKNOWN;
    }

    /** Something more exact is known of what ended it. The kind may become another one of the same reason. */
    void endedBy(KernelObject exact) {
        if (ThreadState.waitingFor(exact.kind()) == ThreadState.waitingFor(kind)) {
            kind = exact.kind();
        }
        object = exact;
    }

    void copy(BlockedWait from) {
        startNs = from.startNs;
        kind = from.kind;
        object = from.object;
        syscall = from.syscall;
        peers = from.peers;
        expects = from.expects;
        holder = from.holder;
        isSoleHolder = from.isSoleHolder;
        heldNs = from.heldNs;
    }
}
