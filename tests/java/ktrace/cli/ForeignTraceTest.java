package ktrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import ktrace.cli.options.UserError;
import ktrace.ctf.read.MiniTrace;
import ktrace.event.EventSink;
import ktrace.event.EventType;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;
import ktrace.export.PerfettoExporter;
import ktrace.export.TracedMachine;
import ktrace.intervals.Interval;
import ktrace.intervals.IntervalSink;
import ktrace.intervals.Intervals;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What traces of LTTng's say of threads, and where they say nothing, in both versions of CTF. */
class ForeignTraceTest {
    @TempDir
    private Path directory;

    /** A report in short: by thread its process, and the milliseconds in each state; how often each call; the counters. */
    private static final class Story implements IntervalSink<ThreadId> {
        private final Map<String, Map<String, Long>> states = new TreeMap<>();
        private final Map<String, Integer> calls = new TreeMap<>();
        private final Map<TraceCounter, Long> counters = new TreeMap<>();
        private long lengthNs;
        private RecordedTrace trace;

        static Story of(Path directory) {
            Story story = new Story();
            TraceCounters tracker = new TraceCounters();
            Intervals<ThreadId> intervals = new Intervals<>(new TraceCounters(), story);
            try (RecordedTrace trace = RecordedTrace.open(directory.toString())) {
                story.trace = trace;
                trace.replay(tracker, List.<EventSink>of(intervals, story::ends), stop -> { });
            }
            story.counters.putAll(tracker.nonZero());
            return story;
        }

        private void ends(TraceEvent event) {
            if (event.type == EventType.END && event.payload instanceof WindowFacts facts) {
                lengthNs = event.timeNs - facts.startNs();
                counters.putAll(facts.counters());
            }
        }

        @Override
        public ThreadId begins(ThreadId thread, long fromNs) {
            return thread;
        }

        @Override
        public void interval(ThreadId thread, Interval interval) {
            String state = interval.state().blocked() ? "BLOCKED" : interval.state().name();
            if (!interval.provisional() && interval.newNs() > 0) {
                states.computeIfAbsent(thread.process().tgid() + "/" + thread.tid(), name -> new TreeMap<>())
                        .merge(state, interval.newNs() / 1_000_000, Long::sum);
            }
        }

        @Override
        public void ends(ThreadId thread, long nowNs) {
            // All was told.
        }

        @Override
        public void returned(ThreadId thread, int syscall, long lengthNs, long result) {
            calls.merge(trace.reader().syscalls().name(syscall), 1, Integer::sum);
        }

        long counted(TraceCounter counter) {
            return counters.getOrDefault(counter, 0L);
        }
    }

