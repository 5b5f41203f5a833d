package ktrace.analysis.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import ktrace.analysis.StateTimes;
import ktrace.analysis.WaitSummary;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.Waker;
import org.junit.jupiter.api.Test;

/** What is told of threads by a source that sees calls and no scheduler. */
class CallWaitsTest {
    private static final Peer CAT = new Peer(Timeline.PRODUCER, "cat");
    private final Timeline t = new Timeline();
    private final ThreadId consumer = t.at(0).thread(Timeline.CONSUMER, Timeline.CONSUMER);
    private final KernelObject pipe = Timeline.object(ObjectKind.PIPE, "pipe:[81234]");

    private Timeline start() {
        return t.push(EventType.START, null, e -> e.number = 1);
    }

    /**
     * <pre>
     *    0    10                    120        140
     *    unknown  blocked in read    unknown
     *    │    ├── read ─────────────┤──────────┤ end
     * </pre>
     */
    @Test
    void aThreadWaitsFromTheEntryOfAReadToItsExit() {
        start().at(10).enter(consumer, "read", pipe)
                .at(120).push(EventType.SYS_EXIT, consumer, e -> {
                    e.number = Timeline.SYSCALLS.number("read");
                    e.result = 4096;
                    e.evidence = Evidence.OBJECT;
                    e.waker = Waker.of(CAT);
                    e.peers = List.of(CAT);
                })
                .at(140).end();

        Replay replay = t.play();

        assertEquals(new StateTimes(0, 0, 0, 110, 30, 110, 0, 0, 0, 0, 0, 0, 0, 0), replay.states(Timeline.CONSUMER));
        assertEquals(List.of(new WaitSummary(ObjectKind.PIPE, "pipe:[81234]", "read", Waker.of(CAT), List.of(CAT), Evidence.OBJECT, 1,
                110, 110, 110, 110, false, List.of())), replay.waits(Timeline.CONSUMER));
    }

    @Test
    void aCallThatRefusesToWaitIsNoWait() {
        start().at(10).enter(consumer, "read", pipe).at(20).exit(consumer, "read", -11).at(40).end();

        Replay replay = t.play();

        assertEquals(List.of(), replay.waits(Timeline.CONSUMER));
        assertEquals(new StateTimes(0, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 0, 0, 0), replay.states(Timeline.CONSUMER));
    }

    @Test
    void aRefusalThatAnIntervalShowedAsAWaitStaysInTheSums() {
        start().at(10).enter(consumer, "read", pipe).at(15).interval().at(20).exit(consumer, "read", -11).at(40).end();

        Replay replay = t.play();

        assertEquals(10, replay.states(Timeline.CONSUMER).blockedNs());
        assertEquals(10, replay.waits(Timeline.CONSUMER).getFirst().totalNs());
        assertEquals(0, replay.waits(Timeline.CONSUMER).getFirst().count());
    }

    @Test
    void whetherACallOnAFileWaitedIsNotKnown() {
        KernelObject file = Timeline.object(ObjectKind.DISK, "/var/log/messages");
        start().at(10).enter(consumer, "read", file).at(30).exit(consumer, "read", 1)
                .at(50).enter(consumer, "close", pipe).at(60).exit(consumer, "close", 0).at(80).end();

        Replay replay = t.play();

        assertEquals(new StateTimes(0, 0, 0, 0, 80, 0, 0, 0, 0, 0, 0, 0, 0, 0), replay.states(Timeline.CONSUMER));
        assertEquals(20, replay.syscall(Timeline.CONSUMER, "read").totalNs());
    }

    @Test
    void aSleepIsASleepAndAnEndOfTheTraceLeavesItGoingOn() {
        start().at(10).enter(consumer, "nanosleep").at(60).end();

        Replay replay = t.play();

        assertEquals(new StateTimes(0, 0, 0, 50, 10, 0, 0, 50, 0, 0, 0, 0, 0, 0), replay.states(Timeline.CONSUMER));
        assertEquals(true, replay.waits(Timeline.CONSUMER).getFirst().ongoing());
    }

    @Test
    void aBirthTellsNothingOfWhereTheChildIs() {
        start();
        ThreadId child = t.at(10).thread(300, 300);
        t.fork(consumer, child, 17, "child").at(50).end();

        assertEquals(new StateTimes(0, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 0, 0, 0), t.play().states(300));
    }
}
