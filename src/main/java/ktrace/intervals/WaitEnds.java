package ktrace.intervals;

import java.util.List;
import ktrace.event.Evidence;
import ktrace.event.Evidence.Interrupt;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.intervals.Interval.End;

/**
 * Hands over blocked intervals that end, with what ended them; and at the end of a window what there is of those that go on. Called
 * before the thread's state takes the step. One thread; allocates when a thread's poll is guessed at for the first time.
 */
final class WaitEnds {
    private final TraceCounters counters;
    private final Interval interval;
    private final Waking waking = new Waking();

    /** @param interval the one that all threads use */
    WaitEnds(TraceCounters counters, Interval interval) {
        this.counters = counters;
        this.interval = interval;
    }

    /** The thread was woken. */
    void woken(TimeLine<?> line, TraceEvent event) {
        woken(line, waking.of(event), event.timeNs);
    }

    /** The thread was woken before. */
    void woken(TimeLine<?> line, Waking by, long nowNs) {
        woken(line, line.state(), by, nowNs);
    }

    /** It was woken as it went to wait, and is ready to run since then. */
    void wokenEarly(TimeLine<?> line, EarlyWaking early) {
        woken(line, early.otherwise(), early, early.believedNs());
    }

    private void woken(TimeLine<?> line, ThreadState waited, Waking by, long nowNs) {
        boolean isNobodys = by.waitsFor != null && !by.waitsFor.ipc();
        List<Peer> peers = by.peers.isEmpty() && !isNobodys ? line.wait.peers : by.peers;
        if (by.waitsFor == ObjectKind.FUSE && line.wait.syscall == Interval.NO_SYSCALL) {
            line.wait.turnsOut(by.waitsFor, by.object);
            guess(line, waited, by, nowNs, peers).pageOfServed(peers);
        } else if (by.waitsFor != null) {
            line.wait.turnsOut(by.waitsFor, by.object);
            tell(line, line.wait.state(), waited, nowNs, by.waker, by.evidence, peers, End.WOKEN);
        } else if (by.object != null && line.wait.kind == ObjectKind.IO_URING && !by.object.kind().ipc()) {
            // It was for whatever the ring would have done first.
            line.wait.turnsOut(by.object.kind(), by.object);
            tell(line, line.wait.state(), waited, nowNs, by.waker, by.evidence, peers, End.WOKEN);
        } else if (by.object == null && waited == ThreadState.PAGEFAULT) {
            guess(line, waited, by, nowNs, peers);
        } else if (by.object == null) {
            tell(line, waited, waited, nowNs, by.waker, by.evidence, peers, End.WOKEN);
        } else if (by.objectToBeConfirmed && waited == ThreadState.IPC && by.object.kind().ipc()) {
            guess(line, waited, by, nowNs, peers);
        } else {
            line.wait.endedBy(by.object);
            tell(line, waited, waited, nowNs, by.waker, by.evidence, peers, End.WOKEN);
        }
    }

    /** The thread runs again, and nobody was seen to wake it. */
    void unseen(TimeLine<?> line, long nowNs) {
        counters.increment(TraceCounter.MISSED_WAKEUP);
        boolean mayTimeOut = line.wait.kind == ObjectKind.POLL || line.wait.kind == ObjectKind.FUTEX;
        if (line.state() == ThreadState.PAGEFAULT || mayTimeOut && line.wait.syscall != Interval.NO_SYSCALL) {
            PollGuess guess = guess(line, line.state(), nowNs, End.UNSEEN);
            guess.guess = mayTimeOut ? PollGuess.UNSEEN : null;
            guess.guessPeers = line.wait.peers;
            guess.evidence = Evidence.NONE;
            guess.sender = null;
            guess.waker = null;
        } else {
            tell(line, nowNs, null, Evidence.NONE, line.wait.peers, End.UNSEEN);
        }
    }

    /** What was known of the thread is not known any more. */
    void cutShort(TimeLine<?> line, long nowNs) {
        tell(line, nowNs, null, Evidence.NONE, line.wait.peers, End.CUT);
    }

    private void tell(TimeLine<?> line, long nowNs, Waker waker, Evidence evidence, List<Peer> peers, End end) {
        tell(line, line.state(), line.state(), nowNs, waker, evidence, peers, end);
    }

    private void tell(TimeLine<?> line, ThreadState state, ThreadState told, long nowNs, Waker waker, Evidence evidence,
            List<Peer> peers, End end) {
        interval.state = state;
        interval.toldState = told;
        fill(line.wait, nowNs, Math.min(nowNs, line.toldNs()), waker, evidence, peers, end);
        interval.nowNs = nowNs;
        interval.provisional = false;
        interval.late = false;
        line.tell();
    }

    private void fill(BlockedWait wait, long toNs, long toldNs, Waker waker, Evidence evidence, List<Peer> peers, End end) {
        Interval i = interval;
        i.fromNs = wait.startNs;
        i.toNs = toNs;
        i.newFromNs = toldNs;
        i.end = end;
        i.kind = wait.kind;
        i.object = wait.object;
        i.syscall = wait.syscall;
        i.waker = waker;
        i.evidence = evidence;
        i.peers = peers;
        i.expects = wait.expects;
        i.holder = wait.holder;
        i.isSoleHolder = wait.isSoleHolder;
        i.heldNs = wait.heldNs;
    }

