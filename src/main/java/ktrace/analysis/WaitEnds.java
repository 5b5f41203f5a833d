package ktrace.analysis;

import java.util.List;
import ktrace.analysis.ObservedWait.End;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.Peer;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;

/**
 * Puts blocked intervals that end into the rows of their process. Called before the thread's state takes the step, so that the part
 * of the interval that lies in the current window is what is not accounted yet. One thread; allocates for a new row, and when a
 * thread's poll is guessed at for the first time.
 */
final class WaitEnds {
    private final TraceCounters counters;
    /** Null when nobody wants to know of single waits. */
    private final WaitListener listener;
    private int window;

    /** @param listener may be null */
    WaitEnds(TraceCounters counters, WaitListener listener) {
        this.counters = counters;
        this.listener = listener;
    }

    /** The number of the current window. */
    int window() {
        return window;
    }

    void nextWindow() {
        window++;
    }

    /** {@code thread} was woken. */
    void woken(ObservedThread thread, TraceEvent waking) {
        Evidence evidence = waking.evidence == null ? Evidence.NONE : waking.evidence;
        Waker waker = evidence == Evidence.NONE ? null : waking.waker;
        List<Peer> peers = waking.peers == null || waking.peers.isEmpty() ? thread.wait.peers : waking.peers;
        BlockedWait wait = thread.wait;
        if (waking.object == null) {
            record(thread, waking.timeNs, waker, evidence, peers, End.WOKEN);
        } else if (waking.objectToBeConfirmed && thread.states.state() == ThreadState.IPC && waking.object.kind().ipc()) {
            guess(thread, waking, waker, evidence, peers);
        } else {
            wait.endedBy(waking.object);
            record(thread, waking.timeNs, waker, evidence, peers, End.WOKEN);
        }
    }

    /** {@code thread} runs again, and nobody was seen to wake it. */
    void unseen(ObservedThread thread, long nowNs) {
        counters.increment(TraceCounter.MISSED_WAKEUP);
        record(thread, nowNs, null, Evidence.NONE, thread.wait.peers, End.UNSEEN);
    }

    /** What was known of {@code thread} is not known any more: the time counts, but not as a wait that ended. */
    void cutShort(ObservedThread thread, long nowNs) {
        BlockedWait wait = thread.wait;
        counted(thread.process.waits, thread, wait, null, Evidence.NONE, wait.peers, nowNs)
                .addTime(nowNs - wait.startNs, nowNs - thread.states.accountedNs());
        tell(thread, wait, nowNs, null, Evidence.NONE, wait.peers, End.CUT);
    }

    /** The trace ends, and {@code thread} is where it is. */
    void traceEnds(ObservedThread thread, long nowNs) {
        if (thread.states.state().blocked()) {
            tell(thread, thread.wait, nowNs, null, Evidence.NONE, thread.wait.peers, End.ONGOING);
        }
    }

    private void tell(ObservedThread thread, BlockedWait wait, long endNs, Waker waker, Evidence evidence, List<Peer> peers,
            End end) {
        if (listener != null) {
            listener.onWait(new ObservedWait(thread.id, wait.startNs, endNs, wait.kind, wait.object, wait.syscall, waker, evidence,
                    peers, end));
        }
    }

    private void record(ObservedThread thread, long nowNs, Waker waker, Evidence evidence, List<Peer> peers, End end) {
        BlockedWait wait = thread.wait;
        counted(thread.process.waits, thread, wait, waker, evidence, peers, nowNs)
                .record(nowNs - wait.startNs, nowNs - thread.states.accountedNs());
        tell(thread, wait, nowNs, waker, evidence, peers, end);
    }

    /** Where such a wait of {@code thread} counts. */
    private static WaitPair counted(IpcWaits waits, ObservedThread thread, BlockedWait wait, Waker waker, Evidence evidence,
            List<Peer> peers, long nowNs) {
        WaitRow row = waits.row(wait.kind, wait.object, wait.syscall, waker, evidence);
        row.seen(waker, peers, nowNs);
        WaitPair pair = waits.pair(row, thread.id, waker);
        pair.seen(thread.comm(), waker, nowNs);
        return pair;
    }

    private void guess(ObservedThread thread, TraceEvent waking, Waker waker, Evidence evidence, List<Peer> peers) {
        takeBack(thread, waking.timeNs);
        if (thread.guess == null) {
            thread.guess = new PollGuess();
        }
        PollGuess guess = thread.guess;
        guess.pending = true;
        guess.wait.copy(thread.wait);
        guess.lengthNs = waking.timeNs - thread.wait.startNs;
        guess.inWindowNs = waking.timeNs - thread.states.accountedNs();
        guess.window = window;
        guess.guess = waking.object;
        guess.guessPeers = peers;
        guess.evidence = evidence;
        guess.waker = waker;
    }

    /**
     * {@code thread} makes a call on {@code object}.
     *
     * @param confirmed what was guessed for its last poll, if that is this object; else null
     */
    void calls(ObservedThread thread, KernelObject object, KernelObject confirmed, long nowNs) {
        PollGuess guess = thread.guess;
        if (guess.guess != confirmed) {
            if (isOfDescriptor(object)) {
                takeBack(thread, nowNs);
            }
            return;
        }
        guess.pending = false;
        guess.wait.endedBy(object);
        settle(thread, guess, guess.evidence, guess.guessPeers, nowNs);
    }

    /** Between a poll and the read that it is for, a lock may be taken, a child waited for, or the poll repeated. */
    private static boolean isOfDescriptor(KernelObject object) {
        return switch (object.kind()) {
            case FUTEX, SLEEP, SIGNAL, CHILD, SYSVMSG, SYSVSEM, POLL -> false;
            default -> true;
        };
    }

    /** Nothing confirmed the guess that may be pending. */
    void takeBack(ObservedThread thread, long nowNs) {
        PollGuess guess = thread.guess;
        if (guess != null && guess.pending) {
            counters.increment(TraceCounter.POLL_GUESS_TAKEN_BACK);
            guess.pending = false;
            settle(thread, guess, guess.withoutGuess(), guess.wait.peers, nowNs);
        }
    }

    private void settle(ObservedThread thread, PollGuess guess, Evidence evidence, List<Peer> peers, long nowNs) {
        BlockedWait wait = guess.wait;
        WaitPair pair = counted(thread.process.waits, thread, wait, guess.waker, evidence, peers, nowNs);
        if (guess.window == window) {
            pair.record(guess.lengthNs, guess.inWindowNs);
        } else {
            pair.recordLate(guess.lengthNs);
        }
        tell(thread, wait, wait.startNs + guess.lengthNs, guess.waker, evidence, peers, End.WOKEN);
    }

    /** Puts what {@code thread} has in no row yet into {@code shown}: the wait it is in, and the one whose object is a guess. */
    void show(ObservedThread thread, long nowNs, IpcWaits shown) {
        PollGuess guess = thread.guess;
        if (guess != null && guess.pending) {
            BlockedWait wait = guess.wait;
            counted(shown, thread, wait, guess.waker, guess.withoutGuess(), wait.peers, nowNs)
                    .show(false, true, guess.lengthNs, guess.inWindowNs, guess.window == window);
        }
        if (thread.states.state().blocked()) {
            BlockedWait wait = thread.wait;
            counted(shown, thread, wait, null, Evidence.NONE, wait.peers, nowNs)
                    .show(true, false, nowNs - wait.startNs, nowNs - thread.states.accountedNs(), true);
        }
    }
}
