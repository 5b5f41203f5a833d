package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The waker is this test, which is not traced; the in-kernel collector tells what it is doing, and on which object. */
@RealKernel
class OutsideWakerTest {
    private static final int WAITS = 40;
    private static final String READER = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX)
            s.connect(sys.argv[1])
            while s.recv(1): pass
            """;

    @TempDir
    private Path directory;

    @BeforeEach
    void needsTypes() {
        assumeTrue(Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")), "needs a kernel with BTF");
    }

    /** What gives one byte. */
    private interface Giver {
        void give() throws IOException;
    }

    /** Live, and from the recording: the rows of the waits of this kind that this process ended. */
    private List<JsonNode> waits(long reader, String kind, Giver giver) throws Exception {
        Path trace = directory.resolve("trace-" + kind);
        try (Ktrace ktrace = Ktrace.attach(List.of("-c", "bpf", "-i", "200ms", "-o", trace.toString()), reader)) {
            for (int i = 0; i < WAITS; i++) {
                Thread.sleep(5);
                giver.give();
            }
            Thread.sleep(50);
            JsonNode live = ktrace.interrupt().finalDocument().json();
            Path json = directory.resolve("report-" + kind);
            try (Ktrace report = Ktrace.start(List.of("report", "--json=" + json, trace.toString()))) {
                assertEquals(0, report.awaitExit(), () -> report.program().describe());
            }
            List<JsonNode> told = ofThisProcess(live, kind);
            assertEquals(told, ofThisProcess(RunningProgram.parse(Files.readAllLines(json)).getLast(), kind), "live and report");
            return told;
        }
    }

    private static List<JsonNode> ofThisProcess(JsonNode document, String kind) {
        return document.path("processes").valueStream().flatMap(process -> process.path("waits").valueStream())
                .filter(wait -> wait.path("kind").asText().equals(kind)
                        && wait.path("waker").path("pid").asLong() == ProcessHandle.current().pid())
                .toList();
    }

    private static void assertProved(List<JsonNode> waits, String object) {
        long proved = waits.stream().filter(wait -> wait.path("evidence").asText().equals("object"))
                .mapToLong(wait -> wait.path("count").asLong()).sum();
        long all = waits.stream().mapToLong(wait -> wait.path("count").asLong()).sum();
        assertTrue(all >= WAITS / 2, () -> "waits that this process ended: " + waits);
        // Until it is known what the descriptor is, the first may be for something unknown.
        assertTrue(proved >= all - 1, () -> "waits that are proved: " + waits);
        assertTrue(waits.stream().anyMatch(wait -> wait.path("object").asText().contains(object)), waits::toString);
    }

    @Test
    void aWriterToAPipe() throws Exception {
        Process cat = new ProcessBuilder("cat").redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        try (OutputStream out = cat.getOutputStream()) {
            assertProved(waits(cat.pid(), "pipe", () -> {
                out.write('x');
                out.flush();
            }), "pipe:[");
        } finally {
            cat.destroyForcibly().waitFor();
        }
    }

    @Test
    void theOtherEndOfAUnixSocket() throws Exception {
        Path address = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(address));
            Process reader = new ProcessBuilder("python3", "-c", READER, address.toString()).start();
            try (SocketChannel channel = server.accept()) {
                Thread.sleep(300);
                assertProved(waits(pidOf(reader), "unix", () -> channel.write(ByteBuffer.wrap(new byte[1]))), "");
            } finally {
                reader.destroyForcibly().waitFor();
            }
        }
    }

    /** A launcher may have been put before the interpreter. */
    private static long pidOf(Process process) {
        return process.descendants().findFirst().orElse(process.toHandle()).pid();
    }
}
