package ktrace.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import ktrace.analysis.Cause;
import ktrace.analysis.shard.Timeline;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.Waker;
import org.junit.jupiter.api.Test;

/** A trace as a run: by names, so that the numbers of another run do not matter. */
class MeasuringTest {
    private static final long MS = 1_000_000;

    private static Run run(int firstPid, int rounds) {
        Timeline t = new Timeline();
        ThreadId reader = t.at(0).thread(firstPid, firstPid);
        ThreadId writer = t.thread(firstPid + 1, firstPid + 1);
        KernelObject pipe = Timeline.object(ObjectKind.PIPE, "pipe:[" + firstPid + "]");
        Peer peer = new Peer(firstPid + 1, "writer");
        t.push(EventType.START, null, e -> { }).rename(reader, "reader").rename(writer, "writer").in(Timeline.CPU_1, writer);
        for (int i = 0; i < rounds; i++) {
            t.at(i * 10 * MS).in(Timeline.CPU_0, reader).enter(reader, "read", pipe).at(i * 10 * MS + MS)
                    .out(Timeline.CPU_0, reader, 'S').at(i * 10 * MS + 9 * MS)
                    .waking(reader, Evidence.OBJECT, peer, e -> e.waker = new Waker(writer, writer.tid(), "writer", peer))
                    .in(Timeline.CPU_0, reader).exit(reader, "read", 1).out(Timeline.CPU_0, reader, 'R');
        }
        t.at(rounds * 10 * MS).end();
        Measuring measuring = new Measuring(Timeline.SYSCALLS);
        t.events.forEach(measuring::onEvent);
        return measuring.run("trace");
    }

    @Test
    void callsWaitsAndCausesAreMeasured() {
        Run run = run(100, 50);
        assertEquals(500 * MS, run.durationNs());
        Figures call = run.rows().get(new Row.Call("reader", "read"));
        assertEquals(50, call.count());
        assertEquals(50 * 9 * MS, call.totalNs());
        assertEquals(List.of(50, 1L), List.of(call.lengths().count(), call.lengths().size()));
        Figures wait = run.rows().get(new Row.Wait("reader", ObjectKind.PIPE, "read", "", "writer"));
        assertEquals(50 * 8 * MS, wait.totalNs());
        assertEquals(8 * MS, wait.p50Ns(), 0.01 * 8 * MS);
        Figures cause = run.rows().get(new Row.Reason("writer", Cause.COMPUTES, false));
        assertEquals(50 * 8 * MS, cause.totalNs());
        assertEquals(0.8, java.util.Arrays.stream(cause.rates().values()).average().orElseThrow(), 0.01);
    }

    @Test
    void anotherRunHasTheSameRows() {
        assertEquals(run(100, 20).rows().keySet(), run(7000, 30).rows().keySet());
        Comparison comparison = Comparison.of(run(100, 20), run(7000, 300));
        assertEquals(List.of(), comparison.changes().stream().filter(Change::standsOut).toList());
    }

    @Test
    void namesThatLastAreKept() {
        assertEquals(Map.of("lock", "/tmp/lock", "server", "127.0.0.1:6379", "pipe", ""), Map.of(
                "lock", Measuring.lasting(ObjectKind.FILELOCK, "/tmp/lock"),
                "server", Measuring.lasting(ObjectKind.TCP, "tcp 127.0.0.1:40001→127.0.0.1:6379"),
                "pipe", Measuring.lasting(ObjectKind.PIPE, "pipe:[81]")));
    }
}
