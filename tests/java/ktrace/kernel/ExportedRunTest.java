package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import ktrace.export.WireMessage;
import ktrace.export.page.PageText;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is exported of a real run is what babeltrace2 and the summary have of it. */
@RealKernel
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExportedRunTest {
    private static final String COMMAND = "seq 100000 | sort -R | tail -n 1; for i in 1 2 3; do sleep 0.01; ls / > /dev/null; done";
    /** protos/perfetto/trace/ftrace/ftrace_event.proto. */
    private static final Map<Integer, String> FTRACE = Map.of(4, "sched_switch", 20, "sched_waking", 114, "sched_wakeup_new",
            236, "task_rename", 237, "sched_process_exec", 238, "sched_process_exit", 239, "sched_process_fork",
            329, "syscall_entry", 330, "syscall_exit", 491, "sched_migrate_task");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Path trace;
    private Path exported;
    private JsonNode live;

    @BeforeAll
    void recordOnce(@TempDir Path directory) {
        trace = directory.resolve("trace");
        exported = directory.resolve("exported");
        try (Ktrace ktrace = Ktrace.startWithJson(List.of("-o", trace.toString(), "--", "sh", "-c", COMMAND))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            live = ktrace.documents().getLast();
        }
        assertEquals(0, live.path("lost").asLong(), "events lost");
    }

    private Path export(String format) throws IOException {
        try (Ktrace ktrace = Ktrace.start(List.of("export", trace.toString(), "--format", format, "--force",
                "-o", exported.toString()))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            // No progress where nobody looks on, and nothing that Java has to say.
            assertEquals("", ktrace.program().stderr());
        }
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(exported)));
        return exported;
    }

    private Map<String, Long> babeltrace() throws IOException, InterruptedException {
        Path out = Files.createTempFile("babeltrace", ".out");
        assertEquals(0, new ProcessBuilder("babeltrace2", trace.toString()).redirectOutput(out.toFile()).start().waitFor());
        Map<String, Long> counts = new TreeMap<>();
        try (var lines = Files.lines(out)) {
            lines.forEach(line -> {
                for (String name : FTRACE.values()) {
                    // What nobody has seen is told to readers of LTTng's traces alone.
                    boolean isSeen = !line.endsWith("inferred = 1 }");
                    if (isSeen && (line.contains(" " + name + (name.startsWith("syscall") ? "_" : ":"))
                            || line.contains(" ktrace_" + name + "_late:"))) {
                        counts.merge(name, 1L, Long::sum);
                    }
                }
            });
        }
        Files.delete(out);
        return counts;
    }

    @Test
    void perfettoHasEveryEventThatBabeltraceHas() throws Exception {
        Map<String, Long> counts = new TreeMap<>();
        int begins = 0;
        int ends = 0;
        Set<Long> from = new HashSet<>();
        Set<Long> to = new HashSet<>();
        for (WireMessage packet : WireMessage.of(Files.readAllBytes(export("perfetto"))).messages(1)) {
            if (packet.has(1)) {
                for (WireMessage event : packet.message(1).messages(2)) {
                    FTRACE.forEach((field, name) -> {
                        if (event.has(field)) {
                            counts.merge(name, 1L, Long::sum);
                        }
                    });
                }
            } else if (packet.has(11)) {
                WireMessage event = packet.message(11);
                begins += event.number(9) == 1 ? 1 : 0;
                ends += event.number(9) == 2 ? 1 : 0;
                from.addAll(event.numbers(47));
                to.addAll(event.numbers(48));
            }
        }
        assertEquals(babeltrace(), counts);
        assertTrue(counts.get("sched_switch") > 100 && counts.get("syscall_entry") > 500, counts::toString);
        assertEquals(from, to);
        assertTrue(from.size() > 10, () -> "flows: " + from.size());
        long waits = 0;
        for (JsonNode process : live.path("processes")) {
            for (JsonNode wait : process.path("waits")) {
                waits += wait.path("count").asLong();
            }
        }
        // A wait that the end of its thread cut short is a slice, and is in no count.
        assertTrue(begins >= waits && begins <= waits + live.path("processes").size(), begins + " slices of " + waits + " waits");
        assertEquals(begins, ends);
    }

    @Test
    void rowsAddUpToTheSummary() throws Exception {
        Map<String, Long> calls = new TreeMap<>();
        Map<String, Long> waitedNs = new TreeMap<>();
        for (String line : Files.readAllLines(export("json"))) {
            JsonNode row = new ObjectMapper().readTree(line);
            switch (row.path("record").asText()) {
                case "call" -> {
                    if (row.path("end").asText().equals("returned") && !row.path("startNs").isNull()) {
                        calls.merge(row.path("pid").asInt() + " " + row.path("syscall").asText(), 1L, Long::sum);
                    }
                }
                case "wait" -> waitedNs.merge(row.path("pid").asInt() + " " + row.path("kind").asText(),
                        row.path("durationNs").asLong(), Long::sum);
                default -> { }
            }
        }
        Map<String, Long> summedCalls = new TreeMap<>();
        Map<String, Long> summedNs = new TreeMap<>();
        for (JsonNode process : live.path("processes")) {
            process.path("syscalls").forEach(call -> summedCalls.merge(
                    process.path("pid").asInt() + " " + call.path("name").asText(), call.path("calls").asLong(), Long::sum));
            process.path("waits").forEach(wait -> summedNs.merge(
                    process.path("pid").asInt() + " " + wait.path("kind").asText(), wait.path("totalNs").asLong(), Long::sum));
        }
        assertEquals(summedCalls, calls);
        assertEquals(summedNs, waitedNs);
    }

    @Test
    void csvAndJsonHaveTheSameRows() throws Exception {
        long json = Files.readAllLines(export("json")).size();
        String csv = Files.readString(export("csv"));
        // JSON has a line more at each end, CSV its head line.
        assertEquals(json - 2, csv.split("\r\n").length - 1);
        assertTrue(csv.lines().anyMatch(line -> line.startsWith("wait,") && line.contains(",pipe,")));
    }

    @Test
    void standardOutputIsNoFile() {
        try (Ktrace ktrace = Ktrace.start(List.of("export", trace.toString(), "--format", "csv", "-o", "-"))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            assertTrue(ktrace.program().stdout().startsWith("record,start_ns,"));
        }
    }

    /** As in a pipe to head: whoever has seen enough is not told of an error. */
    @Test
    void aReaderThatGoesAwayIsNoFailure() {
        for (String arguments : List.of("export --format csv -o -", "export --format json -o -", "export --format perfetto -o -",
                "log", "report", "report --json")) {
            List<String> command = new java.util.ArrayList<>(List.of("bash", "-c",
                    "set -o pipefail; \"$@\" | head -c 1 > /dev/null", "bash"));
            command.addAll(Ktrace.launcher());
            command.addAll(List.of(arguments.split(" ")));
            command.add(trace.toString());
            try (RunningProgram pipe = RunningProgram.start(command)) {
                assertEquals(0, pipe.exitStatus(PATIENCE), pipe::describe);
                assertEquals("", pipe.stderr(), arguments);
            }
        }
    }

    @Test
    void nothingBinaryGoesToATerminal() {
        List<String> command = new java.util.ArrayList<>(Ktrace.launcher());
        command.addAll(List.of("export", trace.toString(), "--format", "perfetto", "-o", "-"));
        String line = command.stream().map(word -> "'" + word + "'").collect(java.util.stream.Collectors.joining(" "));
        try (RunningProgram terminal = RunningProgram.start(List.of("script", "-qec", line, "/dev/null"))) {
            assertEquals(2, terminal.exitStatus(PATIENCE), terminal::describe);
            assertEquals(1, terminal.stdout().lines().count(), terminal::describe);
            assertTrue(terminal.stdout().contains("standard output is a terminal"), terminal::describe);
        }
    }

    @Test
    void anExistingFileStaysAsItIs(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("mine"), "mine");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        for (List<String> options : List.of(List.of("-o", file.toString()), List.of("-o", link.toString(), "--force"))) {
            List<String> arguments = new java.util.ArrayList<>(List.of("export", trace.toString(), "--format", "csv"));
            arguments.addAll(options);
            try (Ktrace ktrace = Ktrace.start(arguments)) {
                assertEquals(1, ktrace.awaitExit());
                assertEquals(1, ktrace.program().stderr().lines().count(), ktrace.program().stderr());
            }
            assertEquals("mine", Files.readString(file));
        }
    }

    /** Of the page that is made of the trace, and of those that are made beside a summary. */
    @Test
    void thePageAddsUpToTheSummary(@TempDir Path directory) throws IOException {
        PageText exported = new PageText(Files.readString(export("html")));
        assertEquals(exported.figures(), exported.sums());
        assertEquals(live.path("processes").size(), exported.data("summary").path("processes").size());

        Path reported = directory.resolve("reported.html");
        try (Ktrace ktrace = Ktrace.start(List.of("report", trace.toString(), "--html", reported.toString()))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
        }
        assertEquals(exported.html(), Files.readString(reported));

        Path seen = directory.resolve("seen.html");
        try (Ktrace ktrace = Ktrace.start(List.of("--html", seen.toString(), "--", "sh", "-c", COMMAND))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
        }
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(seen)));
        PageText page = new PageText(Files.readString(seen));
        assertEquals(page.figures(), page.sums());
        assertTrue(page.sums().size() > 5, page.sums()::toString);
    }

    @Test
    void aFormatThatIsNotThereIsToldInOneLine() {
        for (String format : List.of("folded", "xml")) {
            try (Ktrace ktrace = Ktrace.start(List.of("export", trace.toString(), "--format", format, "-o", exported + "2"))) {
                assertEquals(2, ktrace.awaitExit());
                assertTrue(ktrace.program().stderr().contains("perfetto, csv, json and html"), ktrace.program().stderr());
            }
        }
        assertTrue(Files.notExists(Path.of(exported + "2")));
    }
}
