package ktrace.system.family;

import java.util.List;
import ktrace.event.Evidence.Interrupt;
import ktrace.event.Fact;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.facts.Question;
import ktrace.system.Family;
import ktrace.system.objects.Holding;
import ktrace.system.Machine;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.ToldWait;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;
import ktrace.system.ToldWait.Words;
import ktrace.system.WakeUp;

/**
 * poll(2) and select(2): whichever of several is ready first. The set lies in the waiter's memory: it is read in the kernel as the
 * thread is switched out, or else while a long wait lasts. Where it is not known, what ended the wait is guessed to be an object
 * that the waiter holds and the waker is at work on, and its next call on a descriptor confirms that or takes it back.
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
    public void learned(Machine machine, Fact fact) {
        if (fact instanceof Fact.Polled polled) {
            machine.polls(polled);
        }
    }

    @Override
    public Words words(ToldWait wait) {
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
    static Words inSet(ToldWait wait) {
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
        public void askAsWoken(Machine machine, ThreadEntry woken, ThreadEntry waker, long nowNs) {
            PollMembers.askNow(machine, woken.process, waker, nowNs);
        }

        @Override
        public void settle(Machine machine, ThreadEntry thread, long nowNs) {
            Fact.Polled set = thread.polled;
            if (set == null || !set.isAll()) {
                PollMembers.name(machine, thread.process, nowNs);
                return;
            }
            for (int i = 0; i < set.fds().size(); i++) {
                machine.named(thread.process, set.fds().get(i), nowNs);
            }
        }

        /** Only as it blocks: whoever is woken has its set no more. */
        @Override
        public void askInterruptible(Machine machine, ThreadEntry thread, long nowNs) {
            if (thread.polled == null && (int) thread.args[members] != 0) {
                machine.askPolled(thread, members == 0, nowNs);
            }
        }

        /** Who has polled since before the trace was not seen to block. */
        @Override
        public Question asksHolder(ThreadEntry thread, long sinceNs) {
            return thread.polled != null || thread.process.statesOnly() || (int) thread.args[members] == 0 ? null
                    : new Question.OfPolled(thread.tid, thread.process.tgid, sinceNs, thread.number(), members == 0, thread.args[0],
                            thread.args[1], thread.args[2], thread.args[3]);
        }

        /** Of a set of one it is known who will end the wait. */
        @Override
        public List<Peer> peersInWait(Machine machine, ThreadEntry thread) {
            TrackedObject only = onlyAwaited(thread);
            if (only == null) {
                return List.of();
            }
            Holding holding = only.base().holdingOf(thread.process.fds);
            return machine.peers(only, thread.process, holding != null && holding.readers == 0 ? Way.WRITE : Way.READ);
        }

        @Override
        public TrackedObject onlyAwaited(ThreadEntry thread) {
            return thread.polled != null && thread.polled.fds().size() == 1 && isKnown(thread) ? member(thread, 0) : null;
        }

        /** There is nothing to wait for when the set is empty, and then it sleeps. */
        @Override
        public ObjectKind waitsFor(ThreadEntry thread) {
            return (int) thread.args[members] == 0 ? ObjectKind.SLEEP : ObjectKind.POLL;
        }

        @Override
        public Words words(ToldWait wait) {
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
            if (isEmpty || !wakeUp.isInInterrupt() && wakeUp.waker() != null) {
                return null;
            }
            TrackedObject only = wakeUp.isInInterrupt() ? onlyOneThatMay(wakeUp) : null;
            return only == null ? wakeUp.endedByOneOf() : wakeUp.endedIfReady(only);
        }

        /** Null when that is not known, or are several. */
        private static TrackedObject onlyOneThatMay(WakeUp wakeUp) {
            Fact.Polled set = wakeUp.waiter().polled;
            if (!isKnown(wakeUp.waiter())) {
                return null;
            }
            for (int i = 0; i < set.fds().size(); i++) {
                TrackedObject member = member(wakeUp.waiter(), i);
                if (member.kind() == ObjectKind.POLL) {
                    return null;
                }
                wakeUp.considerInInterrupt(member);
            }
            return wakeUp.onlyCandidate();
        }

        /** Whether all of its members are known, each as what it is. */
        private static boolean isKnown(ThreadEntry waiter) {
            Fact.Polled set = waiter.polled;
            if (set == null || !set.isAll()) {
                return false;
            }
            for (int i = 0; i < set.fds().size(); i++) {
                if (member(waiter, i) == null) {
                    return false;
                }
            }
            return true;
        }

        /** Null when that is not known. */
        private static TrackedObject member(ThreadEntry waiter, int index) {
            TrackedObject member = waiter.process.fds.get(waiter.polled.fds().get(index));
            return member == null || member.isStandIn() ? null : member.canonical();
        }

        private static boolean isHeld(WakeUp wakeUp, TrackedObject workedOn) {
            if (workedOn == null || workedOn.isStandIn()) {
                return false;
            }
            ThreadEntry waiter = wakeUp.waiter();
            TrackedObject object = workedOn.base();
            TrackedObject end = object.otherEnd() == null ? object : object.otherEnd();
            Holding holding = end.holdingOf(waiter.process.fds);
            if (holding == null || !wakeUp.canBeAwaited(end, holding)) {
                return false;
            }
            return isMember(waiter, end) ? wakeUp.endedBy(end) : !isKnown(waiter) && wakeUp.endedByGuess(end);
        }

        private static boolean isMember(ThreadEntry waiter, TrackedObject end) {
            int count = waiter.polled == null ? 0 : waiter.polled.fds().size();
            for (int i = 0; i < count; i++) {
                TrackedObject member = member(waiter, i);
                if (member != null && member.base() == end) {
                    return true;
                }
            }
            return false;
        }

        private static boolean reachesWhatIsHeld(WakeUp wakeUp) {
            ThreadEntry waiter = wakeUp.waiter();
            boolean isKnown = isKnown(waiter);
            int most = isKnown ? waiter.polled.fds().size() : waiter.process.fds.limit();
            for (int i = 0; i < most; i++) {
                TrackedObject object = isKnown ? member(waiter, i) : waiter.process.fds.get(i);
                if (object != null && object.kind().ipc() && !object.isStandIn() && wakeUp.isSurely(object)) {
                    return ended(wakeUp, object, isKnown);
                }
            }
            TrackedObject candidate = wakeUp.onlyCandidate();
            return candidate != null && ended(wakeUp, candidate, isKnown);
        }

        private static boolean ended(WakeUp wakeUp, TrackedObject object, boolean isSure) {
            return isSure ? wakeUp.endedBy(object) : wakeUp.endedByGuess(object);
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
