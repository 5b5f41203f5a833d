package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** strace and perf as oracles: they run inside ktrace, so that all count the same calls of the same run. */
@RealKernel
class OracleTest {
    private static final Pattern EXIT = Pattern.compile(" sched_process_exit: .*\\btid = (\\d+), prio = ");
    private static final Pattern LEAVES = Pattern.compile(" sched_switch: .* prev_tid = (\\d+), .*next_prio = -?\\d+ }$");

    /** A line of {@code strace -f -o FILE}: a call that returned, or the end of one that was interrupted in the output. */
    private static final Pattern RETURNED =
            Pattern.compile("(\\d+) +(?:<\\.\\.\\. )?(\\w+)(?:\\(| resumed>).* = (?:-?\\d+|0x[0-9a-f]+|\\?).*");

    @TempDir
    Path directory;

    @Test
    void straceCountsTheSameCallsOfEachName() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "needs strace");
        Path log = directory.resolve("strace");
        String script = "ls -lR /usr/include/linux | sort | tail -1; for i in 1 2 3; do echo $i | cat; done; sleep 0.05";
        try (Ktrace ktrace = Ktrace.traceCommand(List.of("strace", "-f", "-qq", "--signal=none", "-o", log.toString(),
                "sh", "-c", script))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            FinalDocument document = ktrace.finalDocument();
            document.assertLaws();
            Map<Integer, Map<String, Long>> expected = countReturned(log);
            int first = firstPid(log);
            expected.forEach((pid, names) -> {
                Map<String, Long> seen = calls(document.process(pid), names);
                if (pid == first) {
                    // strace's own child prepares itself before its exec, unseen by strace.
                    names.forEach((name, calls) -> assertTrue(calls <= seen.getOrDefault(name, 0L)
                            && seen.get(name) <= calls + 3, () -> name + " of process " + pid + ": " + calls + ", " + seen));
                } else {
                    assertEquals(names, seen, () -> "calls of process " + pid);
                }
            });
        }
    }

    @Test
    void perfStatCountsTheSameNumberOfCalls() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/perf")), "needs perf");
        Path counts = directory.resolve("perf");
        long calls = 200_000;
        Path trace = directory.resolve("trace");
        try (Ktrace ktrace = Ktrace.startWithJson(List.of("-o", trace.toString(), "--", "perf", "stat", "-x,", "-o",
                counts.toString(), "-e", "syscalls:sys_exit_getppid,context-switches", Workload.program("getppid").toString(),
                Long.toString(calls), "--threads", "2"))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            JsonNode result = ktrace.program().documents().getLast();
            FinalDocument document = ktrace.finalDocument();
            document.assertLaws();
            int pid = result.path("pid").asInt();
            assertEquals(result.path("calls").asLong(), count(counts, "syscalls:sys_exit_getppid"), "perf's own count");
            assertEquals(result.path("calls").asLong(), document.calls(pid, "getppid"));
            JsonNode states = document.process(pid).path("states");
            long switches = states.path("switchesVoluntary").asLong() + states.path("switchesInvoluntary").asLong();
            // perf counts from the exec on, ktrace from the fork; and somewhere in the exit of each thread perf lets go of it.
            long sinceExec = switches - switchesBeforeExec(trace, pid);
            long inExits = switchesInExits(trace, document.process(pid));
            long counted = count(counts, "context-switches");
            assertTrue(counted >= sinceExec - inExits - 2 && counted <= sinceExec + 2,
                    () -> counted + " context switches of " + sinceExec + ", " + inExits + " of them in exits");
        }
    }

    /** How often the threads of a process left their CPUs after they had begun to exit. */
    private static long switchesInExits(Path trace, JsonNode process) throws IOException {
        Set<String> threads = process.path("threads").valueStream().map(thread -> thread.path("tid").asText()).collect(Collectors.toSet());
        Set<String> exiting = new HashSet<>();
        try (Stream<String> lines = babeltrace(trace)) {
            return lines.filter(line -> {
                Matcher exit = EXIT.matcher(line);
                if (exit.find() && threads.contains(exit.group(1))) {
                    exiting.add(exit.group(1));
                }
                Matcher leaves = LEAVES.matcher(line);
                return leaves.find() && exiting.contains(leaves.group(1));
            }).count();
        }
    }

    private static Stream<String> babeltrace(Path trace) throws IOException {
        return new ProcessBuilder("babeltrace2", trace.toString()).redirectError(ProcessBuilder.Redirect.DISCARD).start().inputReader()
                .lines();
    }

    /** How often a process left its CPU before it became the workload. */
    private static long switchesBeforeExec(Path trace, int pid) throws IOException {
        try (Stream<String> lines = babeltrace(trace)) {
            return lines.takeWhile(line -> !(line.contains(" sched_process_exec:") && line.contains(" pid = " + pid + ",")
                            && line.contains("getppid")))
                    .filter(line -> line.contains(" sched_switch:") && line.contains(" prev_tid = " + pid + ",")
                            && !line.endsWith("inferred = 1 }")).count();
        }
    }

    /** All names that strace knows of the process; what the process did before its exec is not in strace's log. */
    private static Map<String, Long> calls(JsonNode process, Map<String, Long> names) {
        Map<String, Long> calls = new TreeMap<>();
        for (JsonNode call : process.path("syscalls")) {
            String name = call.path("name").asText();
            if (names.containsKey(name)) {
                calls.put(name, call.path("calls").asLong());
            }
        }
        return calls;
    }

    private static int firstPid(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return Integer.parseInt(lines.findFirst().orElseThrow().split(" +")[0]);
        }
    }

    private static Map<Integer, Map<String, Long>> countReturned(Path log) throws IOException {
        Map<Integer, Map<String, Long>> counts = new TreeMap<>();
        try (Stream<String> lines = Files.lines(log)) {
            lines.map(RETURNED::matcher).filter(Matcher::matches)
                    .filter(line -> !line.group(2).equals("exit_group"))
                    .forEach(line -> counts.computeIfAbsent(Integer.valueOf(line.group(1)), pid -> new TreeMap<>())
                            .merge(line.group(2), 1L, Long::sum));
        }
        return counts;
    }

    private static long count(Path perfStat, String event) throws IOException {
        for (String line : Files.readAllLines(perfStat)) {
            String[] fields = line.split(",");
            if (fields.length > 2 && fields[2].equals(event)) {
                return Long.parseLong(fields[0]);
            }
        }
        throw new AssertionError("no " + event + " in " + Files.readString(perfStat));
    }
}
