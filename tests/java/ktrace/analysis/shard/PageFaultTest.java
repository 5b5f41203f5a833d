package ktrace.analysis.shard;

import static ktrace.analysis.shard.Timeline.CPU_0;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import ktrace.analysis.StateTimes;
import ktrace.analysis.WaitSummary;
import ktrace.event.Evidence;
import ktrace.event.EventType;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import org.junit.jupiter.api.Test;

/**
 * A thread that sleeps outside of calls has touched a page that was not there, most often; of which file, and that it had to wait
 * for it at all, is told when it has it.
 *
 * <pre>
 *   5        20               60            70  71
 *   ├─ runs ─┤................│ ready       ├─┤ PAGE_FAULTED
 * </pre>
 */
class PageFaultTest {
    private static final int PID = 10;
    private static final Peer SERVER = new Peer(20, "server");
    private final Timeline t = new Timeline();
    private final ThreadId threadA = t.at(0).thread(PID, PID);
    private final KernelObject file = Timeline.object(ObjectKind.DISK, "/usr/lib/libc.so.6");

    PageFaultTest() {
        t.at(5).in(CPU_0, threadA).enter(threadA, "getppid").exit(threadA, "getppid", 1).at(20).out(CPU_0, threadA, 'D');
    }

    private Timeline wakes() {
        return t.at(60).waking(threadA, Evidence.INTERRUPT, null);
    }

    private Timeline faults(KernelObject in) {
        return t.push(EventType.PAGE_FAULTED, threadA, e -> {
            e.cpu = CPU_0;
            e.waitsFor = ObjectKind.DISK;
            e.object = in;
        });
    }

    private static void assertWaited(Replay replay, ObjectKind kind, String object) {
        assertEquals(1, replay.waits(PID).size(), replay.waits(PID)::toString);
        WaitSummary wait = replay.waits(PID).getFirst();
        assertEquals(kind, wait.kind());
        assertEquals(object, wait.object());
        assertEquals(Evidence.INTERRUPT, wait.evidence());
        assertEquals(1, wait.count());
        assertEquals(40, wait.totalNs());
        StateTimes states = replay.states(PID);
        assertEquals(kind == ObjectKind.DISK ? 40 : 0, states.diskNs());
        assertEquals(kind == ObjectKind.DISK ? 0 : 40, states.pagefaultNs());
        assertEquals(40, states.blockedNs());
    }

    @Test
    void itIsForTheFileThatWasTouched() {
        wakes().at(70).in(CPU_0, threadA).at(71);
        faults(file).at(80).end();
        assertWaited(t.play(), ObjectKind.DISK, "/usr/lib/libc.so.6");
    }

    @Test
    void itIsForDiskWhereTheFileIsNotKnown() {
        wakes().at(70).in(CPU_0, threadA).at(71);
        faults(null).at(80).end();
        assertWaited(t.play(), ObjectKind.DISK, "");
    }

    /** The window that ended meanwhile has reported it as what was known then. */
    @Test
    void itIsSoInTheWholeTraceWhereverAWindowEnded() {
        t.at(30).interval();
        wakes().at(65).interval().at(70).in(CPU_0, threadA).at(71);
        faults(file).at(80).end();
        assertWaited(t.play(), ObjectKind.DISK, "/usr/lib/libc.so.6");
    }

    /** Neither the wake-up nor the switch was seen. */
    @Test
    void whoHasItsPageRuns() {
        t.at(60);
        faults(file).at(80).end();
        Replay replay = t.play();
        WaitSummary wait = replay.waits(PID).getFirst();
        assertEquals("/usr/lib/libc.so.6", wait.object());
        assertEquals(Evidence.NONE, wait.evidence());
        assertEquals(40, replay.states(PID).diskNs());
    }

    private Timeline isServed() {
        return t.at(60).waking(threadA, Evidence.OBJECT, SERVER, e -> {
            e.waitsFor = ObjectKind.FUSE;
            e.object = Timeline.object(ObjectKind.FUSE, "fuse /mnt");
            e.peers = List.of(SERVER);
        });
    }

    private static void assertServed(Replay replay, String object) {
        assertEquals(1, replay.waits(PID).size(), replay.waits(PID)::toString);
        WaitSummary wait = replay.waits(PID).getFirst();
        assertEquals(ObjectKind.FUSE, wait.kind());
        assertEquals(object, wait.object());
        assertEquals(Evidence.OBJECT, wait.evidence());
        assertEquals("server", wait.waker().comm());
        assertEquals(1, wait.peers().size());
        assertEquals(40, wait.totalNs());
        assertEquals(40, replay.states(PID).ipcNs());
        assertEquals(40, replay.states(PID).blockedNs());
    }

    /** Who has served it is known at once, and the file with the page. */
    @Test
    void ofWhatAnotherServesItIsForTheFile() {
        isServed().at(65).interval().at(70).in(CPU_0, threadA).at(71).push(EventType.PAGE_FAULTED, threadA, e -> {
            e.cpu = CPU_0;
            e.waitsFor = ObjectKind.FUSE;
            e.object = Timeline.object(ObjectKind.FUSE, "/mnt/file");
        }).at(80).end();
        assertServed(t.play(), "/mnt/file");
    }

    @Test
    void andElseForWhatIsServed() {
        isServed().at(70).in(CPU_0, threadA).at(71);
        faults(file).at(75).enter(threadA, "getppid").exit(threadA, "getppid", 1).at(80).end();
        assertServed(t.play(), "fuse /mnt");
    }

    /** It may be a lock, or memory that has to be made free. */
    @Test
    void aSleepAfterWhichNoPageHasComeStaysWhatItIs() {
        wakes().at(70).in(CPU_0, threadA).at(75).enter(threadA, "getppid").exit(threadA, "getppid", 1);
        faults(file).at(80).end();
        assertWaited(t.play(), ObjectKind.OTHER, "(page fault)");
    }

    @Test
    void soDoesOneThatTheTraceEndsAfter() {
        wakes().at(70).in(CPU_0, threadA).at(80).end();
        assertWaited(t.play(), ObjectKind.OTHER, "(page fault)");
    }
}
