package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import ktrace.linux.Abi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was seen live and what a report makes of the recording are the same, in every process and in every figure. */
@RealKernel
class RecordedRunTest {
    private static final List<String> COLLECTORS = List.of("bpf", "perf", "ptrace");
    private static final List<List<String>> PROGRAMS = List.of(List.of("pipe", "read"), List.of("pipe", "fifo"),
            List.of("unix", "recv"), List.of("tcp", "accept"), List.of("message", "udp"), List.of("futex", "mutex"),
            List.of("futex", "shared"), List.of("event", "eventfd"), List.of("queue", "msgrcv"), List.of("queue", "mq-receive"),
            List.of("process", "sigtimedwait"), List.of("filelock", "fcntl"), List.of("poll", "poll-pipe"),
            List.of("poll", "epoll-tcp"), List.of("uring", "two"), List.of("uring", "accept"), List.of("uring", "by-worker"),
            List.of("served", "fuse-stat"), List.of("served", "lease"));

    @TempDir
    private Path directory;

    private JsonNode report(Path trace, String... options) throws IOException {
        Path json = directory.resolve("report.json");
        List<String> arguments = new ArrayList<>(List.of("report", trace.toString(), "--force", "--json=" + json));
        arguments.addAll(List.of(options));
        try (Ktrace report = Ktrace.start(arguments)) {
            assertEquals(0, report.awaitExit(), () -> report.program().describe());
        }
        return new ObjectMapper().readTree(Files.readAllLines(json).getLast());
    }

    /** Everything but what ktrace itself used: the report is another process. */
    private static void assertSame(JsonNode live, JsonNode reported) {
        ((ObjectNode) live).remove("self");
        ((ObjectNode) reported).remove("self");
        assertTrue(live.path("processes").size() > 0, "nothing was seen");
        for (int i = 0; i < live.path("processes").size(); i++) {
            assertEquals(live.path("processes").path(i).toPrettyString(), reported.path("processes").path(i).toPrettyString());
        }
        assertEquals(live.toPrettyString(), reported.toPrettyString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "seq 20000 | sort -n | tail -1",
        "for i in 1 2 3 4 5 6 7 8; do (sleep 0.0$i; echo $i) & done | cat; wait",
        "python3 -c 'import multiprocessing as m; p=m.Pool(3); print(sum(p.map(abs, range(500)))); p.close(); p.join()'",
        "python3 -c 'import threading, queue\nq=queue.Queue(1)\nt=threading.Thread(target=lambda: [q.get() for _ in"
                + " range(200)])\nt.start()\nfor i in range(200): q.put(i)\nt.join()'",
    })
    void aReportSaysWhatWasSeenLive(String command) throws IOException {
        for (String collector : COLLECTORS) {
            Path trace = directory.resolve(collector);
            try (Ktrace live = Ktrace.startWithJson(List.of("-c", collector, "-o", trace.toString(), "--", "sh", "-c", command))) {
                assertEquals(0, live.awaitExit(), () -> live.program().describe());
                assertSame(live.documents().getLast(), report(trace));
            }
        }
    }

    /** Where it is read, other numbers may stand for the same calls. */
    @Test
    void aTraceOfAnotherArchitectureIsReadWithItsOwnNumbers() throws IOException {
        Path trace = directory.resolve("trace");
        try (Ktrace live = Ktrace.startWithJson(List.of("-o", trace.toString(), "--", Workload.program("getppid").toString(),
                "100"))) {
            assertEquals(0, live.awaitExit(), () -> live.program().describe());
        }
        Path metadata = trace.resolve("kernel/metadata");
        String here = Abi.current().name().toLowerCase(Locale.ROOT);
        String other = (Abi.current() == Abi.AARCH64 ? Abi.X86_64 : Abi.AARCH64).name().toLowerCase(Locale.ROOT);
        String text = Files.readString(metadata);
        assertTrue(text.contains('"' + here + '"'));
        Files.writeString(metadata, text.replace('"' + here + '"', '"' + other + '"'));
        JsonNode calls = report(trace).path("processes").path(0).path("syscalls");
        assertTrue(calls.valueStream().anyMatch(call -> call.path("name").asText().equals("getppid")
                && call.path("calls").asInt() == 100), calls::toString);
        try (Ktrace log = Ktrace.start(List.of("log", "-e", "getppid", trace.toString()))) {
            assertEquals(0, log.awaitExit(), () -> log.program().describe());
            assertEquals(100, log.program().stdout().lines().filter(line -> line.contains(" getppid() = ")).count(),
                    () -> log.program().describe());
        }
    }

    /** Attached in mid-run to programs that wait for one another in many ways. */
    @ParameterizedTest
    @ValueSource(strings = {"bpf", "perf", "perf+bpf", "ptrace"})
    void aReportSaysWhatWasSeenOfRunningPrograms(String collector) throws IOException {
        Path trace = directory.resolve("trace");
        List<Workload> workloads = new ArrayList<>();
        try {
            for (List<String> program : PROGRAMS) {
                workloads.add(Workload.start(program.get(0), program.get(1), "--count", "20", "--ms", "5", "--wait-go"));
            }
            long[] pids = workloads.stream().map(Workload::awaitReady)
                    .flatMapToLong(ready -> LongStream.of(ready.path("waiterPid").asLong(), ready.path("wakerPid").asLong()))
                    .distinct().toArray();
            try (Ktrace live = Ktrace.attach(List.of("-c", collector, "-o", trace.toString(), "-i", "100ms", "--threads"), pids)) {
                workloads.forEach(Workload::go);
                workloads.forEach(Workload::result);
                assertEquals(0, live.awaitExit(), () -> live.program().describe());
                assertSame(live.documents().getLast(), report(trace, "--threads"));
            }
        } finally {
            workloads.forEach(Workload::close);
        }
    }
}
