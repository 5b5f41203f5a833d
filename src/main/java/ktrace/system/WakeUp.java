package ktrace.system;

import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.system.Family.Reach;
import ktrace.system.objects.Holding;
import ktrace.system.objects.Ring;
import ktrace.system.objects.RingRequest;
import ktrace.system.objects.TrackedObject;

/**
 * One wake-up, while it is looked at: who woke whom, and what is found out of it. Where no scheduler is seen, a call that may have
 * let another thread on. Used again for the next; written by the tracker's thread.
 */
public final class WakeUp {
    private final Machine machine;
    private final FamilySet families;
    private ThreadEntry waker;
    private ThreadEntry waiter;
    private boolean inInterrupt;
    private boolean returning;
    private TrackedObject through;
    private boolean isWakers;
    private boolean guessed;
    private boolean ifReady;
    private boolean oneOf;
    private int expectedResult;
    private TrackedObject candidate;
    private boolean severalCandidates;

    WakeUp(Machine machine, FamilySet families) {
        this.machine = machine;
        this.families = families;
    }

    /** Begins with another one. */
    WakeUp of(ThreadEntry newWaker, ThreadEntry newWaiter) {
        waker = newWaker;
        waiter = newWaiter;
        inInterrupt = false;
        returning = false;
        through = null;
        isWakers = false;
        guessed = false;
        ifReady = false;
        oneOf = false;
        expectedResult = 0;
        candidate = null;
        severalCandidates = false;
        return this;
    }

    WakeUp inInterrupt(boolean is) {
        inInterrupt = is;
        return this;
    }

    WakeUp returning(boolean is) {
        returning = is;
        return this;
    }

    /** Where it happened. */
    public Machine machine() {
        return machine;
    }

    /** Who woke; in an interrupt, during whose time on the CPU it was. Observed; null when nobody confirmed and it is not. */
    public ThreadEntry waker() {
        return waker;
    }

    /** Who was woken. Observed, and in a system call. */
    public ThreadEntry waiter() {
        return waiter;
    }

    /** It came in a hard or soft interrupt, which mostly is not the waker's doing. */
    public boolean isInInterrupt() {
        return inInterrupt;
    }

    /** Where no scheduler is seen: the waker's call had begun before the wait, and returns now. */
    public boolean isReturning() {
        return returning;
    }

    /** Whether the confirmed wake-up is one that can be confirmed: in an interrupt only what is sent to this machine can. */
    boolean isPossible() {
        TrackedObject ended = ended();
        return !inInterrupt || ended != null && families.of(ended.kind()).deliversInInterrupt();
    }

    /** What turns out to have held the waiter; null when nothing did. */
    ObjectKind heldBy() {
        return families.heldBy(this);
    }

    // -- what was found ------------------------------------------------------------------------------------------------------

    /** It was {@code object} that ended the wait, which is not the object of the waiter's call itself. Gives true. */
    public boolean endedBy(TrackedObject object) {
        through = object;
        return true;
    }

    /** It was this one if the call returns that something was ready. Gives null, for until then that is not known. */
    public TrackedObject endedIfReady(TrackedObject object) {
        ifReady = true;
        endedByGuess(object);
        return null;
    }

    /** It was one of several, and the thread's next call may tell which. Gives null. */
    public TrackedObject endedByOneOf() {
        oneOf = true;
        return null;
    }

    /** The same of one that is the waker's, and that the waiter need not hold. Gives true. */
    public boolean endedByWakers(TrackedObject object) {
        isWakers = true;
        return endedBy(object);
    }

    /** The same, but for all that is known it may have been another one. Gives true. */
    public boolean endedByGuess(TrackedObject object) {
        guessed = true;
        return endedBy(object);
    }

    /** Where no scheduler is seen: if it was this, the waiter's call returns {@code result}. */
    public void expectResult(int result) {
        expectedResult = result;
    }

    /** Null when it was the object of the waiter's call. */
    TrackedObject through() {
        return through;
    }

    /** Where nobody else is known to hold the other end of {@link #through}, the waker does. */
    boolean isWakers() {
        return isWakers;
    }

    boolean isIfReady() {
        return ifReady;
    }

    boolean isOneOf() {
        return oneOf;
    }

    boolean isGuessed() {
        return guessed;
    }

    int expectedResult() {
        return expectedResult;
    }

    /** What was waited for, or null. */
    TrackedObject ended() {
        return through != null ? through : waiter.canonicalObject();
    }

    // -- questions -----------------------------------------------------------------------------------------------------------

