package ktrace.intervals;

import java.util.List;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;

/** The blocked interval that one thread is in; what it says holds while the thread is blocked. One thread writes, no allocation. */
final class BlockedWait {
    private static final KernelObject PAGE_FAULT = new KernelObject(ObjectKind.OTHER, "(page fault)", 0);

    long startNs;
    ObjectKind kind = ObjectKind.OTHER;
    KernelObject object;
    int syscall = Interval.NO_SYSCALL;
    List<Peer> peers = List.of();

    /** @return the state that the thread is in from {@code startNs} on */
    ThreadState begin(BlockReason reasons, CallInFlight call, long prevState, long beginNs) {
        startNs = beginNs;
        kind = reasons.kind(call, prevState);
        ThreadState state = reasons.state(call, prevState, kind);
        boolean inside = call.inside();
        syscall = inside ? call.number : Interval.NO_SYSCALL;
        // A stopped thread, or one that waits for memory in a call on a pipe, does not wait for what the call works on.
        boolean forObject = inside && (kind != ObjectKind.OTHER || call.object == null || call.object.kind() == ObjectKind.OTHER);
        object = state == ThreadState.PAGEFAULT ? PAGE_FAULT : forObject ? call.object : null;
        peers = forObject ? call.peers : List.of();
        return state;
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
    }
}
