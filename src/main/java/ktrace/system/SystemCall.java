package ktrace.system;

import java.util.List;
import ktrace.event.Evidence.Interrupt;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.TraceEvent;
import ktrace.facts.Question;
import ktrace.linux.Errno;
import ktrace.linux.uapi.Uapi;
import ktrace.system.ToldWait.Words;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;

/**
 * What a {@link Family} knows of a system call: what it works on, what it changes, what a thread waits for that blocks in it, and
 * who ends that wait. One instance for each call, or for several that are alike, shared by all threads and all trackers: what it
 * finds out about a thread it leaves in the {@link ThreadEntry}. Each method is called on the tracker's thread, and allocates
 * nothing unless the call brings something new.
 *
 * <p>As it stands here it is a call that works on nothing and waits for nothing known.
 *
 * <pre>
 *   before each ──► askBefore, ask             where events do not tell
 *   SYS_ENTER ──► enter                        what it works on
 *   switched out in it ──► settle, waitsFor    what for
 *   SCHED_WAKING ──► confirms                  who ended it, by the context of the waker
 *   no scheduler ──► isAwaiting, letsOn, wasLetOn    who ended it, by the calls that others made meanwhile
 *   SYS_EXIT  ──► exit                         what it changed
 * </pre>
 */
public class SystemCall {
    /** Of calls that no family has. */
    public static final SystemCall UNKNOWN = new SystemCall();

    /** When it does to others what it does. */
    public enum Acts {
        /** It does nothing that could end the wait of another. */
        NEVER,
        /** From its entry on. */
        AT_ONCE,
        /** From its entry to its return, for it may wait itself meanwhile. */
        THROUGHOUT,
        /** What, if anything, is known only when it has returned. */
        ON_RETURN
    }

    private final Way way;

    protected SystemCall() {
        this(Way.BOTH);
    }

    protected SystemCall(Way way) {
        this.way = way;
    }

    /** Whether it takes data from its object or puts data into it. */
    public final Way way() {
        return way;
    }

    // -- what it works on and changes ----------------------------------------------------------------------------------------

    /** {@code thread} has entered it: sets {@link ThreadEntry#object} and what goes with it, null where nothing is known. */
    public void enter(Machine machine, ThreadEntry thread, long nowNs) {
    }

    /** {@code thread} is blocked in it, or wakes somebody: what could not be told at the entry matters now. */
    public void settle(Machine machine, ThreadEntry thread, long nowNs) {
    }

    /**
     * A thread is about to make the call, and may block in it: asks for what it works on, if that is not known. Changes nothing but
     * that it has been asked, as all that asks before an event.
     */
    public void askBefore(Machine machine, ProcessEntry process, TraceEvent enter) {
    }

    /** {@code thread} is about to block in it, or to wake somebody: asks the same. */
    public void ask(Machine machine, ThreadEntry thread, long nowNs) {
    }

    /** The same of a thread whose sleep a signal would end (S): only few wait for storage so. */
    public void askInterruptible(Machine machine, ThreadEntry thread, long nowNs) {
        ask(machine, thread, nowNs);
    }

    /** {@code woken} is about to be woken in it, by {@code waker}, which is null when it is not observed. */
    public void askAsWoken(Machine machine, ThreadEntry woken, ThreadEntry waker, long nowNs) {
        ask(machine, woken, nowNs);
    }

    /** {@code waker} is about to wake {@code woken} in it. */
    public void askAsWaker(Machine machine, ThreadEntry waker, ThreadEntry woken, long nowNs) {
        ask(machine, waker, nowNs);
    }

    /** The descriptor that it works on, or -1: where that is unknown when the thread blocks, so much is missing. */
    public int descriptor(ThreadEntry thread) {
        return -1;
    }

