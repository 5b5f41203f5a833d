package ktrace.analysis.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.analysis.StateTimes;
import ktrace.analysis.WaitSummary;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import org.junit.jupiter.api.Test;

/** A wait that turns out, when it ends, to have been for something else than it had seemed. */
class TurnedOutTest {
    private static final Peer SERVER = new Peer(Timeline.PRODUCER, "server");
    private final Timeline t = new Timeline();
    private final ThreadId reader = t.at(0).thread(Timeline.CONSUMER, Timeline.CONSUMER);
    private final KernelObject file = Timeline.object(ObjectKind.DISK, "/etc/passwd");

    private void readsFor40(boolean intervalMeanwhile) {
        t.at(5).in(Timeline.CPU_0, reader).at(10).enter(reader, "read", file).at(20).out(Timeline.CPU_0, reader, 'D');
        if (intervalMeanwhile) {
            t.at(45).interval();
        }
        t.at(60).waking(reader, Evidence.OBJECT, SERVER, e -> {
            e.waitsFor = ObjectKind.FANOTIFY;
            e.object = file;
        });
        t.in(Timeline.CPU_0, reader).exit(reader, "read", 1).at(70).end();
    }

    private static void assertWaited(Replay replay) {
        WaitSummary wait = replay.waits(Timeline.CONSUMER).getFirst();
        assertEquals(ObjectKind.FANOTIFY, wait.kind());
        assertEquals("/etc/passwd", wait.object());
        assertEquals(1, wait.count());
        assertEquals(40, wait.totalNs());
        StateTimes states = replay.states(Timeline.CONSUMER);
        assertEquals(40, states.ipcNs());
        assertEquals(0, states.diskNs());
        assertEquals(40, states.blockedNs());
    }

    @Test
    void itIsCountedAsWhatItWas() {
        readsFor40(false);
        assertWaited(t.play());
    }

    /** The window that ended meanwhile has reported it as what it seemed. */
    @Test
    void andIsSoInTheWholeTraceWhereverAWindowEnded() {
        readsFor40(true);
        assertWaited(t.play());
    }

    /** What the request is on became known as the kernel's thread that did it ended the wait. */
    @Test
    void aRingsWaitIsForWhatTheRequestWasOn() {
        KernelObject ring = Timeline.object(ObjectKind.IO_URING, "[io_uring] fd 4");
        t.at(5).in(Timeline.CPU_0, reader).at(10).enter(reader, "io_uring_enter", ring).at(20).out(Timeline.CPU_0, reader, 'S');
        t.events.getLast().waitsFor = ObjectKind.IO_URING;
        t.at(45).interval().at(60).waking(reader, Evidence.OBJECT, SERVER, e -> e.object = file)
                .in(Timeline.CPU_0, reader).exit(reader, "io_uring_enter", 1).at(70).end();
        Replay replay = t.play();
        WaitSummary wait = replay.waits(Timeline.CONSUMER).getFirst();
        assertEquals(ObjectKind.DISK, wait.kind());
        assertEquals("/etc/passwd", wait.object());
        assertEquals(1, wait.count());
        StateTimes states = replay.states(Timeline.CONSUMER);
        assertEquals(40, states.diskNs());
        assertEquals(40, states.blockedNs());
    }
}