    private MiniTrace trace(boolean ctf2) {
        return new MiniTrace(directory, ctf2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aThreadWhoseProcessNothingTellsIsOneOfItsOwn(boolean ctf2) throws IOException {
        Story story = Story.of(trace(ctf2).sched(0, 0, 100, 0).sched(10, 100, 0, 1).sched(20, 0, 200, 0).sched(25, 200, 0, 1)
                .write());
        assertEquals(Map.of("100/100", Map.of("RUNNING", 10L, "BLOCKED", 15L), "200/200", Map.of("UNKNOWN", 20L, "RUNNING", 5L)),
                story.states);
        assertEquals(2, story.counted(TraceCounter.UNKNOWN_PROCESS));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatTheStateDumpTellsLaterHeldBefore(boolean ctf2) throws IOException {
        Story story = Story.of(trace(ctf2).sched(0, 0, 101, 0).call(1, "getppid").sched(10, 101, 0, 1).dump(20, 100, 100)
                .dump(21, 101, 100).dump(22, 102, 100).sched(30, 0, 101, 0).sched(31, 101, 0, 1).write());
        assertEquals(Map.of("getppid", 1), story.calls);
        assertEquals(Map.of("RUNNING", 11L, "BLOCKED", 20L), story.states.get("100/101"));
        assertEquals(Map.of("UNKNOWN", 22L, "BLOCKED", 9L), story.states.get("100/102"), "not before it was found waiting");
        assertEquals(0, story.counted(TraceCounter.UNKNOWN_PROCESS));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theProcessIsThatOfTheContext(boolean ctf2) throws IOException {
        MiniTrace trace = new MiniTrace(directory, ctf2, "i32 pid, i32 tid");
        Story story = Story.of(trace.call(0, "getppid").sched(2, 101, 0, 1).write(100, 101));
        assertEquals(Map.of("100/101", Map.of("RUNNING", 2L)), story.states);
        assertEquals(Map.of("getppid", 1), story.calls);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theNumbersOfANamespaceAreBetterThanNone(boolean ctf2) throws IOException {
        MiniTrace trace = new MiniTrace(directory, ctf2, "i32 vpid, i32 vtid");
        Story story = Story.of(trace.call(0, "getppid").call(2, "read").write(7, 8));
        assertEquals(List.of("7/8"), List.copyOf(story.states.keySet()));
        assertEquals(Map.of("getppid", 1, "read", 1), story.calls);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aThreadAloneByItsNumberHasItsCalls(boolean ctf2) throws IOException {
        Story story = Story.of(new MiniTrace(directory, ctf2, "i32 tid").call(0, "getppid").sched(2, 101, 0, 1).write(101));
        assertEquals(Map.of("101/101", Map.of("RUNNING", 2L)), story.states);
        assertEquals(Map.of("getppid", 1), story.calls);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whereNoSchedulerIsRecordedWaitsAreToldFromCalls(boolean ctf2) throws IOException {
        Story story = Story.of(new MiniTrace(directory, ctf2, "i32 pid, i32 tid").call(0, "getppid")
                .event(2, "syscall_entry_nanosleep", 0).event(5, "syscall_exit_nanosleep", 0L).write(100, 100));
        assertEquals(3L, story.states.get("100/100").get("BLOCKED"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theTraceEndsWithItsLastEvent(boolean ctf2) throws IOException {
        Story story = Story.of(trace(ctf2).dump(0, 100, 100).sched(1, 0, 100, 0).sched(2, 100, 0, 1).sched(3, 0, 100, 0)
                .sched(4, 100, 200, 0).sched(5, 200, 100, 1).until(8005).write());
        assertEquals(5_000_000, story.lengthNs);
        assertEquals(Map.of("BLOCKED", 2L, "RUNNING", 2L, "RUNNABLE", 1L), story.states.get("100/100"));
        assertEquals(0, story.counted(TraceCounter.UNEVEN_STREAMS));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void afterTheEndOfACpusStreamNothingIsKnown(boolean ctf2) throws IOException {
        Story story = Story.of(trace(ctf2).dump(0, 100, 100).sched(1, 0, 100, 0).until(2)
                .cpu(1).sched(1, 0, 200, 0).sched(900, 200, 0, 1).until(1000).write());
        assertEquals(Map.of("BLOCKED", 1L, "RUNNING", 1L, "UNKNOWN", 898L), story.states.get("100/100"));
        assertEquals(1, story.counted(TraceCounter.UNEVEN_STREAMS));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStreamWhoseBeginIsGoneIsTold(boolean ctf2) throws IOException {
        Story story = Story.of(trace(ctf2).sched(1, 0, 100, 0).sched(900, 100, 0, 1).until(1000)
                .cpu(1).begunBefore().sched(800, 0, 200, 0).sched(850, 200, 0, 1).until(1000).write());
        assertEquals(1, story.counted(TraceCounter.UNEVEN_STREAMS));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callsHaveTheNamesOfTheirMachine(boolean ctf2) throws IOException {
        Story story = Story.of(trace(ctf2).dump(0, 100, 100).sched(1, 0, 100, 0).call(2, "stat64").call(4, "mmap2")
                .call(6, "arm_fadvise64_64").call(8, "read").sched(10, 100, 0, 1).write());
        assertEquals(Map.of("stat64", 1, "mmap2", 1, "arm_fadvise64_64", 1, "read", 1), story.calls);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aNumberIsNotNamedByAnotherMachinesTable(boolean ctf2) throws IOException {
        MiniTrace trace = trace(ctf2).kernel("3.10.31-ltsi", 5, 0).dump(0, 100, 100).sched(1, 0, 100, 0)
                .event(2, "sys_stat64", 3).event(3, "exit_syscall", 0L).event(4, "sys_unknown", 119).event(5, "exit_syscall", 0L)
                .sched(10, 100, 0, 1);
        assertEquals(Map.of("stat64", 1, "syscall_0x77", 1), Story.of(trace.write()).calls);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aNumberIsNamedByTheTableOfItsMachine(boolean ctf2) throws IOException {
        MiniTrace trace = trace(ctf2).kernel("4.4.6-300.fc23.x86_64", 5, 0).sched(1, 0, 100, 0)
                .event(4, "sys_unknown", 119).event(5, "exit_syscall", 0L).sched(10, 100, 0, 1);
        assertEquals(Map.of("setresgid", 1), Story.of(trace.write()).calls);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void perfettoIsToldTheNamesThatItCannotKnow(boolean ctf2) throws IOException {
        Path trace = trace(ctf2).sched(1, 0, 100, 0).call(2, "stat64").sched(10, 100, 0, 1).write();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (RecordedTrace recorded = RecordedTrace.open(trace.toString())) {
            assertEquals("", recorded.reader().machine());
            PerfettoExporter export = new PerfettoExporter(out, new TracedMachine("", "", "", "", "", 0), "1",
                    recorded.reader().syscalls()::name, recorded.reader().syscalls()::name);
            recorded.replay(new TraceCounters(), List.of(export), stop -> { });
            export.finish();
        }
        String written = out.toString(StandardCharsets.ISO_8859_1);
        assertTrue(written.contains("B|100|stat64") && written.contains("E|100"), written);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMoveToWhereAThreadIsIsNone(boolean ctf2) throws IOException {
        Story story = Story.of(trace(ctf2).kernel("3.2.0", 1, 0).dump(0, 100, 100).sched(1, 0, 100, 0)
                .event(2, "sched_migrate_task", "p100", 100, 20, 0, 0).sched(10, 100, 0, 1).write());
        assertEquals(Map.of("100/100", Map.of("BLOCKED", 1L, "RUNNING", 9L)), story.states);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatAStateSaysDependsOnTracerAndKernel(boolean ctf2) throws IOException {
        Map<String, Long> dead = Map.of("RUNNING", 1L);
        Map<String, Long> waits = Map.of("RUNNING", 1L, "BLOCKED", 8L);
        Map<String, Long> preempted = Map.of("RUNNING", 1L, "RUNNABLE", 8L);
        assertEquals(dead, stateSays(ctf2, "4.15.0-65-generic", 10, 8, 0x80), "TASK_DEAD");
        assertEquals(dead, stateSays(ctf2, "4.9.0", 10, 8, 0x40), "TASK_DEAD");
        assertEquals(waits, stateSays(ctf2, "4.15.0", 10, 8, 0x40), "TASK_PARKED");
        assertEquals(waits, stateSays(ctf2, "4.15.0", 10, 12, 0x80), "idle");
        assertEquals(waits, stateSays(ctf2, "4.15.0", 11, 0, 0x80), "idle");
        assertEquals(waits, stateSays(ctf2, "4.15.0", 9, 15, 0x80), "idle");
        assertEquals(waits, stateSays(ctf2, "4.15.0", 9, 14, 0x402), "idle");
        assertEquals(preempted, stateSays(ctf2, "4.15.0", 9, 14, 0x1000), "preempted");
        assertEquals(preempted, stateSays(ctf2, "4.15.0", 9, 15, 0x100), "preempted");
        assertEquals(dead, stateSays(ctf2, "4.15.0", 9, 14, 0x10), "EXIT_DEAD");
    }

    private Map<String, Long> stateSays(boolean ctf2, String release, int minor, int patch, long state) throws IOException {
        String name = String.format(Locale.ROOT, "%s-%d-%d-%x", release, minor, patch, state);
        MiniTrace trace = new MiniTrace(directory.resolve(name), ctf2).kernel(release, minor, patch);
        return Story.of(trace.sched(1, 0, 100, 0).sched(2, 100, 200, state).sched(10, 200, 0, 1).write()).states.get("100/100");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTraceWithoutAKnownEventSaysWhatIsInIt(boolean ctf2) throws IOException {
        Path trace = trace(ctf2).event(1, "block_rq_issue", 1).event(2, "block_rq_issue", 1).event(3, "net_dev_queue", 1).write();
        String said = assertThrows(UserError.class, () -> Story.of(trace)).getMessage();
        assertTrue(said.contains("of its 3 events ktrace knows none"), said);
        assertTrue(said.endsWith("there are block_rq_issue, net_dev_queue"), said);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsOfAnotherTraceOrOfNoCpuIsCalledThat(boolean ctf2) throws IOException {
        Path trace = trace(ctf2).sched(1, 0, 100, 0).sched(2, 100, 0, 1).until(5).cpu(1).sched(3, 0, 200, 0).until(5)
                .cpu(1 << 20).sched(4, 0, 300, 0).until(5).write();
        byte[] other = Files.readAllBytes(trace.resolve("channel0_1"));
        other[4] ^= 1;
        Files.write(trace.resolve("channel0_1"), other);
        Story story = Story.of(trace);
        assertEquals(Set.of("100/100"), story.states.keySet());
        assertEquals(Map.of(TraceCounter.OTHER_TRACE, 1L, TraceCounter.IMPOSSIBLE_CPU, 1L, TraceCounter.UNKNOWN_PROCESS, 1L),
                story.counters);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTraceWithoutAnyEventSaysSo(boolean ctf2) throws IOException {
        Path trace = trace(ctf2).write();
        String said = assertThrows(UserError.class, () -> Story.of(trace)).getMessage();
        assertTrue(said.endsWith("there is no event in it"), said);
    }
}
