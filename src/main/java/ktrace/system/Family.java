package ktrace.system;

import java.util.List;
import ktrace.event.Evidence.Interrupt;
import ktrace.event.Fact;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.system.ToldWait.Words;
import ktrace.system.objects.Holding;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;

/**
 * One kind of wait, or a few that belong together: what can be waited for, the system calls that wait for it, make it or change it,
 * who ends such waits and who is at the other end. All that is known of it stands in one file, which implements this; the tracker
 * knows no kind by itself. {@code src/docs/architecture.md} says how to add one.
 *
 * <p>Immutable, and shared by all trackers. A family answers here for the objects of its own {@link #kinds}, however a thread came
 * to wait for them: a pipe is read, polled, watched by a set. What a thread does in one of its calls the {@link SystemCall} tells.
 */
public interface Family {
    /** Takes the calls of a family. */
    @FunctionalInterface
    interface Calls {
        /** @param names one or several, with a blank between; those that the machine's ABI does not have are passed over */
        void add(String names, SystemCall call);
    }

    /** What can be waited for; each kind is in one family only. Empty for a family of calls that work on what others have. */
    List<ObjectKind> kinds();

    /** Its system calls; each call is in one family only. */
    void calls(Calls calls);

    /** What can hold a thread still, whatever it is doing. Asked for once. */
    default List<Halt> halts() {
        return List.of();
    }

    /** Something that holds a thread still: who is held does not wait for what it was doing. */
    interface Halt {
        ObjectKind kind();

        /**
         * Whether it is what holds a thread that was switched out.
         *
         * @param state in which, {@link ktrace.linux.PrevState}
         * @param function of the kernel that it sleeps in; empty when that is not known
         */
        boolean holds(ThreadEntry thread, long state, String function);

        /** Whether it may be, so that it must be known where the thread sleeps. */
        default boolean mayHold(ThreadEntry thread, long state) {
            return false;
        }

        /** Who holds it, as far as that is known. */
        default List<Peer> by(ThreadEntry thread) {
            return List.of();
        }

        /** Whether the waker let the waiter go; not in an interrupt. */
        boolean isEndedBy(WakeUp wakeUp);

        /**
         * The same of a waiter that it {@link #mayHold may} have held, where it has not been told in time where that sleeps:
         * whether who ends such a sleep tells all.
         */
        default boolean isToldBy(WakeUp wakeUp) {
            return false;
        }
    }

    // -- who is at the other end ---------------------------------------------------------------------------------------------

    /**
     * Who is at the other end of {@code object}, as seen from {@code process}, which holds it: mostly one of the methods of
     * {@link PeerLists}. Asked for once until somebody comes or goes.
     */
    default List<Peer> peers(Machine machine, TrackedObject object, ProcessEntry process, Way way) {
        return List.of();
    }

    /** The key of the other end of {@code object}, where many have one and the same; else 0. */
    default long sharedEnd(KernelObject object) {
        return 0;
    }

    /** Whether it is known who is at the other end, so that nobody need be looked for. */
    default boolean isOtherEndKnown(TrackedObject object) {
        return object.other == null || object.otherEnd().holdingCount() > 0;
    }

    // -- what they are -------------------------------------------------------------------------------------------------------

    /** All kinds have their numbers in common; which of them an object is, only a look-up may tell. */
    default boolean sharesNumbers() {
        return false;
    }

    /** Whether open(2) can have made it. */
    default boolean isOpened(KernelObject object) {
        return object.name().startsWith("/");
    }

    // -- who ends a wait -----------------------------------------------------------------------------------------------------

    /** Whether what one does arrives at an object. */
    enum Reach {
        NO,
        /** If there is no other object that it may be. */
        PERHAPS,
        YES
    }

    /** Whether the waker, who is not at work on {@code object} nor on its other end, ends the waits for it all the same. */
    default Reach reach(WakeUp wakeUp, TrackedObject object) {
        return Reach.NO;
    }