    /** Whether the waker ends the waits for {@code object}, by what it is at work on, sends, or lets go of. */
    public boolean isAbout(TrackedObject object) {
        if (object == null || object.isStandIn()) {
            return false;
        }
        if (touches(object)) {
            return true;
        }
        Family family = families.of(object.kind());
        return family.canOnlyBe(this, object) || family.reach(this, object) != Reach.NO;
    }

    /** What the waker works on or has just closed; null when that is nothing. */
    public TrackedObject used() {
        return waker.object != null ? waker.object.canonical() : waker.released == null ? null : waker.released.canonical();
    }

    /** Whether the waker puts something into {@code used}, which its call is on, or closes it. */
    public boolean putsInto(TrackedObject used) {
        return waker.sends() || waker.secondObject != null && waker.secondObject.canonical() == used;
    }

    /** What the waiter's call is on, if that is a file; else {@code otherwise}. */
    public KernelObject fileOr(TrackedObject otherwise) {
        KernelObject object = waiter.stamp();
        boolean isFile = object != null && (object.kind() == ObjectKind.DISK || object.kind() == otherwise.kind());
        return isFile ? object : otherwise.object;
    }

    /** Whether the waker works on {@code object} or its other end: in a call on it, closing it, or ending while it holds it. */
    public boolean touches(TrackedObject object) {
        TrackedObject subject = object.base();
        TrackedObject end = subject.otherEnd();
        if (worksOn(subject) || end != null && worksOn(end)) {
            return true;
        }
        return waker.letsGo() && families.of(object.kind()).isLetGo(waker, object);
    }

    /** Whether {@code object} is what the waker's call works on, or what it or exec has closed. */
    private boolean worksOn(TrackedObject object) {
        if (waker.object != null && waker.object.base() == object
                || waker.secondObject != null && waker.secondObject.base() == object
                || waker.released != null && waker.released.base() == object) {
            return true;
        }
        if (waker.releasedByExec != null) {
            for (TrackedObject released : waker.releasedByExec) {
                if (released.base() == object) {
                    return true;
                }
            }
        }
        return isDoneByRequest(object);
    }

    /** What a request of io_uring could not do at once its submitter does when it is made ready, between its calls or waiting. */
    private boolean isDoneByRequest(TrackedObject object) {
        Ring ring = waker.inSyscall() ? waker.ring : waker.submitsTo;
        RingRequest request = ring == null || inInterrupt ? null : ring.on(object);
        return request != null && request.submitter() == waker.tid;
    }

    /** Whether the waker may end waits for what it is not at work on: else {@link #isSurely} need not be asked. */
    public boolean endsOtherWaits() {
        return waker.letsGo() || waker.releasedByExec != null || waker.sends();
    }

    /** Of several objects that the waiter waits for, asked for one after another: whether the waker ends the waits for this one. */
    public boolean isSurely(TrackedObject object) {
        if ((waker.letsGo() || waker.releasedByExec != null) && touches(object)) {
            return true;
        }
        Reach reach = families.of(object.kind()).reach(this, object);
        if (reach == Reach.PERHAPS) {
            severalCandidates |= candidate != null && candidate != object;
            candidate = object;
        }
        return reach == Reach.YES;
    }

    /**
     * Of those that {@link #isSurely} has been asked for in vain, the one that it may be; null if there is none, or are several.
     */
    public TrackedObject onlyCandidate() {
        return severalCandidates ? null : candidate;
    }

    /** Whether a hard or soft interrupt, with no sender on this machine behind it, may end the waits for {@code object}. */
    public boolean mayEndInInterrupt(TrackedObject object) {
        return families.of(object.kind()).endsInInterrupt(object);
    }

    /** Of several objects that the waiter waits for, asked for one after another: {@link #onlyCandidate} is the one that remains. */
    public void considerInInterrupt(TrackedObject object) {
        if (mayEndInInterrupt(object)) {
            severalCandidates |= candidate != null && candidate != object;
            candidate = object;
        }
    }

    /** Where no scheduler is seen: whether the waker's call lets on who waits for {@code object} without touching it. */
    public boolean letsOn(TrackedObject object) {
        return families.of(object.kind()).letsOn(this, object);
    }

    /** Whether who polls and holds {@code object} so may wait for what the waker's call does to it. */
    public boolean canBeAwaited(TrackedObject object, Holding holding) {
        return object.kind().ipc() && families.of(object.kind()).canAwait(holding, waker.way());
    }
}
