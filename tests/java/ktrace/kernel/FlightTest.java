package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** record --flight on a busy program: the latest, in bounds, at the signal and at the end. */
@RealKernel
class FlightTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SIZE = 8 << 20;
    /** After so long the state has been told, and at most so far from an event's time are the two recorders' clocks. */
    private static final long SETTLED_NS = 50_000_000;
    private static final long MARGIN_NS = 2_000_000;
    /** Its call's begin and end, and the thread's switch out, waking and switch in. */
    private static final int EVENTS_OF_WAIT = 5;

    @TempDir
    private Path directory;

    private RunningProgram record(boolean signalIsFree, String... scope) {
        // The launcher frees SIGUSR2, which HotSpot keeps for itself.
        List<String> command = new ArrayList<>(signalIsFree ? Installed.command() : Ktrace.launcher());
        command.addAll(List.of("record", "--flight", "8M", "-o", directory.resolve("trace").toString()));
        command.addAll(List.of(scope));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("_JAVA_SR_SIGNUM");
        return RunningProgram.start(builder);
    }

    private long size(String trace) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(trace).resolve("kernel"))) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private String read(String trace) throws IOException {
        Path out = directory.resolve(trace + ".txt");
        Path err = directory.resolve(trace + ".err");
        try (RunningProgram reader = RunningProgram.start(new ProcessBuilder("babeltrace2", directory.resolve(trace).toString())
                .redirectOutput(out.toFile()).redirectError(err.toFile()))) {
            assertEquals(0, reader.exitStatus(PATIENCE));
        }
        assertEquals("", Files.readString(err));
        return Files.readString(out);
    }

    @Test
    void atTheSignalAndAtTheEnd() throws IOException {
        try (Workload workload = Workload.start("getppid", "100000000", "--rate", "100000")) {
            String pid = Long.toString(workload.program().pid());
            try (RunningProgram ktrace = record(true, "-p", pid)) {
                RunningProgram.sleep(Duration.ofSeconds(8));
                assertEquals(0, size("trace"), "nothing is written before it is asked for");
                ktrace.signal("USR2");
                ktrace.awaitStderr("wrote the last", PATIENCE);
                RunningProgram.sleep(Duration.ofSeconds(1));
                assertTrue(ktrace.isAlive());
                ktrace.signal("INT");
                assertEquals(0, ktrace.exitStatus(PATIENCE), ktrace::describe);
                assertEquals(2, ktrace.stderr().lines().count(), ktrace::describe);
            }
            for (String trace : List.of("trace", "trace.1")) {
                assertTrue(size(trace) <= SIZE + (1 << 20), "with the metadata " + size(trace));
                assertTrue(size(trace) > SIZE / 3, "kept " + size(trace));
                String events = read(trace);
                assertTrue(events.contains("syscall_entry_getppid: "), "calls");
                assertFalse(events.contains(" ktrace_start: "), "the begin was dropped");
                assertTrue(events.lines().anyMatch(line -> line.contains("ktrace_statedump_process: ")
                        && line.contains("pid = " + pid)), "state was told anew");
            }
            assertTrue(read("trace.1").contains(" ktrace_end: "));
            try (Ktrace report = Ktrace.start(List.of("report", directory.resolve("trace.1").toString()))) {
                assertEquals(0, report.awaitExit(), () -> report.program().describe());
                assertTrue(report.program().stdout().contains("getppid"), () -> report.program().describe());
            }
        }
    }

    private Path rows(String trace) {
        Path json = directory.resolve(trace + ".json");
        try (Ktrace export = Ktrace.start(List.of("export", directory.resolve(trace).toString(), "--format", "json", "-o",
                json.toString()))) {
            assertEquals(0, export.awaitExit(), () -> export.program().describe());
        }
        return json;
    }

    /** Calls that began in a window, by whom, which, on what; waits by whom, for what, and how sure that is. */
    private static Map<String, Integer> counts(Path rows, long fromNs, long untilNs) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        // There are millions.
        try (Stream<String> lines = Files.lines(rows)) {
            lines.map(RunningProgram::parse).forEach(row -> count(row, fromNs, untilNs, counts));
        }
        return counts;
    }

    private static void count(JsonNode row, long fromNs, long untilNs, Map<String, Integer> counts) {
        long startNs = row.path("startNs").asLong();
        boolean counted = row.path("record").asText().equals("call") || row.path("record").asText().equals("wait");
        if (counted && startNs >= fromNs && startNs < untilNs) {
            counts.merge(row.path("record").asText() + ' ' + row.path("pid") + ' ' + row.path("comm").asText() + ' '
                    + row.path("syscall").asText() + ' ' + row.path("object").asText() + ' ' + row.path("evidence").asText(), 1,
                    Integer::sum);
        }
    }

    /**
     * Waits whose wake-up the kernel did not write, as it does in some virtual machines while a CPU's idle task is current: to each of
     * the two others.
     */
    private static int unseen(Map<String, Integer> counts) {
        int unseen = counts.entrySet().stream().filter(entry -> entry.getKey().startsWith("wait ") && entry.getKey().endsWith(" none"))
                .mapToInt(Map.Entry::getValue).sum();
        int waits = counts.entrySet().stream().filter(entry -> entry.getKey().startsWith("wait ")).mapToInt(Map.Entry::getValue).sum();
        assertTrue(unseen <= 2 + waits / 50, () -> unseen + " of " + waits + " wake-ups were not seen");
        return unseen;
    }

    private JsonNode summary(String trace) throws IOException {
        Path json = directory.resolve(trace + "-summary.json");
        try (Ktrace report = Ktrace.start(List.of("report", "--json=" + json, directory.resolve(trace).toString()))) {
            assertEquals(0, report.awaitExit(), () -> report.program().describe());
            return last(json);
        }
    }

    /** Of all events, those that the kernel made no record of for this recorder: a wait may be missing for each. */
    private static double shareUnwritten(JsonNode document) {
        return document.path("counters").path("unrecorded").asDouble() / document.path("events").asLong();
    }

    private static JsonNode first(Path rows) throws IOException {
        try (Stream<String> lines = Files.lines(rows)) {
            return RunningProgram.parse(lines.findFirst().orElseThrow());
        }
    }

    private static JsonNode last(Path rows) throws IOException {
        try (Stream<String> lines = Files.lines(rows)) {
            return RunningProgram.parse(lines.reduce((before, line) -> line).orElseThrow());
        }
    }

    /**
     * Children, their names and descriptors are older than all that is kept: what a report makes of it is all the same what a whole
     * recording, taken at the same time, has over the same window. The two see each event at slightly different times; nobody is watched
     * whom they wait for, as one would watch the other and not itself.
     */
    @Test
    void whatIsKeptSaysWhatAWholeRecordingSays() throws IOException {
        Path whole = directory.resolve("whole");
        try (RunningProgram target = RunningProgram.start(List.of("sh", "-c", "read go; (yes | cat > /dev/null) & wait"))) {
            String pid = Long.toString(target.pid());
            List<String> command = new ArrayList<>(Installed.command());
            command.addAll(List.of("record", "-o", whole.toString(), "--only", "-p", pid));
            try (RunningProgram recorder = RunningProgram.start(command); RunningProgram flight = record(true, "--only", "-p", pid)) {
                RunningProgram.sleep(Duration.ofSeconds(2));
                target.writeLine("go");
                RunningProgram.sleep(Duration.ofSeconds(6));
                flight.signal("USR2");
                flight.awaitStderr("wrote the last", PATIENCE);
                RunningProgram.sleep(Duration.ofSeconds(3));
                flight.signal("INT");
                assertEquals(0, flight.exitStatus(PATIENCE), flight::describe);
                recorder.signal("INT");
                assertEquals(0, recorder.exitStatus(PATIENCE), recorder::describe);
            }
        }
        Path all = rows("whole");
        JsonNode summary = summary("whole");
        assertEquals(0, summary.path("lost").asLong(), () -> "the whole recording lost: " + summary.path("counters"));
        double unwritten = shareUnwritten(summary);
        for (String trace : List.of("trace", "trace.1")) {
            assertTrue(read(trace).lines().findFirst().orElse("").contains(" lttng_statedump_start: "), "it begins with the state");
            JsonNode keptSummary = summary(trace);
            assertEquals(0, keptSummary.path("lost").asLong(), () -> trace + " lost: " + keptSummary.path("counters"));
            Path kept = rows(trace);
            long fromNs = first(kept).path("startNs").asLong() + SETTLED_NS;
            long untilNs = last(kept).path("timeNs").asLong() - MARGIN_NS;
            assertTrue(untilNs - fromNs > MARGIN_NS, "too little is kept to compare");
            Map<String, Integer> expected = counts(all, fromNs, untilNs);
            Map<String, Integer> actual = counts(kept, fromNs, untilNs);
            assertTrue(expected.keySet().stream().anyMatch(key -> key.startsWith("call ") && key.contains(" cat read pipe:[")),
                    expected::toString);
            expected.keySet().forEach(key -> actual.putIfAbsent(key, 0));
            int unseen = unseen(expected) + unseen(actual);
            actual.forEach((key, count) -> assertTrue(
                    Math.abs(count - expected.getOrDefault(key, 0)) <= 2
                            + (key.startsWith("wait ") ? unseen + Math.ceil(count * EVENTS_OF_WAIT * unwritten) : 0),
                    () -> trace + ": " + key + ": " + count + " of " + expected.getOrDefault(key, 0) + " in " + expected
                            + "\nand " + actual + ", " + keptSummary.path("counters")));
        }
    }

    @Test
    void whenTheTargetEndsAndWithoutASignal() throws IOException {
        try (RunningProgram ktrace = record(false, "--", Workload.program("getppid").toString(), "1000")) {
            assertEquals(0, ktrace.exitStatus(PATIENCE), ktrace::describe);
            assertEquals(1, ktrace.stderr().lines().filter(line -> line.contains("_JAVA_SR_SIGNUM")).count(), ktrace::describe);
        }
        String events = read("trace");
        assertTrue(events.contains(" ktrace_start: ") && events.contains(" ktrace_end: "), "a short trace is whole");
        assertEquals(1000, events.lines().filter(line -> line.contains("syscall_entry_getppid: ")).count());
    }

    @Test
    void tooLittleIsRefused() {
        try (Ktrace ktrace = Ktrace.start(List.of("record", "--flight", "1M", "-o", directory.resolve("x").toString(), "-a"))) {
            assertEquals(2, ktrace.awaitExit());
            assertEquals(1, ktrace.program().stderr().lines().filter(line -> line.startsWith("ktrace:")).count());
        }
        assertFalse(Files.exists(directory.resolve("x")));
    }
}
