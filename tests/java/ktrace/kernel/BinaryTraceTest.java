package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every event of a run is in its recording, thread by thread; the recording is small, and survives a kill and a full disk. */
@RealKernel
class BinaryTraceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern LINE = Pattern.compile("\\[\\S+] \\(\\S+\\) (?:\\S+ )?(?<name>\\w+): .*?(?<fields>\\{.*)");
    private static final Pattern CONTEXT = Pattern.compile("\\{ (?:cpu_id = \\d+ }, \\{ )?pid = (-?\\d+), tid = (-?\\d+) }");
    private static final Pattern EVENTS = Pattern.compile(", events = (\\d+)");

    @TempDir
    private Path directory;

    private Path trace() {
        return directory.resolve("trace");
    }

    static Stream<List<String>> commands() {
        return Stream.of(List.of("sh", "-c", "seq 20000 | sort -n | tail -1"),
                List.of("sh", "-c", "for i in 1 2 3 4 5 6 7 8; do (sleep 0.0$i; echo $i) & done | cat; wait"),
                Workload.command("pipe", "read", "--count", "100", "--ms", "1"),
                Workload.command("getppid", "20000", "--threads", "5"));
    }

    private FinalDocument record(List<String> command) {
        List<String> arguments = new ArrayList<>(List.of("-o", trace().toString(), "--"));
        arguments.addAll(command);
        try (Ktrace live = Ktrace.startWithJson(arguments)) {
            assertEquals(0, live.awaitExit(), () -> live.program().describe());
            return live.finalDocument();
        }
    }

    /** The output of a program that has nothing to complain of. */
    private String run(String... command) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin", command[0])), "needs " + command[0]);
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        try (RunningProgram program = RunningProgram.start(new ProcessBuilder(command).redirectOutput(out.toFile())
                .redirectError(err.toFile()))) {
            assertEquals(0, program.exitStatus(PATIENCE), () -> program.describe());
        }
        assertEquals("", Files.readString(err).lines().limit(3).reduce("", String::concat), "standard error of " + command[0]);
        return Files.readString(out);
    }

    /** Lines of one reader, counted by name. */
    private static Map<String, Long> names(List<String> lines) {
        Map<String, Long> names = new TreeMap<>();
        for (String line : lines) {
            Matcher matcher = LINE.matcher(line);
            assertTrue(matcher.matches(), line);
            names.merge(matcher.group("name"), 1L, Long::sum);
        }
        return names;
    }

    /** The counter in ktrace_end is of what went into the pipeline before it, ktrace's own events of state and facts among them. */
    @ParameterizedTest
    @MethodSource("commands")
    void bothReadersFindEveryEvent(List<String> command) throws IOException {
        FinalDocument document = record(command);
        assertEquals(0, document.json().path("lost").asLong());
        List<String> newer = run("babeltrace2", trace().toString()).lines().toList();
        Map<String, Long> names = names(newer);
        assertEquals(names, names(run("babeltrace", trace().toString()).lines().toList()), "both readers");
        assertEquals(1, names.get("ktrace_start"));
        assertEquals(1, names.get("ktrace_end"));
        String end = newer.stream().filter(line -> line.contains(" ktrace_end: ")).findFirst().orElseThrow();
        Matcher counted = EVENTS.matcher(end);
        assertTrue(counted.find(), end);
        assertEquals(document.json().path("events").asLong(), Long.parseLong(counted.group(1)),
                "events in ktrace_end and in the document");
        long ofPipeline = names.entrySet().stream().filter(name ->
                isOfPipeline(name.getKey())).mapToLong(Map.Entry::getValue).sum();
        // What ktrace learnt stands there twice: as the fact that it is, and for readers who know no facts; who must have come to a CPU
        // without a switch that was seen is told to these, too.
        ofPipeline -= newer.stream().filter(line -> line.endsWith("learnt = 1 }") || line.endsWith("inferred = 1 }")).count();
        assertEquals(Long.parseLong(counted.group(1)), ofPipeline, names::toString);
        assertSameCalls(document, newer);
    }

    /** They take names for texts, and descriptors from the state dump, as LTTng writes them. */
    @Test
    void everyAnalysisOfLttngsRuns() throws IOException {
        record(List.of("sh", "-c", "cat /etc/passwd | cat > " + directory.resolve("out")));
        for (String analysis : List.of("cputop", "iolatencyfreq", "iolatencystats", "iolatencytop", "iolog", "iousagetop", "irqfreq",
                "irqlog", "irqstats", "memtop", "periodfreq", "periodlog", "periodstats", "periodtop", "schedfreq", "schedlog",
                "schedstats", "schedtop", "syscallstats")) {
            String said = run("lttng-" + analysis, "--no-progress", trace().toString());
            assertFalse(said.contains("Error"), () -> analysis + ": " + said);
        }
        String log = run("lttng-iolog", "--no-progress", trace().toString());
        assertTrue(log.lines().anyMatch(line -> line.contains("openat")), log);
        assertFalse(log.lines().anyMatch(line -> line.matches(".* openat .* \\d{9,} .*")), () -> "an address for a name: " + log);
    }

    private static boolean isOfPipeline(String name) {
        return !List.of("ktrace_start", "ktrace_interval", "ktrace_end", "lttng_statedump_start",
                "lttng_statedump_end").contains(name);
    }

    /** Of every thread and call: entries and exits in the trace, and for single-threaded processes the document's calls. */
    private static void assertSameCalls(FinalDocument document, List<String> lines) {
        Map<Integer, Map<String, long[]>> ofThread = new HashMap<>();
        for (String line : lines) {
            Matcher matcher = LINE.matcher(line);
            assertTrue(matcher.matches(), line);
            String name = matcher.group("name");
            if (name.startsWith("syscall_entry_") || name.startsWith("syscall_exit_")) {
                Matcher context = CONTEXT.matcher(matcher.group("fields"));
                assertTrue(context.find(), line);
                boolean exit = name.startsWith("syscall_exit_");
                ofThread.computeIfAbsent(Integer.parseInt(context.group(2)), tid -> new TreeMap<>())
                        .computeIfAbsent(name.replaceFirst("^syscall_(entry|exit)_", ""), call -> new long[2])[exit ? 1 : 0]++;
            }
        }
        assertFalse(ofThread.isEmpty());
        int compared = 0;
        for (JsonNode process : document.json().path("processes")) {
            Map<String, Long> finished = new TreeMap<>();
            for (JsonNode thread : process.path("threads")) {
                ofThread.getOrDefault(thread.path("tid").asInt(), Map.of()).forEach((name, both) -> {
                    // The registers that sigreturn restores have no number of a call: its exit is that of an unknown one. Exits,
                    // and the child's side of a clone, have one of the two.
                    assertTrue(List.of("rt_sigreturn", "unknown").contains(name) || Math.abs(both[0] - both[1]) <= 1, () -> name
                    + " of " + thread + ": " + both[0] + ", " + both[1]);
                    long calls = name.equals("rt_sigreturn") ? both[0] : Math.min(both[0], both[1]);
                    if (calls > 0) {
                        finished.merge(name, calls, Long::sum);
                    }
                });
            }
            Map<String, Long> calls = new TreeMap<>();
            process.path("syscalls").forEach(call -> calls.put(call.path("name").asText(), call.path("calls").asLong()));
            assertEquals(finished, calls, () -> "calls of process " + process.path("pid"));
            compared += calls.size();
        }
        assertTrue(compared > 0);
    }

    /** The metadata is the same for any number of calls; what the rest of the machine does meanwhile is not the call's. */
    @Test
    void aGetppidCostsAtMostFortyBytes() throws IOException {
        long calls = 1_000_000;
        FinalDocument document = record(Workload.command("getppid", Long.toString(calls)));
        assertEquals(calls, document.calls("getppid"));
        long bytes = 0;
        try (Stream<Path> files = Files.list(trace().resolve("kernel"))) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        double each = (double) bytes / calls;
        assertTrue(each <= 40, each + " bytes a call");
        assertTrue(each >= 32, each + " bytes a call are fewer than it takes");
    }

    @Test
    void whatAKilledKtraceHasWrittenIsReadable() throws IOException {
        try (Workload workload = Workload.start("getppid", "100000000", "--rate", "20000")) {
            try (Ktrace live = Ktrace.attach(List.of("-o", trace().toString(), "-i", "200ms"), workload.program().pid())) {
                Path file = trace().resolve("kernel/cpu_0");
                long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
                while (live.documents().size() < 5 && System.nanoTime() < deadlineNs) {
                    RunningProgram.sleep(Duration.ofMillis(10));
                }
                live.program().signal("KILL");
                assertEquals(128 + 9, live.awaitExit());
                assertTrue(Files.size(file) > 0);
            }
            assertTrue(workload.program().isAlive(), "and the traced program runs on");
        }
        Map<String, Long> names = names(run("babeltrace2", trace().toString()).lines().toList());
        assertTrue(names.getOrDefault("ktrace_interval", 0L) >= 4, names::toString);
        assertTrue(names.get("syscall_entry_getppid") > 5_000, names::toString);
        assertFalse(names.containsKey("ktrace_end"), names::toString);
    }

    @Test
    void aRecordingThatAFullDiskStoppedHasFailedAndSaysHowMuchIsMissing() throws IOException {
        Path small = Files.createDirectory(directory.resolve("small"));
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString());
        try (Ktrace record = Ktrace.start(List.of("record", "-o", small.resolve("trace").toString(), "--",
                Workload.program("getppid").toString(), "300000"))) {
            assertEquals(1, record.awaitExit(), () -> record.program().describe());
            String said = record.program().stderr();
            assertFalse(said.contains("none was lost"), said);
            Matcher missing = Pattern.compile("cannot write the result: (\\d+) events, (\\d+) bytes more are not there")
                    .matcher(said);
            assertTrue(missing.find(), said);
            Matcher there = Pattern.compile("recorded (\\d+) events").matcher(said);
            assertTrue(there.find(), said);
            long events = Long.parseLong(there.group(1)) + Long.parseLong(missing.group(1));
            assertTrue(events >= 600_000 && Long.parseLong(missing.group(2)) > 5_000_000, said);
            assertEquals(Long.parseLong(there.group(1)), run("babeltrace2", small.resolve("trace").toString()).lines().count());
        } finally {
            run("umount", small.toString());
        }
    }

    @Test
    void aFullDiskStopsTheRecordingAndNothingElse() throws IOException {
        Path small = Files.createDirectory(directory.resolve("small"));
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString());
        try {
            Path trace = small.resolve("trace");
            try (Ktrace live = Ktrace.startWithJson(List.of("-o", trace.toString(), "--", Workload.program("getppid").toString(),
                    "300000"))) {
                assertEquals(0, live.awaitExit(), () -> live.program().describe());
                assertEquals(300_000, live.finalDocument().calls("getppid"), "the live view went on");
                List<String> said = live.program().stderr().lines().filter(line -> line.startsWith("ktrace: recording")).toList();
                assertEquals(1, said.size(), () -> live.program().stderr());
                assertTrue(said.getFirst().contains("ENOSPC"), said::toString);
            }
            Map<String, Long> names = names(run("babeltrace2", trace.toString()).lines().toList());
            assertTrue(names.get("syscall_entry_getppid") > 10_000, names::toString);
        } finally {
            run("umount", small.toString());
        }
    }
}
