package ktrace.ctf.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import ktrace.ctf.read.Heard;
import ktrace.event.Comm;
import ktrace.event.EventSink;
import ktrace.event.EventType;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;
import ktrace.linux.SyscallTable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a CPU turns out to run another thread than its last switch said. */
class InferredSwitchesTest {
    private static final Path BABELTRACE = Path.of("/usr/bin/babeltrace2");
    private static final int A = 71;
    private static final int B = 72;
    private static final int C = 4096 + B;

    @TempDir
    private Path directory;

    private final InferredSwitches switches = new InferredSwitches(3);
    private final List<TraceEvent> written = new ArrayList<>();
    private long timeNs = 1_000;

    private TraceEvent event(EventType type, int cpu, int tid, Consumer<TraceEvent> more) {
        TraceEvent event = new TraceEvent();
        event.become(type, ++timeNs, null);
        event.cpu = cpu;
        event.tid = tid;
        event.tgid = tid;
        more.accept(event);
        written.add(event);
        return event;
    }

    private static long comm(int tid) {
        return Comm.pack("t" + tid, 0);
    }

    private TraceEvent switched(int cpu, int prev, int next) {
        return event(EventType.SCHED_SWITCH, cpu, prev, e -> {
            e.arg0 = comm(prev);
            e.arg2 = 120;
            e.otherTid = next;
            e.number = 1;
            e.comm0 = comm(next);
            e.arg3 = 110;
        });
    }

    private TraceEvent calls(int cpu, int tid) {
        return event(EventType.SYS_ENTER, cpu, tid, e -> e.number = SyscallTable.current().number("getppid"));
    }

    /** {@code "71 t71 S → 72 t72"}, a dash for none. */
    private String before(TraceEvent event) {
        TraceEvent inferred = switches.before(event);
        if (inferred == null) {
            return "-";
        }
        assertEquals(EventType.SCHED_SWITCH, inferred.type);
        assertEquals(List.of(event.timeNs, (long) event.cpu), List.of(inferred.timeNs, (long) inferred.cpu));
        return inferred.tid + " " + Comm.text(inferred.arg0, inferred.arg1) + " " + (inferred.number == 0 ? "R" : "S") + " → "
                + inferred.otherTid + " " + Comm.text(inferred.comm0, inferred.comm1);
    }

    @Test
    void whoIsAtWorkOnACpuHasComeToIt() {
        assertEquals("-", before(switched(0, A, B)));
        assertEquals("-", before(calls(0, B)));
        assertEquals("72 t72 R → 71 t71", before(calls(0, A)));
        assertEquals("-", before(calls(0, A)), "once");
        assertEquals("-", before(switched(0, A, B)));
        assertEquals(1, switches.count());
    }

    @Test
    void aSwitchFromSomebodyElseTellsOfOneBefore() {
        before(switched(0, A, B));
        assertEquals("72 t72 R → 99 t99", before(switched(0, 99, A)));
        assertEquals("-", before(calls(0, A)));
    }

    /** The idle task runs where nobody else is ready; it has another name on each CPU. */
    @Test
    void whoLeftACpuIdleSleeps() {
        before(switched(2, A, B));
        assertEquals("72 t72 S → 0 swapper/2", before(event(EventType.SCHED_WAKING, 2, 0, e -> e.otherTid = A)));
        assertEquals("0 swapper/2 R → 72 t72", before(calls(2, B)));
        before(switched(1, A, 0));
        assertEquals("0 swapper/1 R → 72 t72", before(calls(1, B)));
    }

    @Test
    void aCpuOfWhichNoSwitchIsKnownIsNotGuessedAt() {
        before(switched(0, A, B));
        assertEquals("-", before(calls(1, A)));
        assertEquals("-", before(calls(1, B)));
        assertEquals("-", before(calls(-1, B)));
        assertEquals("-", before(calls(7, B)));
    }

    /** Its name is on each of its switches: none would take away the one that a reader has. */
    @Test
    void whoHasNoNameIsNotSwitchedTo() {
        before(switched(0, A, B));
        assertEquals("-", before(calls(0, 99)));
        before(event(EventType.THREAD_STATE, 1, 99, e -> e.payload = new ThreadSnapshot(99, 99, "named", 'S', -1, new long[0])));
        assertEquals("72 t72 R → 99 named", before(calls(0, 99)));
        before(switched(0, A, C));
        assertEquals("-", before(calls(0, B)), "two with the same last digits");
    }

