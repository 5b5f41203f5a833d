package ktrace.system.family;

import java.util.List;
import ktrace.event.Peer;
import ktrace.event.TraceEvent;
import ktrace.system.Machine;
import ktrace.system.ProcessEntry;
import ktrace.system.ThreadEntry;
import ktrace.system.WakeUp;
import ktrace.system.call.OnDescriptor;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;

/**
 * From one descriptor to another: waits until there is something in the first, or room in the second; no event tells which. Where
 * one of them is just a file it is the other. Else it is the one that the waker was at work on, and until somebody was, neither.
 *
 * <pre>
 *   splice(A → B)  ├──── A or B ────┤              splice(A → B)  ├──── A or B ────┤
 *   write(A)                 ├──────┼─┤  A         read(B)                 ├───────┼─┤  B
 * </pre>
 */
final class Transfer extends OnDescriptor {
    private final int to;

    /** @param to which argument is the descriptor that data goes to */
    Transfer(int from, int to) {
        super(from, Way.READ);
        this.to = to;
    }

    @Override
    public void askBefore(Machine machine, ProcessEntry process, TraceEvent enter) {
        super.askBefore(machine, process, enter);
        int fd = (int) (to == 0 ? enter.arg0 : to == 1 ? enter.arg1 : enter.arg2);
        machine.askNow(process, fd, process.fds.get(fd), enter.timeNs);
    }

    @Override
    public void enter(Machine machine, ThreadEntry thread, long nowNs) {
        super.enter(machine, thread, nowNs);
        thread.secondObject = machine.used(thread.process, (int) thread.args[to], nowNs);
        machine.uses(thread, thread.secondObject, Way.WRITE, nowNs);
    }

    @Override
    public void ask(Machine machine, ThreadEntry thread, long nowNs) {
        super.ask(machine, thread, nowNs);
        machine.askNow(thread.process, (int) thread.args[to], thread.secondObject, nowNs);
    }

    @Override
    public void settle(Machine machine, ThreadEntry thread, long nowNs) {
        super.settle(machine, thread, nowNs);
        if (thread.secondObject != null) {
            thread.secondObject = machine.settled(thread.process, (int) thread.args[to], thread.secondObject, nowNs);
        }
        if (mayBlock(thread.object) && mayBlock(thread.secondObject)) {
            thread.isEither = true;
            thread.standsFor = thread.object.kind() == thread.secondObject.kind() ? thread.object.kind().unnamed() : Polls.ANY;
        }
    }

    private static boolean mayBlock(TrackedObject object) {
        return object != null && object.kind().ipc();
    }

    @Override
    public List<Peer> peers(Machine machine, ThreadEntry thread, TrackedObject object) {
        if (object == null) {
            return List.of();
        }
        boolean isTarget = thread.secondObject != null && object == thread.secondObject.canonical();
        return machine.peers(object, thread.process, isTarget ? Way.WRITE : Way.READ);
    }

    /** A waker that is at work on both, as one that sends data round in a circle, tells nothing. */
    @Override
    public boolean confirms(WakeUp wakeUp) {
        TrackedObject from = candidate(wakeUp.waiter().object);
        TrackedObject target = candidate(wakeUp.waiter().secondObject);
        boolean touchesFrom = from != null && wakeUp.touches(from);
        boolean touchesTarget = target != null && wakeUp.touches(target);
        if (!touchesFrom && !touchesTarget) {
            touchesFrom = wakeUp.isAbout(from);
            touchesTarget = wakeUp.isAbout(target);
        }
        return touchesFrom != touchesTarget && wakeUp.endedBy(touchesFrom ? from : target);
    }

    private static TrackedObject candidate(TrackedObject object) {
        return mayBlock(object) && !object.isStandIn() ? object.canonical() : null;
    }

    /** What arrives in an interrupt arrives in that one of the two that hears of the network. */
    @Override
    public TrackedObject unconfirmed(WakeUp wakeUp) {
        if (!wakeUp.isInInterrupt()) {
            return null;
        }
        TrackedObject from = candidate(wakeUp.waiter().object);
        TrackedObject target = candidate(wakeUp.waiter().secondObject);
        boolean isFrom = from != null && wakeUp.mayEndInInterrupt(from);
        boolean isTarget = target != null && wakeUp.mayEndInInterrupt(target);
        return isFrom == isTarget ? null : isFrom ? from : target;
    }

    @Override
    public boolean isAwaiting(ThreadEntry thread) {
        return candidate(thread.object) != null || candidate(thread.secondObject) != null;
    }

    @Override
    public boolean letsOn(WakeUp wakeUp) {
        TrackedObject from = candidate(wakeUp.waiter().object);
        TrackedObject target = candidate(wakeUp.waiter().secondObject);
        boolean fills = from != null && letsOn(wakeUp, from, Way.READ);
        boolean empties = target != null && letsOn(wakeUp, target, Way.WRITE);
        return fills != empties && wakeUp.endedBy(fills ? from : target);
    }
}