    /**
     * Whether the waker can be at work on nothing else than {@code object}, though the two are not known to be the same: one of
     * them was gone before it could be looked up.
     */
    default boolean canOnlyBe(WakeUp wakeUp, TrackedObject object) {
        return false;
    }

    /** Whether the waits for {@code object} end when {@code waker} lets go of all that it holds, by its end or by exec. */
    default boolean isLetGo(ThreadEntry waker, TrackedObject object) {
        TrackedObject end = object.otherEnd();
        return end != null && end.isLastHolder(waker.process.fds);
    }

    /** Where no scheduler is seen: the same as {@link #reach}, where a call that was made meanwhile is enough to conclude it. */
    default boolean letsOn(WakeUp wakeUp, TrackedObject object) {
        return false;
    }

    /** Whether who has {@code holding} and polls may wait for what a caller does that works on the object in this way. */
    default boolean canAwait(Holding holding, Way way) {
        return true;
    }

    /**
     * A thread enters a call that reads or writes an object of this family.
     *
     * @param by null when a ring of io_uring has it done, which is not seen any closer
     */
    default void used(TrackedObject object, Way way, Waker by, long nowNs) {
    }

    /**
     * Who alone can have done what an interrupt has brought to {@code object}, some time ago.
     *
     * @param way what somebody waits to do with it
     * @param inCall the waiter's call is on it
     * @param lostNs when events were lost last
     * @return null when that is not known, or may be several
     */
    default Waker delivered(TrackedObject object, Way way, boolean inCall, long lostNs) {
        return null;
    }

    /** What is sent to such an object wakes its receiver in an interrupt, of which the sender's call is the cause. */
    default boolean deliversInInterrupt() {
        return false;
    }

    /**
     * Somebody was woken by what the waker did to {@code used}, which is of this family. Where such can only have waited for that,
     * whatever else they are at work on, gives what to call it; null where this tells nothing.
     */
    default KernelObject answered(WakeUp wakeUp, TrackedObject used) {
        return null;
    }

    /** An interrupt may end the waits for what is of this kind though nobody sent anything: a clock, a network. */
    default boolean endsInInterrupt(TrackedObject object) {
        return false;
    }

    /** What it comes of when an interrupt ends a wait for {@code object}, and no result of a call says otherwise. */
    default Interrupt interruptedBy(KernelObject object) {
        return Interrupt.UNKNOWN;
    }

    /** Only threads hand on what goes through such an object, in calls: no interrupt ends a wait for it, nor gives its lock free. */
    default boolean isBetweenThreads(TrackedObject object) {
        return false;
    }

    // -- how they are told ---------------------------------------------------------------------------------------------------

    /** A wait for an object of its kinds, in a call that has no words of its own for it. */
    default Words words(ToldWait wait) {
        return wait.byCall();
    }

    /** One of them that has no name: {@code a pipe}. */
    default String one(ObjectKind kind) {
        return ("aeiou".indexOf(kind.label().charAt(0)) >= 0 ? "an " : "a ") + kind.label();
    }

    /** Several of them: {@code pipes}. */
    default String many(ObjectKind kind) {
        return kind.label() + "s";
    }

    /** So many of them, where the name of one stands else: {@code 60 pipes}. */
    default String many(int count, ObjectKind kind) {
        return count + " " + many(kind);
    }

    /** Who puts something in waits when it is full. */
    default boolean fillsUp(ObjectKind kind) {
        return false;
    }

    // -- what it hears of ----------------------------------------------------------------------------------------------------

    /** The family is about to hear of something: it may ask what it does not know for that. */
    default void ask(Machine machine, TraceEvent event) {
    }

    /** Something happened that only some families know of, as what io_uring does: all families hear of it. */
    default void heard(Machine machine, TraceEvent event) {
    }

    /** The kernel answered a question: all families hear of it. */
    default void learned(Machine machine, Fact fact) {
    }

    /** A wait for {@code object} has been confirmed to have been ended by the waker. */
    default void ended(WakeUp wakeUp, TrackedObject object) {
    }
}
