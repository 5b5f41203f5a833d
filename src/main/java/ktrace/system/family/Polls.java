package ktrace.system.family;

import java.util.List;
import ktrace.event.Evidence.Interrupt;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.system.Family;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.Holding;
import ktrace.system.Machine;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.ToldWait;
import ktrace.system.objects.TrackedObject;
import ktrace.system.WaitWords;
import ktrace.system.WakeUp;

/**
 * poll(2) and select(2): whichever of several is ready first. The set lies in the waiter's memory, which perf does not show: what
 * ended the wait is guessed to be an object that the waiter holds and the waker is at work on, and its next call on a descriptor
 * confirms that or takes it back.
 */
final class Polls implements Family {
    /** Stands for what a thread polls for. */
    static final KernelObject ANY = new KernelObject(ObjectKind.POLL, "poll", 0);

    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.POLL);
    }

    @Override
    public void calls(Calls calls) {
        calls.add("poll ppoll", new Poll(1));
        calls.add("select pselect6 _newselect", new Poll(0));
    }

    @Override
    public WaitWords words(ToldWait wait) {
        return wait.named("for", "");
    }

    @Override
    public String one(ObjectKind kind) {
        return "something";
    }

    @Override
    public String many(ObjectKind kind) {
        return "sets";
    }

    /** A wait in a call for one of many: for what it turned out to be, if that is known. Of an empty set it was a sleep. */
    static WaitWords inSet(ToldWait wait) {
        if (wait.kind() == ObjectKind.SLEEP) {
            return null;
        }
        String in = "in " + wait.callName();
        if (wait.kind() != ObjectKind.POLL) {
            return wait.named(in + " for", "");
        }
        return wait.isNamed() ? wait.named(in + " on", "") : wait.words(in);
    }

    /** What an interrupt came of, by the number of what is ready: what that is tells the rest. */
    static Interrupt whenReady(long result) {
        return result == 0 ? Interrupt.TIMED_OUT : null;
    }

    private static final class Poll extends SystemCall {
        private final int members;

        /** @param members which argument is the number of descriptors */
        Poll(int members) {
            this.members = members;
        }

        @Override
        public void enter(Machine machine, ThreadEntry thread, long nowNs) {
            thread.standsFor = ANY;
        }

        @Override
        public void settle(Machine machine, ThreadEntry thread, long nowNs) {
            machine.nameMembers(thread.process, nowNs);
        }

        /** There is nothing to wait for when the set is empty, and then it sleeps. */
        @Override
        public ObjectKind waitsFor(ThreadEntry thread) {
            return (int) thread.args[members] == 0 ? ObjectKind.SLEEP : ObjectKind.POLL;
        }

        @Override
        public WaitWords words(ToldWait wait) {
            return inSet(wait);
        }

        @Override
        public boolean confirms(WakeUp wakeUp) {
            ThreadEntry waker = wakeUp.waker();
            return isHeld(wakeUp, waker.object) || isHeld(wakeUp, waker.secondObject) || isHeld(wakeUp, waker.released)
                    || wakeUp.endsOtherWaits() && reachesWhatIsHeld(wakeUp);
        }

        /** Where the waker is known it was seen not to be at work on anything that is polled. */
        @Override
        public TrackedObject unconfirmed(WakeUp wakeUp) {
            boolean isEmpty = (int) wakeUp.waiter().args[members] == 0;
            return !isEmpty && (wakeUp.isInInterrupt() || wakeUp.waker() == null) ? wakeUp.endedByOneOf() : null;
        }

        private static boolean isHeld(WakeUp wakeUp, TrackedObject workedOn) {
            if (workedOn == null || workedOn.isStandIn()) {
                return false;
            }
            TrackedObject object = workedOn.base();
            TrackedObject end = object.otherEnd() == null ? object : object.otherEnd();
            Holding holding = end.holdingOf(wakeUp.waiter().process.fds);
            return holding != null && wakeUp.canBeAwaited(end, holding) && wakeUp.endedByGuess(end);
        }

        private static boolean reachesWhatIsHeld(WakeUp wakeUp) {
            FdTable fds = wakeUp.waiter().process.fds;
            for (int fd = 0; fd < fds.limit(); fd++) {
                TrackedObject object = fds.get(fd);
                if (object != null && object.kind().ipc() && !object.isStandIn() && wakeUp.isSurely(object)) {
                    return wakeUp.endedByGuess(object);
                }
            }
            TrackedObject candidate = wakeUp.onlyCandidate();
            return candidate != null && wakeUp.endedByGuess(candidate);
        }

        /** Of nothing to be ready it was a sleep. */
        @Override
        public Interrupt interruptedBy(ThreadEntry thread, long result) {
            return result == 0 && (int) thread.args[members] == 0 ? Interrupt.TIMER : whenReady(result);
        }

        @Override
        public boolean isAwaiting(ThreadEntry thread) {
            return true;
        }

        @Override
        public boolean letsOn(WakeUp wakeUp) {
            return endsSets(wakeUp) && confirms(wakeUp);
        }

        @Override
        public boolean wasLetOn(Machine machine, ThreadEntry thread, long result) {
            return thread.letOnBy != null && result > 0;
        }
    }

    /** Where no scheduler is seen: whether what the other does makes something ready, for all that is known of it. */
    static boolean endsSets(WakeUp wakeUp) {
        return !wakeUp.isReturning() && (wakeUp.waker().ends() || wakeUp.waker().call().sends());
    }
}
