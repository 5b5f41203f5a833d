package ktrace.intervals;

import java.util.List;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;

/** What an event that ends a wait says of it. Used again for the next; one thread writes, no allocation. */
class Waking {
    Waker waker;
    Evidence evidence = Evidence.NONE;
    /** Null: what the wait itself says. */
    KernelObject object;
    /** None: those that the wait has. */
    List<Peer> peers = List.of();
    boolean objectToBeConfirmed;
    /** What the wait turned out to have been for, or null. */
    ObjectKind waitsFor;

    Waking of(TraceEvent event) {
        evidence = event.evidence == null ? Evidence.NONE : event.evidence;
        waker = evidence == Evidence.NONE ? null : event.waker;
        object = event.object;
        peers = event.peers == null ? List.of() : event.peers;
        objectToBeConfirmed = event.objectToBeConfirmed;
        waitsFor = event.waitsFor;
        return this;
    }
}
