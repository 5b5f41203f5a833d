package ktrace.intervals;

import java.util.List;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.Waker;

/**
 * A finished wait in poll or select, whose set lies in the waiter's memory: what ended it is guessed, and the waiter's next call on
 * an fd will tell. Until then it counts as what is known without the guess. Or one outside of calls, of which the thread's next
 * event tells whether it was for a page, and of which file. One for each thread that does either, used again; one thread writes.
 */
final class PollGuess {
    /** Stands for the guess where there is none. */
    static final KernelObject UNSEEN = new KernelObject(ObjectKind.POLL, "", 0);

    boolean pending;
    /** What the wait is known as without the guess. */
    final BlockedWait wait = new BlockedWait();
    long toNs;
    /** The time of it up to here was handed over. */
    long toldNs;
    /** As what it was told until it is settled. */
    ThreadState toldState = ThreadState.IPC;
    /** A window has ended since. */
    boolean late;
    /** Null of a wait outside of calls. */
    KernelObject guess;
    List<Peer> guessPeers = List.of();
    Evidence evidence = Evidence.NONE;
    Waker waker;
    /** Who has sent what the call waited for, if its time had not run out; then {@link #waker} is null. */
    Waker sender;
    Interval.End end = Interval.End.WOKEN;

    /** Nobody was seen to wake it: what its call returns may tell that its time had run out. */
    boolean isUnseen() {
        return guess == UNSEEN;
    }

    boolean isFault() {
        return guess == null;
    }

    /** It was for a page that another process has served, and only the file is not known yet. */
    void pageOfServed(List<Peer> servers) {
        guess = null;
        wait.peers = servers;
    }

    /** A task woke it, that is certain; a guess that came without a task had nothing else to go by. */
    Evidence withoutGuess() {
        return end == Interval.End.UNSEEN ? Evidence.NONE : isFault() ? evidence : waker == null ? Evidence.INTERRUPT : Evidence.WAKER;
    }
}
