package ktrace.ctf.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import ktrace.ctf.CtfException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The latest is kept, no more than allowed, and written as often as asked for. */
class FlightSinkTest {
    private static final int SIZE = 1000;
    private static final int PACKET = 100;

    @TempDir
    private Path directory;

    private final List<String> told = new ArrayList<>();
    private FlightSink sink;
    private int generations;

    @BeforeEach
    void begin() {
        sink = create();
        sink.onGeneration(() -> generations++);
    }

    private FlightSink create() {
        return new FlightSink(directory.resolve("trace").toString() + "/", false, List.of("cpu_0", "cpu_1"), SIZE,
                told::add);
    }

    @AfterEach
    void end() {
        sink.close();
    }

    /** Packets of a hundred bytes, all the same number. */
    private void packets(String file, int from, int to) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(2 * PACKET);
            for (int i = from; i < to; i++) {
                bytes.fill((byte) i);
                sink.packet(file, bytes, PACKET);
                assertTrue(sink.keptBytes() <= SIZE, "kept " + sink.keptBytes());
            }
        }
    }

    private List<Integer> written(String trace, String file) throws IOException {
        byte[] bytes = Files.readAllBytes(directory.resolve(trace).resolve("kernel").resolve(file));
        List<Integer> numbers = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += PACKET) {
            numbers.add((int) MemorySegment.ofArray(bytes).get(ValueLayout.JAVA_BYTE, at + PACKET - 1L));
        }
        return numbers;
    }

    @Test
    void whatFitsIsKeptAndWrittenInOrder() throws Exception {
        sink.metadata("/* CTF");
        packets("cpu_0", 0, 4);
        sink.metadata(" 1.8 */");
        packets("cpu_1", 4, 10);
        sink.write();
        assertEquals(List.of(0, 1, 2, 3), written("trace", "cpu_0"));
        assertEquals(List.of(4, 5, 6, 7, 8, 9), written("trace", "cpu_1"));
        assertEquals("/* CTF 1.8 */", Files.readString(directory.resolve("trace/kernel/metadata")));
        assertEquals(1, generations);
        assertEquals(0, sink.droppedBytes());
        assertEquals(1, told.size());
        assertTrue(told.getFirst().contains("1013 bytes") && told.getFirst().endsWith("trace"), told::toString);
    }

    /** What is kept begins with the state, from the time on at which that begins to be dropped with which the trace began. */
    @Test
    void theStateBeginsAGenerationAndDropsTheLastButOne() throws Exception {
        packets("cpu_0", 0, 5);
        assertEquals(1, generations);
        sink.beginGeneration();
        packets("cpu_0", 5, 10);
        assertEquals(2, generations);
        assertEquals(0, sink.droppedBytes());
        sink.beginGeneration();
        assertEquals(500, sink.droppedBytes());
        packets("cpu_0", 10, 14);
        assertEquals(2, generations, "it is not full yet");
        sink.write();
        assertEquals(List.of(5, 6, 7, 8, 9, 10, 11, 12, 13), written("trace", "cpu_0"));
        assertTrue(told.getFirst().endsWith("trace"), told::toString);
    }

    /** What came meanwhile is kept as long as there is room, and the generation before it for as long. */
    @Test
    void stateThatComesLateDropsNothingThatHasIt() throws Exception {
        packets("cpu_0", 0, 3);
        sink.beginGeneration();
        packets("cpu_0", 3, 9);
        assertEquals(0, sink.droppedBytes());
        sink.beginGeneration();
        assertEquals(300, sink.droppedBytes());
        packets("cpu_0", 9, 11);
        sink.write();
        assertEquals(List.of(3, 4, 5, 6, 7, 8, 9, 10), written("trace", "cpu_0"));
    }

    /** While what was kept is being written, to a disk however slow, packets come and go. */
    @Test
    void nobodyWaitsForTheWriting() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        sink.close();
        sink = new FlightSink(directory.resolve("slow").toString(), false, List.of("cpu_0"), SIZE, line -> {
            told.add(line);
            try {
                assertTrue(slow.await(60, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        packets("cpu_0", 0, 10);
        sink.ask();
        sink.flushed();
        packets("cpu_0", 10, 60);
        sink.ask();
        sink.flushed();
        assertFalse(Files.exists(directory.resolve("slow.1")), "one at a time");
        slow.countDown();
        sink.write();
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), written("slow", "cpu_0"));
        assertEquals(List.of(50, 51, 52, 53, 54, 55, 56, 57, 58, 59), written("slow.1", "cpu_0"));
    }

    @Test
    void withoutStateTheEldestIsDroppedForRoom() throws Exception {
        packets("cpu_0", 0, 11);
        assertEquals(1, generations);
        assertEquals(500, sink.droppedBytes());
        assertEquals(600, sink.keptBytes());
        packets("cpu_0", 11, 101);
        sink.write();
        assertEquals(List.of(95, 96, 97, 98, 99, 100), written("trace", "cpu_0"));
        assertTrue(told.getFirst().contains("came too late: --flight wants more"), told::toString);
    }

    /** And takes nothing with it, however often one comes. */
    @Test
    void aPacketThatIsTooLargeIsLeftOut() throws Exception {
        packets("cpu_0", 0, 3);
        try (Arena arena = Arena.ofConfined()) {
            sink.packet("cpu_0", arena.allocate(SIZE), SIZE / 2 + 1);
            sink.packet("cpu_0", arena.allocate(SIZE), SIZE / 2 + 1);
        }
        assertEquals(2 * (SIZE / 2 + 1), sink.droppedBytes());
        assertEquals(0, generations);
        sink.write();
        assertEquals(List.of(0, 1, 2), written("trace", "cpu_0"));
    }

    @Test
    void itIsWrittenAgainBesideTheFirst() throws Exception {
        packets("cpu_0", 0, 3);
        sink.flushed();
        assertEquals(List.of(), told, "nobody asked");
        sink.ask();
        sink.flushed();
        sink.flushed();
        packets("cpu_0", 3, 5);
        sink.write();
        assertEquals(List.of(0, 1, 2), written("trace", "cpu_0"));
        assertEquals(List.of(0, 1, 2, 3, 4), written("trace.1", "cpu_0"));
        assertFalse(Files.exists(directory.resolve("trace.2")));
        assertEquals(800, sink.bytes());
        assertTrue(sink.isWhole());
    }

    @Test
    void whatIsThereIsNotOverwrittenAndKeepsNothingFromGoingOn() throws Exception {
        assertThrows(CtfException.class, this::create, "refused at once");
        Files.createDirectory(directory.resolve("trace.1"));
        packets("cpu_0", 0, 1);
        sink.write();
        sink.write();
        assertTrue(told.get(1).contains("trace.1 exists"), told::toString);
        assertFalse(sink.isWhole());
        sink.write();
        assertEquals(List.of(0), written("trace.2", "cpu_0"));
    }
}
