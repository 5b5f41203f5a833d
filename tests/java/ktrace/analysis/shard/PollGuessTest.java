package ktrace.analysis.shard;

import static ktrace.analysis.shard.Timeline.CPU_0;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import ktrace.analysis.WaitSummary;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounter;
import org.junit.jupiter.api.Test;

/**
 * What ended a poll is guessed at the waking, and told by the next call on an fd.
 *
 * <pre>
 *   0     10            60   70       80        90
 *   ├─poll┤.............│rrrr├────────┤read(x)  │
 *         out           waking by a writer to the socket
 * </pre>
 */
class PollGuessTest {
    private static final int PID = 10;
    private static final Peer WRITER = new Peer(99, "writer");
    private final Timeline t = new Timeline();
    private final ThreadId threadA = t.at(0).thread(PID, PID);
    private final KernelObject socket = Timeline.object(ObjectKind.UNIX, "socket:[1]");
    private final KernelObject log = Timeline.object(ObjectKind.DISK, "/var/log/x");

    PollGuessTest() {
        t.in(CPU_0, threadA).enter(threadA, "poll", null, 0x7000, 2).at(10).out(CPU_0, threadA, 'S')
                .at(60).wakingByGuess(threadA, WRITER, socket).at(70).in(CPU_0, threadA).exit(threadA, "poll", 1);
    }

    private static WaitSummary onSocket(long count, long totalNs) {
        return new WaitSummary(ObjectKind.UNIX, "socket:[1]", "poll", Timeline.mainThread(WRITER), List.of(), Evidence.OBJECT, count, totalNs, 50, 50,
                50, false, List.of());
    }

    private static WaitSummary onPoll(long count, long totalNs) {
        return new WaitSummary(ObjectKind.POLL, "", "poll", Timeline.mainThread(WRITER), List.of(), Evidence.WAKER, count, totalNs, 50, 50, 50, false, List.of());
    }

    @Test
    void callOnTheObjectConfirms() {
        t.at(80).enter(threadA, "getppid").exit(threadA, "getppid", 1).enter(threadA, "read", socket).at(90).end();
        Replay replay = t.play();
        assertEquals(List.of(onSocket(1, 50)), replay.waits(PID));
        assertEquals(0, replay.counter(TraceCounter.POLL_GUESS_TAKEN_BACK));
    }

    @Test
    void callOnNoDescriptorTellsNothing() {
        t.at(80).enter(threadA, "futex", Timeline.object(ObjectKind.FUTEX, "futex 0x1")).exit(threadA, "futex", 0)
                .enter(threadA, "poll", Timeline.object(ObjectKind.POLL, "poll")).exit(threadA, "poll", 1)
                .enter(threadA, "read", socket).at(90).end();
        assertEquals(List.of(onSocket(1, 50)), t.play().waits(PID));
    }

    @Test
    void callOnAnotherObjectTakesBack() {
        t.at(80).enter(threadA, "write", log).exit(threadA, "write", 1).enter(threadA, "read", socket).at(90).end();
        Replay replay = t.play();
        assertEquals(List.of(onPoll(1, 50)), replay.waits(PID));
        assertEquals(1, replay.counter(TraceCounter.POLL_GUESS_TAKEN_BACK));
    }

    @Test
    void nextGuessTakesTheOneBefore() {
        t.at(80).enter(threadA, "poll", null, 0x7000, 2).out(CPU_0, threadA, 'S').at(130).wakingByGuess(threadA, WRITER, socket)
                .in(CPU_0, threadA).exit(threadA, "poll", 1).enter(threadA, "read", socket).at(140).end();
        Replay replay = t.play();
        assertEquals(List.of(onPoll(1, 50), onSocket(1, 50)), replay.waits(PID));
        assertEquals(1, replay.counter(TraceCounter.POLL_GUESS_TAKEN_BACK));
    }

    @Test
    void endTakesBack() {
        t.at(90).end();
        assertEquals(List.of(onPoll(1, 50)), t.play().waits(PID));
        assertEquals(1, t.play().counter(TraceCounter.POLL_GUESS_TAKEN_BACK));
    }

    @Test
    void endOfTheThreadTakesBack() {
        t.at(80).exited(threadA).at(90).end();
        assertEquals(List.of(onPoll(1, 50)), t.play().waits(PID));
    }

    /** At 75 it is still a guess: shown as what is certain, and in the final document as what it turned out to be. */
    @Test
    void pendingGuessIsShownAsPollAndCountedOnce() {
        t.at(75).interval().at(80).enter(threadA, "read", socket).at(90).interval().at(95).end();
        Replay replay = t.play();
        assertEquals(List.of(onPoll(1, 50)), Replay.rows(Replay.process(replay.intervals.get(0), PID)));
        assertEquals(List.of(onPoll(1, 50)), Replay.rows(Replay.process(replay.soFar.get(0), PID)));
        assertEquals(List.of(), Replay.rows(Replay.process(replay.intervals.get(1), PID)));
        assertEquals(List.of(onSocket(1, 50)), Replay.rows(Replay.process(replay.soFar.get(1), PID)));
        assertEquals(List.of(onSocket(1, 50)), replay.waits(PID));
    }

    /** An epoll set has its members on record: what ended the wait is no guess. */
    @Test
    void memberOfAnEpollSetNeedsNoConfirmation() {
        Timeline e = new Timeline();
        ThreadId server = e.at(0).thread(PID, PID);
        e.in(CPU_0, server).enter(server, "epoll_wait", Timeline.object(ObjectKind.POLL, "epoll:[3]"))
                .out(CPU_0, server, 'S').at(50).waking(server, Evidence.OBJECT, WRITER, w -> w.object = socket).end();
        WaitSummary wait = e.play().waits(PID).getFirst();
        assertEquals(ObjectKind.UNIX, wait.kind());
        assertEquals("socket:[1]", wait.object());
        assertEquals("epoll_wait", wait.syscall());
    }
}
