package ktrace.system;

import java.util.List;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;

/**
 * What ended a wait for one of several things, which only the next call of the woken tells; and who has sent what came in an
 * interrupt. Tracker's thread; allocates for a sender from outside that is new.
 *
 * <pre>
 *   epoll_wait ├── waits for 4, 5, 6 ──┤ woken in a softirq, while W runs     read(5)
 *                                      └ by one of several, perhaps from W    └ it was 5; by W, if W holds the other end of 5
 * </pre>
 */
final class Guesses {
    /** Stands for what ended a wait for one of several things. */
    private static final KernelObject ONE_OF = ObjectKind.POLL.unnamed();

    private final Machine machine;
    private final WakeUp wakeUp;
    private final OutsideWakers outsiders;

    /** What one thread's last poll was guessed to have waited for. */
    static final class OfThread {
        /** Told with that waking; null when nothing was. */
        private KernelObject object;
        /** It was one of several, and {@link #object} stands for that. */
        private boolean isOneOf;
        private boolean inInterrupt;
        /** It is the object of the call itself, and guessed is who has sent what came: its time may have run out just then. */
        private boolean isSent;
        /** The number of the poll, until it returns. */
        private int in = -1;
        /** Who ran as it came in a softirq, and whose calls are not seen; else null. */
        private Waker running;
        /** How long the wait was that this ended. */
        private long waitedNs;

        boolean isInInterrupt() {
            return inInterrupt;
        }

        /** Whether who has sent what ended the wait is guessed, and the call, which gives {@code result}, does not speak against it. */
        boolean isSentAnd(long result) {
            return isSent && result >= 0;
        }

        boolean isSent() {
            return isSent;
        }

        void forget() {
            object = null;
        }

        /** The thread enters another call: the return of the one before, which alone tells who has sent, is past, or was not seen. */
        void enters() {
            object = isSent ? null : object;
            isSent = false;
        }

        /**
         * @param guessed null where nothing was guessed
         * @param call the number of the poll, if its return may tell more; else -1
         */
        void set(KernelObject guessed, int call) {
            object = guessed;
            isOneOf = false;
            inInterrupt = false;
            isSent = false;
            in = call;
        }

        private void sent(KernelObject through, int call) {
            set(through, call);
            inInterrupt = true;
            isSent = true;
        }
    }

    Guesses(Machine machine, WakeUp wakeUp, OutsideWakers outsiders) {
        this.machine = machine;
        this.wakeUp = wakeUp;
        this.outsiders = outsiders;
    }

    /** Nobody confirmed what the wait was for: the return of the call will tell, or the next call. */
    void guess(ThreadEntry woken, TraceEvent event) {
        OfThread guess = woken.guess;
        guess.object = null;
        guess.isSent = false;
        guess.running = null;
        guess.waitedNs = woken.waitsIn == 0 ? 0 : event.timeNs - woken.waitsSinceNs;
        if (event.object == null && event.waitsFor == null && event.evidence != Evidence.NONE
                && (wakeUp.isIfReady() || wakeUp.isOneOf())) {
            guess.isOneOf = wakeUp.isOneOf();
            guess.in = woken.number();
            guess.inInterrupt = event.evidence == Evidence.INTERRUPT;
            event.object = wakeUp.isOneOf() ? ONE_OF : wakeUp.through().object;
            event.peers = List.of();
            event.objectToBeConfirmed = true;
            guess.object = event.object;
        }
    }

    /**
     * The thread makes a call on something, while it is guessed what it has waited for in a poll: the call may confirm that.
     *
     * @return how long that was, where it is stamped who ended it; else 0
     */
    long calls(ThreadEntry thread, TraceEvent event) {
        OfThread guess = thread.guess;
        if (guess.object == null || event.object == null) {
            return 0;
        }
        boolean isIt = guess.isOneOf ? event.onDescriptor && machine.mayHaveEnded(thread)
                : guess.object.canonical() == event.object.canonical();
        event.confirmed = isIt ? guess.object : null;
        TrackedObject object = thread.canonicalObject();
        if (isIt && guess.isOneOf && guess.inInterrupt && object != null) {
            stampSender(object, thread.call().way(), true, guess.running, event);
        }
        guess.object = event.onDescriptor ? null : guess.object;
        return event.waker == null ? 0 : guess.waitedNs;
    }

    /**
     * The poll returns: what was guessed has made nothing ready, if nothing was; or it has, if there is nothing else that can have. Or a
     * call whose wait was ended by what was sent, or by its time.
     */
    static void returns(ThreadEntry thread, TraceEvent event) {
        OfThread guess = thread.guess;
        if (guess.object == null || guess.in != event.number || thread.number() != event.number) {
            return;
        }
        guess.in = -1;
        if (event.result < 0 || event.result == 0 && !guess.isSent) {
            guess.object = null;
        } else if (guess.inInterrupt && !guess.isOneOf) {
            event.confirmed = guess.object;
            guess.object = null;
        }
    }

    /**
     * A softirq ends a wait, after {@link #guess}. Of what was sent to a socket of this machine it is not the cause, but who sent it.
     *
     * @param ended what ended the wait; null when that is to be told yet
     * @param interrupted who ran; null when it is not observed
     */
    void delivered(ThreadEntry woken, TrackedObject ended, ThreadEntry interrupted, TraceEvent event) {
        Waker running = unseen(interrupted, event);
        woken.guess.running = running;
        TrackedObject awaited = ended != null ? ended : wakeUp.isIfReady() ? wakeUp.through() : woken.canonicalObject();
        if (woken.inSyscall() && awaited != null) {
            boolean inCall = awaited == woken.canonicalObject();
            stampSender(awaited, inCall ? woken.call().way() : Way.READ, inCall, running, event);
            if (inCall && event.evidence == Evidence.WAKER && event.waker == running) {
                event.object = awaited.object;
                event.objectToBeConfirmed = true;
                woken.guess.sent(awaited.object, woken.number());
            }
        }
    }

    /** Whoever is not known to hold anything has sent nothing that is waited for. */
    private Waker unseen(ThreadEntry interrupted, TraceEvent event) {
        if (interrupted != null) {
            return interrupted.process.statesOnly() ? interrupted.waker() : null;
        }
        return event.tgid > 0 && machine.process(event.tgid) != null ? outsiders.of(event) : null;
    }

    /**
     * What was sent to this machine arrives in a softirq of the sender's own call. Where no call of the sender is seen, it is the one
     * who ran, if he holds the other end: nobody else can send there.
     */
    private void stampSender(TrackedObject socket, Way way, boolean inCall, Waker running, TraceEvent event) {
        Waker by = machine.delivered(socket, way, inCall);
        if (by != null) {
            event.evidence = Evidence.OBJECT;
            event.waker = by;
        } else if (running != null && machine.holdsOtherEnd(running.pid(), socket)) {
            event.evidence = Evidence.WAKER;
            event.waker = running;
        }
    }
}