    @Test
    void whatIsToldOfSomebodyIsNotDoneByThem() {
        before(switched(0, A, B));
        assertEquals("-", before(event(EventType.TASK_RENAME, 0, A, e -> e.comm0 = Comm.pack("renamed", 0))));
        assertEquals("-", before(event(EventType.THREAD_STATE, 0, A,
                e -> e.payload = new ThreadSnapshot(A, A, "told", 'S', -1, new long[0]))));
        assertEquals("72 t72 R → 71 told", before(calls(0, A)));
    }

    @Test
    void whoTakesTheFirstThreadsNumberAtExecHasBeenThere() {
        before(switched(0, A, B));
        assertEquals("-", before(event(EventType.SCHED_PROCESS_EXEC, 0, A, e -> e.otherTid = B)));
        assertEquals("-", before(calls(0, A)));
    }

    private TraceEvent late(int cpu, int prev, int next, long sinceNs) {
        TraceEvent event = switched(cpu, prev, next);
        event.arg4 = sinceNs;
        return event;
    }

    /** Who was found at work before the switch to it was told has come for other readers then. */
    @Test
    void aLateSwitchIsNewsOnce() {
        before(switched(0, A, B));
        assertTrue(switches.isNews(late(0, B, A, 1)));
        assertEquals("-", before(calls(0, A)));
        before(switched(0, A, B));
        before(calls(0, A));
        assertFalse(switches.isNews(late(0, B, A, 1)));
        assertEquals(2, switches.count());
    }

    /** ktrace's own reader hears of it when it was learnt, and once. */
    @Test
    void othersReadALateSwitchAtItsOwnTime() throws IOException, InterruptedException {
        switched(0, A, B);
        long sinceNs = timeNs + 3;
        timeNs += 10;
        late(0, B, A, sinceNs);
        record();
        List<String> heard = Heard.of(directory);
        assertEquals(2, heard.stream().filter(line -> line.contains("SCHED_SWITCH")).count(), heard::toString);
        assertTrue(heard.get(1).startsWith(sinceNs + 8 + " "), heard::toString);
        Assumptions.assumeTrue(Files.isExecutable(BABELTRACE), "there is no " + BABELTRACE
                + " to read it with: apt-get install babeltrace2");
        List<String> switches = babeltrace().stream().filter(line -> line.contains(" sched_switch: ")).toList();
        assertEquals(2, switches.size(), switches::toString);
        assertTrue(switches.getLast().contains("000000003) ") && switches.getLast().contains("inferred = 1"), switches::toString);
    }

    private void record() {
        EventSink writer = new RecordedFiles(directory).writer(0, 1);
        written.forEach(writer::onEvent);
        TraceEvent end = new TraceEvent();
        end.become(EventType.END, ++timeNs, new WindowFacts(0, written.size(), 0, Map.of()));
        end.cpu = -1;
        writer.onEvent(end);
    }

    @Test
    void ktraceReadsWhatWasSeenAndNothingElse() {
        switched(0, A, B);
        calls(0, A);
        switched(1, 5, 6);
        switched(0, B, A);
        record();
        List<String> heard = Heard.of(directory);
        assertEquals(3, heard.stream().filter(line -> line.contains("SCHED_SWITCH")).count(), heard::toString);
        assertEquals(written.size() + 1, heard.size(), heard::toString);
    }

    @Test
    void othersReadASwitchThatIsMarked() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(BABELTRACE), "there is no " + BABELTRACE
                + " to read it with: apt-get install babeltrace2");
        switched(0, A, B);
        calls(0, A);
        calls(0, A);
        record();
        List<String> lines = babeltrace();
        assertEquals(5, lines.size(), lines::toString);
        assertTrue(lines.get(1).contains("sched_switch: "), lines.get(1));
        for (String field : List.of("cpu_id = 0", "prev_comm = \"t72\"", "prev_tid = 72", "prev_prio = 10", "prev_state = 0",
                "next_comm = \"t71\"", "next_tid = 71", "next_prio = 20", "inferred = 1")) {
            assertTrue(lines.get(1).contains(field), () -> field + " is not in " + lines.get(1));
        }
        assertTrue(!lines.getFirst().contains("inferred"), lines.getFirst());
        assertTrue(lines.get(2).contains("syscall_entry_getppid"), lines.get(2));
    }

    private List<String> babeltrace() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(BABELTRACE.toString(), directory.toString())
                .redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), text);
        return text.lines().toList();
    }
}
