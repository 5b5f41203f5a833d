package ktrace.analysis.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import ktrace.analysis.StateTimes;
import ktrace.analysis.SyscallSummary;
import ktrace.analysis.WaitSummary;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import org.junit.jupiter.api.Test;

/** The whole way of one wait, from the events to every figure of the summary. */
class PipeWaitTest {
    private static final Peer CAT = new Peer(Timeline.PRODUCER, "cat");
    private final Timeline t = new Timeline();
    private final ThreadId consumer = t.at(0).thread(Timeline.CONSUMER, Timeline.CONSUMER);
    private final KernelObject pipe = Timeline.object(ObjectKind.PIPE, "pipe:[81234]");

    /**
     * <pre>
     *         0    10     20                  120     130        140
     *         unknown     blocked in read     runnable running
     * CPU_0   │    ├──read┤                   │       ├──────────┤
     *              enter  out S               waking  in         exit, end
     * </pre>
     */
    @Test
    void aReaderWaitsForTheWriterOfItsPipe() {
        t.at(5).in(Timeline.CPU_0, consumer)
                .at(10).enter(consumer, "read", pipe)
                .at(20).out(Timeline.CPU_0, consumer, 'S')
                .at(120).waking(consumer, Evidence.OBJECT, CAT, e -> e.peers = List.of(CAT))
                .at(130).in(Timeline.CPU_0, consumer)
                .at(140).exit(consumer, "read", 4096).end();

        Replay replay = t.play();

        assertEquals(new StateTimes(25, 10, 0, 100, 5, 100, 0, 0, 0, 0, 0, 1, 0, 0), replay.states(Timeline.CONSUMER));
        assertEquals(List.of(new WaitSummary(ObjectKind.PIPE, "pipe:[81234]", "read", Timeline.mainThread(CAT), List.of(CAT), Evidence.OBJECT, 1,
                100, 100, 100, 100, false, List.of())), replay.waits(Timeline.CONSUMER));
        assertEquals(new SyscallSummary("read", 0, 1, 0, 130, 130, 130, 130, 130, 130, Map.of(),
                List.of(new SyscallSummary.Bucket(128, 1))), replay.syscall(Timeline.CONSUMER, "read"));
    }

    /**
     * The first wait is on a pipe that nobody could name yet, the second on the same after it was looked up: one row, with its
     * name.
     */
    @Test
    void waitsOnAPipeNamedLaterAreThoseOnThatPipe() {
        KernelObject standIn = Timeline.object(ObjectKind.PIPE, "pipe");
        t.in(Timeline.CPU_0, consumer)
                .at(10).enter(consumer, "read", standIn).out(Timeline.CPU_0, consumer, 'S')
                .at(20).waking(consumer, Evidence.OBJECT, CAT).in(Timeline.CPU_0, consumer).exit(consumer, "read", 1)
                .at(30).interval()
                .at(40).enter(consumer, "read", pipe).out(Timeline.CPU_0, consumer, 'S')
                .at(60).waking(consumer, Evidence.OBJECT, CAT).in(Timeline.CPU_0, consumer).exit(consumer, "read", 1)
                .at(70).end();
        standIn.identify(pipe);

        assertEquals(List.of(new WaitSummary(ObjectKind.PIPE, "pipe:[81234]", "read", Timeline.mainThread(CAT), List.of(), Evidence.OBJECT, 2,
                30, 10, 20, 20, false, List.of())), t.play().waits(Timeline.CONSUMER));
    }
}
