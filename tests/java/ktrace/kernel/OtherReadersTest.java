package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ktrace.ctf.CallFunctions;
import ktrace.linux.OnlineCpus;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The field's own tools open what ktrace records, find nothing to complain of, and come to the same figures. */
@RealKernel
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OtherReadersTest {
    private static final String COMMAND = "seq 100000 | sort -R | tail -n 1; for i in 1 2 3; do sleep 0.01; ls / > /dev/null; done";
    private static final Pattern SYSCALL_ENTRY =
            Pattern.compile(" syscall_entry_(\\w+): .*?\\{ pid = (-?\\d+), tid = (-?\\d+) \\}");

    private Path trace;
    private FinalDocument live;
    private int commandPid;

    private record Said(int status, List<String> lines, String errors) {
    }

    @BeforeAll
    void recordOnce(@TempDir Path directory) throws IOException {
        trace = directory.resolve("trace");
        try (Ktrace ktrace = Ktrace.startWithJson(List.of("-o", trace.toString(), "--", "sh", "-c", COMMAND))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            live = new FinalDocument(ktrace.documents().getLast());
        }
        commandPid = live.json().path("processes").valueStream().mapToInt(process ->
                process.path("pid").asInt()).min().orElseThrow();
    }

    private static Said run(String... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("said", ".out");
        Path err = Files.createTempFile("said", ".err");
        int status = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start().waitFor();
        Said said = new Said(status, Files.readAllLines(out), Files.readString(err, StandardCharsets.ISO_8859_1));
        Files.delete(out);
        Files.delete(err);
        return said;
    }

    @ParameterizedTest
    @ValueSource(strings = {"babeltrace2", "babeltrace"})
    void babeltraceReadsEveryEventWithoutAWarning(String babeltrace, @TempDir Path directory) throws Exception {
        Path recorded = directory.resolve("recorded");
        long written;
        try (Ktrace ktrace = Ktrace.start(List.of("record", "-o", recorded.toString(), "--", "sh", "-c", COMMAND))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            Matcher told = Pattern.compile("recorded (\\d+) events").matcher(ktrace.program().stderr());
            assertTrue(told.find(), () -> ktrace.program().describe());
            written = Long.parseLong(told.group(1));
        }
        Said said = run(babeltrace, recorded.toString());
        assertEquals("", said.errors());
        assertEquals(0, said.status());
        assertEquals(written, said.lines().size());
    }

    /** Each call that the summary counts has its entry in the trace, under the kernel's name. */
    @Test
    void babeltraceSeesTheCallsOfTheSummary() throws Exception {
        Map<String, Long> entries = new TreeMap<>();
        for (String line : run("babeltrace2", trace.toString()).lines()) {
            Matcher entry = SYSCALL_ENTRY.matcher(line);
            // These do not return, so they are no calls of the summary.
            if (entry.find() && !entry.group(1).startsWith("exit")) {
                entries.merge(entry.group(2) + ' ' + CallFunctions.call(entry.group(1)), 1L, Long::sum);
            }
        }
        Map<String, Long> calls = new TreeMap<>();
        for (JsonNode process : live.json().path("processes")) {
            process.path("syscalls").forEach(call -> calls.merge(process.path("pid").asInt() + " " + call.path("name").asText(),
                    call.path("calls").asLong(), Long::sum));
        }
        assertEquals(calls, entries);
        assertTrue(calls.size() > 50, () -> "too little to compare: " + calls);
    }

    /**
     * Some virtual machines have no sched_switch of how some of their CPUs leave idleness: who sleeps alone on such a one never
     * runs then, for whoever reads the trace. Nor have they of how a few other tasks go, which may come between. Programs in the kernel
     * see all of these, and tell of the traced: which CPU others take out of its idleness is not in such a trace.
     */
    @ParameterizedTest
    @ValueSource(strings = {"perf", "bpf"})
    void whoComesFromIdleIsSwitchedIn(String collector, @TempDir Path directory) throws Exception {
        for (int cpu : OnlineCpus.read()) {
            Path recorded = directory.resolve("cpu" + cpu);
            List<String> command = new ArrayList<>(List.of("-c", collector, "--force", "-o", recorded.toString(), "--", "taskset", "-c",
                    Integer.toString(cpu)));
            command.addAll(Workload.command("plain", "nanosleep", "--count", "200"));
            JsonNode sleeper;
            try (Ktrace ktrace = Ktrace.startWithJson(command)) {
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                sleeper = ktrace.program().documents().getLast();
            }
            assertSameShare(sleeper, analysis("cputop", recorded).path(0));
            int idle = 0;
            int left = 0;
            int nameless = 0;
            boolean isIdle = false;
            for (String line : run("babeltrace2", recorded.toString()).lines()) {
                if (line.contains(" sched_switch: { cpu_id = " + cpu + " }")) {
                    boolean fromIdle = line.contains("prev_tid = 0,");
                    idle += isIdle ? 1 : 0;
                    left += isIdle && fromIdle ? 1 : 0;
                    nameless += line.contains("next_comm = \"\"") ? 1 : 0;
                    isIdle = line.contains("next_tid = 0,");
                }
            }
            String found = "CPU " + cpu + " was idle " + idle + " times, and left that " + left + " times, for " + nameless
                    + " without a name";
            assertTrue(idle > 0 && (left >= 0.95 * idle || collector.equals("bpf")) && nameless <= 0.05 * idle, found);
        }
    }

    /** What a CPU does without the traced is not in such a trace, which says so; that it does something is. */
    @Test
    void aCpuThatSomebodyElseTakesOverIsNotIdle(@TempDir Path directory) throws Exception {
        int cpu = OnlineCpus.read()[0];
        Path recorded = directory.resolve("trace");
        List<String> command = new ArrayList<>(List.of("-c", "bpf", "-o", recorded.toString(), "--", "taskset", "-c",
                Integer.toString(cpu)));
        command.addAll(Workload.command("plain", "nanosleep", "--count", "200"));
        JsonNode sleeper;
        try (RunningProgram _ = RunningProgram.start(List.of("taskset", "-c", Integer.toString(cpu), "sh", "-c", "while :; do :; done"));
                Ktrace ktrace = Ktrace.startWithJson(command)) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            sleeper = ktrace.program().documents().getLast();
        }
        assertSameShare(sleeper, analysis("cputop", recorded).path(0));
        String left = " sched_switch: { cpu_id = " + cpu + " }";
        String from = "prev_tid = " + sleeper.path("waiterTid").asInt() + ",";
        List<String> switches = run("babeltrace2", recorded.toString()).lines().stream()
                .filter(line -> line.contains(left) && line.contains(from)).toList();
        assertTrue(switches.size() > 200, switches::toString);
        assertEquals(List.of(), switches.stream().filter(line -> line.contains("next_tid = 0,")).toList());
        assertTrue(Files.readString(recorded.resolve("kernel/metadata"), StandardCharsets.ISO_8859_1)
                .contains("ktrace_switches = \"traced\";"));
    }

    /** Of the time of the trace, within 0.3 points of what the kernel says the thread ran (/proc/PID/schedstat). */
    private static void assertSameShare(JsonNode sleeper, JsonNode top) {
        double durationNs = top.path("time-range").path("end").path("value").asDouble()
                - top.path("time-range").path("begin").path("value").asDouble();
        double theirs = top.path("data").valueStream()
                .filter(row -> row.path(0).path("tid").asInt() == sleeper.path("waiterTid").asInt())
                .mapToDouble(row -> 100 * row.path(3).path("value").asDouble()).sum();
        assertEquals(100 * sleeper.path("lifeCpuNs").asDouble() / durationNs, theirs, 0.3, () -> "per cent of " + sleeper);
        assertTrue(theirs > 0, () -> "nothing of " + sleeper);
    }

    private JsonNode analysis(String name) throws Exception {
        return analysis(name, trace);
    }

    private static JsonNode analysis(String name, Path trace) throws Exception {
        List<String> command = new ArrayList<>(List.of("lttng-" + name + "-mi", "--skip-validation"));
        if (!name.equals("syscallstats")) {
            // Without it the ten first of the whole machine.
            command.addAll(List.of("--limit", "1000000"));
        }
        command.add(trace.toString());
        Said said = run(command.toArray(String[]::new));
        assertEquals(0, said.status(), said.errors());
        return new ObjectMapper().readTree(String.join("\n", said.lines())).path("results");
    }

    /** Those that look for what ktrace does not record find none of it, which is no error. */
    @ParameterizedTest
    @ValueSource(strings = {"cputop", "iolatencyfreq", "iolatencystats", "iolatencytop", "iolog", "iousagetop", "irqfreq", "irqlog",
        "irqstats", "memtop", "periodfreq", "periodlog", "periodstats", "periodtop", "schedfreq", "schedlog", "schedstats", "schedtop",
        "syscallstats"})
    void everyAnalysisRuns(String name) throws Exception {
        Said said = run("lttng-" + name, "--no-progress", "--skip-validation", trace.toString());
        assertEquals("", said.errors());
        assertEquals(0, said.status());
        assertTrue(said.lines().getFirst().startsWith("Timerange: ["), () -> String.join("\n", said.lines()));
    }

    /** By the name that the call was given, and not the number where it lies. */
    @Test
    void iologNamesTheFilesThatWereOpened() throws Exception {
        List<String> opened = run("lttng-iolog", "--no-progress", "--skip-validation", trace.toString()).lines().stream()
                .filter(line -> line.contains(" open")).toList();
        assertTrue(opened.stream().anyMatch(line -> line.contains(" /etc/ld.so.cache ")), opened::toString);
    }

    /** Of those born in the trace: who runs on a CPU before the first switch is not known to these analyses. */
    private Stream<JsonNode> born() {
        return live.json().path("processes").valueStream().filter(process -> process.path("pid").asInt() != commandPid);
    }

    @Test
    void syscallstatsCountsAndMeasuresTheSame() throws Exception {
        Map<String, List<Long>> theirs = new TreeMap<>();
        for (JsonNode result : analysis("syscallstats")) {
            Matcher tid = Pattern.compile("TID: (\\d+)").matcher(result.path("class").path("title").asText());
            if (tid.find()) {
                result.path("data").forEach(row -> theirs.put(tid.group(1) + ' '
                        + CallFunctions.call(row.path(0).path("name").asText()),
                        List.of(row.path(1).path("value").asLong(), row.path(2).path("value").asLong(),
                                row.path(4).path("value").asLong(),
                                Math.round(row.path(3).path("value").asDouble() * row.path(1).path("value").asLong()))));
            }
        }
        Map<String, List<Long>> ours = new TreeMap<>();
        born().forEach(process -> process.path("syscalls").forEach(call -> ours.put(
                process.path("pid").asInt() + " " + call.path("name").asText(),
                List.of(call.path("calls").asLong(), call.path("minNs").asLong(), call.path("maxNs").asLong(),
                        call.path("totalNs").asLong()))));
        theirs.keySet().removeIf(key -> key.startsWith(commandPid + " "));
        assertEquals(ours, theirs);
        assertTrue(ours.size() > 50, () -> "too little to compare: " + ours);
    }

    /** From each wake-up to the switch: all of the time in the queue of those that were never forced off their CPU. */
    @Test
    void schedlogSeesTheSameTimeInTheQueue() throws Exception {
        Map<Integer, Long> theirs = new HashMap<>();
        analysis("schedlog").path(0).path("data").forEach(row ->
                theirs.merge(row.path(5).path("tid").asInt(), row.path(2).path("value").asLong(), Long::sum));
        assertAll(born().map(process -> () -> {
            JsonNode states = process.path("states");
            long queuedNs = states.path("runnableNs").asLong();
            long seenNs = theirs.getOrDefault(process.path("pid").asInt(), 0L);
            assertTrue(seenNs > 0 && seenNs <= queuedNs, () -> seenNs + " of " + process);
            if (states.path("switchesInvoluntary").asLong() == 0) {
                assertEquals(queuedNs, seenNs, Math.max(50_000, queuedNs * 0.02), () -> process.toString());
            }
        }));
    }

    /** They count until the last switch, ktrace until the exit, between which the kernel takes the process down. */
    @Test
    void cputopSeesTheSameTimeOnCpus() throws Exception {
        long takenDownNs = 2_000_000;
        JsonNode top = analysis("cputop").path(0);
        JsonNode range = top.path("time-range");
        long durationNs = range.path("end").path("value").asLong() - range.path("begin").path("value").asLong();
        assertEquals(live.json().path("durationNs").asLong(), durationNs);
        Map<Integer, Double> theirs = new HashMap<>();
        top.path("data").forEach(row -> theirs.put(row.path(0).path("tid").asInt(),
                row.path(3).path("value").asDouble() * durationNs));
        assertAll(born().map(process -> () -> {
            double ours = process.path("states").path("runningNs").asDouble();
            double seen = theirs.getOrDefault(process.path("pid").asInt(), 0.0);
            assertTrue(seen > ours * 0.99 - 1000 && seen < ours * 1.01 + takenDownNs, () -> seen + " ns of " + process);
        }));
    }
}
