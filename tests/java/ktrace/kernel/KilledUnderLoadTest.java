package ktrace.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ktrace.linux.Errno;
import ktrace.linux.tracing.Bpf;
import ktrace.linux.tracing.BpfAbi;
import ktrace.linux.uapi.Uapi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever ktrace has put into the kernel is gone when it is, and who was traced goes on. */
@RealKernel
@Timeout(300)
class KilledUnderLoadTest {
    private static final int ROUNDS = 25;
    private static final int CALLS = 300_000;
    private static final int WITHIN_MS = 250;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Programs, maps and links, each with the command of bpf(2) that finds one by its number (linux/bpf.h). */
    private enum Kind {
        PROG("prog_id:", 13), MAP("map_id:", 14), LINK("link_id:", 30);

        private final String field;
        private final int find;

        Kind(String field, int find) {
            this.field = field;
            this.find = find;
        }
    }

    @Test
    void programsAreGoneAndTargetsUnharmed() throws IOException {
        assumeTrue(Files.isReadable(HiddenTypes.OWN), "needs a kernel with BTF");
        Set<String> pinned = pinned();
        Random random = new Random(11);
        for (int round = 0; round < ROUNDS; round++) {
            try (Workload target = Workload.start("getppid", Integer.toString(CALLS), "--threads", "2", "--wait-go")) {
                long pid = target.awaitReady().path("waiterPid").asLong();
                try (Ktrace ktrace = Ktrace.attach(List.of("-c", "bpf", "-i", "100ms"), pid)) {
                    Set<Integer> programs = heldBy(ktrace, Kind.PROG);
                    Set<Integer> maps = heldBy(ktrace, Kind.MAP);
                    Set<Integer> links = heldBy(ktrace, Kind.LINK);
                    assertTrue(programs.size() >= 10 && maps.size() >= 4 && links.size() >= 10,
                            () -> programs + " " + maps + " " + links);
                    target.go();
                    RunningProgram.sleep(Duration.ofMillis(random.nextInt(WITHIN_MS)));
                    assertTrue(isThere(Kind.PROG, programs.iterator().next()), "as long as ktrace runs");
                    ktrace.program().signal("KILL");
                    assertEquals(137, ktrace.awaitExit());
                    assertGone(Kind.LINK, links);
                    assertGone(Kind.PROG, programs);
                    assertGone(Kind.MAP, maps);
                }
                JsonNode result = target.result();
                assertEquals(2L * CALLS, result.path("calls").asLong(), result::toString);
            }
        }
        assertEquals(pinned, pinned());
    }

    private static Set<Integer> heldBy(Ktrace ktrace, Kind kind) throws IOException {
        Set<Integer> numbers = new TreeSet<>();
        try (Stream<Path> files = Files.list(Path.of("/proc/" + ktrace.program().pid() + "/fdinfo"))) {
            for (Path file : files.toList()) {
                Files.readAllLines(file).stream().filter(line -> line.startsWith(kind.field))
                        .forEach(line -> numbers.add(Integer.parseInt(line.substring(kind.field.length()).strip())));
            }
        }
        return numbers;
    }

    /** The kernel takes its time: until nobody runs them any more. */
    private static void assertGone(Kind kind, Set<Integer> numbers) {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (numbers.stream().anyMatch(number -> isThere(kind, number))) {
            assertFalse(System.nanoTime() > deadlineNs, () -> "still there: " + kind + " " + numbers);
            RunningProgram.sleep(Duration.ofMillis(5));
        }
    }

    private static boolean isThere(Kind kind, int number) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(BpfAbi.ATTR_BYTES, 8);
            attr.set(JAVA_INT, 0, number);
            long result = Bpf.call(kind.find, attr);
            if (result >= 0) {
                Bpf.own(result).close();
                return true;
            }
            assertEquals(-Uapi.ENOENT(), result, () -> Errno.describe((int) -result));
            return false;
        }
    }

    /** Whatever would outlive its program. */
    private static Set<String> pinned() throws IOException {
        Path directory = Path.of("/sys/fs/bpf");
        if (!Files.isDirectory(directory)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(Path::toString).collect(Collectors.toSet());
        }
    }
}