    /** {@code thread} returns from it. */
    public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
    }

    /** Who is at the other end of {@code object}, which the call works on or which ended its wait; null when that is not known. */
    public List<Peer> peers(Machine machine, ThreadEntry thread, TrackedObject object) {
        return object == null ? List.of() : machine.peers(object, thread.process, way);
    }

    /** The same of what the thread waits for, while it does. */
    public List<Peer> peersInWait(Machine machine, ThreadEntry thread) {
        return thread.peers(machine);
    }

    /** The only thing that it waits for in a call that waits for whichever of several is ready; null when they are more, or not known. */
    public TrackedObject onlyAwaited(ThreadEntry thread) {
        return null;
    }

    /** The number of the child of which its {@code result} says that it has ended, and is no more; 0 or less when it does not. */
    public int reaps(ThreadEntry thread, long result) {
        return 0;
    }

    /** It closes all that its process holds, or all that is to be closed on exec, or a range. */
    public boolean letsGo() {
        return false;
    }

    /** It ends its caller, and has no return. */
    public boolean endsCaller() {
        return false;
    }

    /** The kernel forgets its number when it restores the registers: the exit has number -1 and another call's result. */
    public boolean restoresRegisters() {
        return false;
    }

    // -- what a thread waits for in it ---------------------------------------------------------------------------------------

    /** What a thread waits for that sleeps in it so that a signal ends the sleep (S), as those do that wait for others. */
    public ObjectKind waitsFor(ThreadEntry thread) {
        return ObjectKind.OTHER;
    }

    /** The same of one that sleeps uninterruptibly (D): a page that is not there, most often, or a lock inside the kernel. */
    public ObjectKind waitsUninterruptiblyFor(ThreadEntry thread) {
        return ObjectKind.OTHER;
    }

    /** When it sleeps at all, it is for a moment: where no scheduler is seen, being in it is not waiting. */
    public boolean isBrief() {
        return false;
    }

    /**
     * {@code thread} has waited in it since {@code sinceNs}, which is long: the question who holds what it waits for; null when nobody
     * does, or when that cannot be asked.
     */
    public Question asksHolder(ThreadEntry thread, long sinceNs) {
        return null;
    }

    // -- how it is told ------------------------------------------------------------------------------------------------------

    /** A wait in this call in words, whatever it is for; null where that is for the family of what is waited for to say. */
    public Words words(ToldWait wait) {
        return null;
    }

    /** What a thread waits to do with the object, which the words stand before: {@code to read}; null when there are none. */
    public String verb() {
        return null;
    }

    /** It puts data into the object, and waits when that is full. */
    public boolean fills() {
        return false;
    }

    // -- who ends the wait ---------------------------------------------------------------------------------------------------

    /**
     * Whether the waker was at work on the very thing that the waiter waits for in this call. If it was something else than the
     * object of the call, as a member of a set, {@link WakeUp#endedBy} is told.
     */
    public boolean confirms(WakeUp wakeUp) {
        return wakeUp.isAbout(wakeUp.waiter().canonicalObject());
    }

    /**
     * Nobody confirmed the wake-up. What the wait was for, where it can have ended through one thing only; null when that is the
     * object of the call, or not known, or the return of the call or the next one may tell: then {@link WakeUp} is told so.
     */
    public TrackedObject unconfirmed(WakeUp wakeUp) {
        return null;
    }

    /**
     * What an interrupt came of that has ended the last wait in the call, as far as its result tells; null where it does not. Not asked
     * of a call that a signal has ended. One that was ready to wait and then says that it would have to, had its time only.
     */
    public Interrupt interruptedBy(ThreadEntry thread, long result) {
        boolean isOver = result == -Uapi.ETIMEDOUT() || result == -Uapi.ETIME() || result == -Uapi.EAGAIN()
                || result == -Uapi.EINPROGRESS();
        return isOver ? Interrupt.TIMED_OUT : null;
    }

    /** Where no scheduler is seen: whether the call, as it was made, goes on until the call of another lets it on. */
    public boolean isAwaiting(ThreadEntry thread) {
        return false;
    }

    /** Where no scheduler is seen: whether what the other does ends this wait. The last one that does is taken for who ended it. */
    public boolean letsOn(WakeUp wakeUp) {
        return false;
    }

    /** Whether it has returned because of {@link ThreadEntry#letOnBy}: one that failed, or that its time ended, has not. */
    public boolean wasLetOn(Machine machine, ThreadEntry thread, long result) {
        return thread.letOnBy != null && !Errno.isError(result);
    }

    /** Where no scheduler is seen: when it ends the waits of others. */
    public Acts acts() {
        return Acts.NEVER;
    }

    /** Whether its result says that it has ended no wait. */
    public boolean didNothing(ThreadEntry thread, long result) {
        return Errno.isError(result);
    }

    /** It may end waits for what it is not at work on: what it sends arrives elsewhere, as a datagram or a signal does. */
    public boolean sends() {
        return false;
    }

    /** What it works on it lets go of, so that whoever is at the other end may notice. */
    public boolean hangsUp() {
        return false;
    }

    /** What it works on, it works on by descriptor: after a poll this may be what the poll was for. */
    public boolean isOnDescriptor() {
        return false;
    }
}
