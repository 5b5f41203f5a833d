package ktrace.analysis.waits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.IntFunction;
import ktrace.analysis.ThreadWaits;
import ktrace.analysis.WaitSummary;
import ktrace.analysis.shard.Timeline;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ProcessId;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounters;
import ktrace.event.Waker;
import org.junit.jupiter.api.Test;

/** Rows of objects that turn out to be one after the rows were made, between two windows or within one. */
class ProcessWaitsTest {
    private static final Peer WRITER = new Peer(99, "writer");
    private static final Waker WRITES = Timeline.mainThread(WRITER);
    private static final ThreadId READER = new ThreadId(10, new ProcessId(10, 1, 0, 0), 0, 0);
    private static final IntFunction<String> NAMES = Timeline.SYSCALLS::name;
    private final ProcessWaits waits = new ProcessWaits(100, 100, new TraceCounters());
    private final KernelObject standIn = new KernelObject(ObjectKind.PIPE, "pipe", 0);
    private final KernelObject pipe = new KernelObject(ObjectKind.PIPE, "pipe:[5]", 5);

    private void record(KernelObject object, long lengthNs) {
        WaitRow row = waits.row(ObjectKind.PIPE, object, 0, WRITES, Evidence.OBJECT);
        waits.pair(row, READER, WRITES).record(lengthNs, lengthNs);
        row.seen(WRITES, List.of(WRITER), 1);
    }

    private static WaitSummary onPipe(long count, long totalNs, long p50Ns, long maxNs) {
        return new WaitSummary(ObjectKind.PIPE, "pipe:[5]", "read", WRITES, List.of(WRITER), Evidence.OBJECT, count, totalNs,
                p50Ns, maxNs, maxNs, false, List.of(new ThreadWaits(10, "", WRITES, count, totalNs, p50Ns, maxNs, maxNs, false)));
    }

    @Test
    void rowsOfOneObjectAreJoinedWithWindowAndTotal() {
        record(standIn, 10);
        waits.closeWindow(ProcessWaits.empty(), NAMES);
        record(standIn, 20);
        record(pipe, 40);
        standIn.identify(pipe);
        assertTrue(waits.unify());
        assertEquals(List.of(onPipe(2, 60, 20, 40)), waits.closeWindow(ProcessWaits.empty(), NAMES));
        assertEquals(List.of(onPipe(3, 70, 20, 40)), waits.totalSummaries(ProcessWaits.empty(), NAMES));
        assertFalse(waits.unify());
    }

    @Test
    void rowOfAStandInTakesTheNameThatIsFound() {
        record(standIn, 10);
        standIn.identify(pipe);
        assertTrue(waits.unify());
        record(standIn, 30);
        assertEquals(List.of(onPipe(2, 40, 10, 30)), waits.closeWindow(ProcessWaits.empty(), NAMES));
    }

    @Test
    void shownRowsAreAddedAndNotKept() {
        record(pipe, 10);
        ProcessWaits shown = ProcessWaits.empty();
        shown.pair(shown.row(ObjectKind.PIPE, pipe, 0, null, Evidence.NONE), READER, null).show(true, false, 7, 5, true);
        shown.pair(shown.row(ObjectKind.PIPE, pipe, 0, WRITES, Evidence.OBJECT), READER, WRITES).show(false, true, 30, 20, true);
        List<WaitSummary> window = waits.closeWindow(shown, NAMES);
        assertEquals(List.of(onPipe(2, 30, 10, 30), new WaitSummary(ObjectKind.PIPE, "pipe:[5]", "read", null, List.of(),
                Evidence.NONE, 0, 5, 0, 0, 0, true, List.of(new ThreadWaits(10, "", null, 0, 5, 0, 0, 0, true)))), window);
        assertEquals(List.of(onPipe(2, 40, 10, 30)), waits.totalSummaries(shown, NAMES).subList(0, 1));
        assertEquals(List.of(onPipe(1, 10, 10, 10)), waits.totalSummaries(ProcessWaits.empty(), NAMES));
    }
}