    private PollGuess guess(TimeLine<?> line, ThreadState waited, Waking by, long nowNs, List<Peer> peers) {
        PollGuess guess = guess(line, waited, nowNs, End.WOKEN);
        guess.guess = by.object;
        guess.guessPeers = peers;
        guess.evidence = by.evidence;
        boolean isOfSender = by.objectToBeConfirmed && line.wait.object != null
                && by.object.canonical() == line.wait.object.canonical();
        guess.sender = isOfSender ? by.waker : null;
        guess.waker = isOfSender ? null : by.waker;
        return guess;
    }

    private PollGuess guess(TimeLine<?> line, ThreadState waited, long nowNs, End end) {
        takeBack(line, nowNs);
        if (line.guess == null) {
            line.guess = new PollGuess();
        }
        PollGuess guess = line.guess;
        guess.pending = true;
        guess.wait.copy(line.wait);
        guess.toldState = waited;
        guess.toNs = nowNs;
        guess.toldNs = Math.min(nowNs, line.toldNs());
        guess.late = false;
        guess.end = end;
        return guess;
    }

    /**
     * The thread makes a call on something, while a guess is pending. Between a poll and the read that it is for, a lock may be
     * taken, a child waited for, or the poll repeated: only a call on a descriptor speaks against what was guessed.
     */
    void calls(TimeLine<?> line, TraceEvent enter) {
        PollGuess guess = line.guess;
        if (guess.isFault()) {
            takeBack(line, enter.timeNs);
        } else if (guess.guess == enter.confirmed) {
            guess.wait.endedBy(enter.object);
            if (enter.waker != null) {
                guess.waker = enter.waker;
            }
            settle(line, guess, enter.waker == null ? guess.evidence : enter.evidence, guess.guessPeers.isEmpty() ? enter.peers : guess.guessPeers, enter.timeNs);
        } else if (enter.onDescriptor) {
            takeBack(line, enter.timeNs);
        }
    }

    /** The poll returns, while a guess is pending: one that found nothing ready has ended by its time, or by a signal. */
    void returns(TimeLine<?> line, TraceEvent exit) {
        PollGuess guess = line.guess;
        if (guess.isFault()) {
            takeBack(line, exit.timeNs);
        } else if (guess.isUnseen()) {
            settle(line, guess, timedOut(guess, exit) ? Evidence.INTERRUPT : Evidence.NONE, guess.wait.peers, exit.timeNs);
        } else if (guess.guess == exit.confirmed) {
            guess.wait.endedBy(guess.guess);
            guess.waker = guess.sender == null ? guess.waker : guess.sender;
            settle(line, guess, guess.evidence, guess.guessPeers, exit.timeNs);
        } else if (exit.call == guess.wait.syscall && exit.result <= 0) {
            takeBack(line, exit.timeNs);
        }
    }

    private static boolean timedOut(PollGuess guess, TraceEvent exit) {
        return exit.call == guess.wait.syscall && (exit.interrupt == Interrupt.TIMED_OUT || exit.interrupt == Interrupt.TIMER);
    }

    /** The thread's page is there: it was what the wait was for that has just ended. */
    void faulted(TimeLine<?> line, TraceEvent event) {
        PollGuess guess = line.guess;
        if (guess != null && guess.pending && guess.isFault()) {
            // Who has answered for a page was told before: the file adds to that.
            if (guess.wait.kind != ObjectKind.FUSE || event.waitsFor == ObjectKind.FUSE && event.object != null) {
                guess.wait.turnsOut(event.waitsFor, event.object);
            }
            settle(line, guess, guess.evidence, guess.wait.peers, event.timeNs);
        }
    }

    /** Nothing confirmed the guess that may be pending. */
    void takeBack(TimeLine<?> line, long nowNs) {
        PollGuess guess = line.guess;
        if (guess != null && guess.pending) {
            if (!guess.isFault() && guess.sender == null && guess.guess.kind() != ObjectKind.POLL) {
                counters.increment(TraceCounter.POLL_GUESS_TAKEN_BACK);
            }
            settle(line, guess, guess.withoutGuess(), guess.wait.peers, nowNs);
        }
    }

    private void settle(TimeLine<?> line, PollGuess guess, Evidence evidence, List<Peer> peers, long nowNs) {
        guess.pending = false;
        tell(line, guess, evidence, peers, nowNs, false);
    }

    private void tell(TimeLine<?> line, PollGuess guess, Evidence evidence, List<Peer> peers, long nowNs, boolean provisional) {
        interval.state = guess.isFault() ? guess.wait.state() : ThreadState.IPC;
        interval.toldState = guess.toldState;
        fill(guess.wait, guess.toNs, guess.toldNs, guess.waker, evidence, peers, guess.end);
        interval.nowNs = nowNs;
        interval.provisional = provisional;
        interval.late = guess.late;
        line.tell();
    }

    /** A window ends, or the trace: hands over the wait that the thread is in, and the one whose object is a guess. */
    void windowEnds(TimeLine<?> line, long nowNs, boolean last) {
        PollGuess guess = line.guess;
        if (last) {
            takeBack(line, nowNs);
        } else if (guess != null && guess.pending) {
            tell(line, guess, guess.withoutGuess(), guess.wait.peers, nowNs, true);
            guess.toldState = interval.state;
            guess.toldNs = guess.toNs;
            guess.late = true;
        }
        if (line.state().blocked()) {
            interval.state = line.state();
            interval.toldState = line.state();
            fill(line.wait, nowNs, line.toldNs(), null, Evidence.NONE, line.wait.peers, End.ONGOING);
            interval.nowNs = nowNs;
            interval.provisional = !last;
            interval.late = false;
            line.tell();
            line.toldUpTo(nowNs);
        }
    }
}
