package ktrace.ctf.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import ktrace.ctf.CtfException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a trace is written, and what is never written to or removed. */
class TraceDirectoryTest {
    private static final List<String> FILES = List.of("cpu_0", "cpu_1");

    @TempDir
    private Path directory;

    private final List<String> trouble = new ArrayList<>();

    private TraceDirectory create(Path path, boolean force) {
        return TraceDirectory.create(path.toString(), force, FILES, trouble::add);
    }

    private Path trace() {
        return directory.resolve("trace");
    }

    private Path kernel() {
        return trace().resolve("kernel");
    }

    private String refused(Path path, boolean force) {
        String why = assertThrows(CtfException.class, () -> create(path, force).close()).getMessage();
        assertEquals(1, why.lines().count(), why);
        assertEquals(List.of(), trouble);
        return why;
    }

    private static void packet(TraceDirectory trace, String file, String text) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(text);
            trace.packet(file, bytes, bytes.byteSize() - 1);
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void onlyTheOwnerMayLookIntoIt() throws IOException {
        try (TraceDirectory trace = create(trace(), false)) {
            packet(trace, "cpu_1", "one");
            trace.metadata("/* CTF 1.8 */\n");
            packet(trace, "cpu_1", "two");
            assertEquals(20, trace.bytes());
            assertFalse(trace.isBroken());
        }
        assertEquals("rwx------", mode(trace()));
        assertEquals("rwx------", mode(kernel()));
        for (String file : List.of("metadata", "cpu_0", "cpu_1")) {
            assertEquals("rw-------", mode(kernel().resolve(file)), file);
        }
        assertEquals("onetwo", Files.readString(kernel().resolve("cpu_1")));
        assertEquals("/* CTF 1.8 */\n", Files.readString(kernel().resolve("metadata")));
    }

    @Test
    void whatExistsIsRefusedAndLeftAlone() throws IOException {
        create(trace(), false).close();
        Files.writeString(kernel().resolve("cpu_0"), "precious");
        assertTrue(refused(trace(), false).contains("--force"));
        assertEquals("precious", Files.readString(kernel().resolve("cpu_0")));
        Path file = Files.writeString(directory.resolve("file"), "text");
        assertTrue(refused(file, false).contains("exists"));
        refused(file, true);
        assertEquals("text", Files.readString(file));
    }

    @Test
    void forceReplacesATraceWhateverItsModes() throws IOException {
        create(trace(), false).close();
        Files.writeString(kernel().resolve("cpu_7"), "of a larger machine");
        Files.setPosixFilePermissions(trace(), PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(kernel().resolve("cpu_0"), PosixFilePermissions.fromString("rw-rw-rw-"));
        create(trace(), true).close();
        assertFalse(Files.exists(kernel().resolve("cpu_7")));
        assertEquals("rwx------", mode(trace()));
        assertEquals("rw-------", mode(kernel().resolve("cpu_0")));
    }

    @Test
    void forceTakesAnEmptyDirectory() throws IOException {
        Files.createDirectory(trace());
        create(trace(), true).close();
        assertEquals("rwx------", mode(trace()));
        assertTrue(Files.exists(kernel().resolve("metadata")));
    }

    @Test
    void noLinkIsFollowedToTheDirectory() throws IOException {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.createSymbolicLink(trace(), elsewhere);
        refused(trace(), false);
        refused(trace(), true);
        try (var files = Files.list(elsewhere)) {
            assertEquals(0, files.count());
        }
        assertTrue(Files.isSymbolicLink(trace()));
    }

    @Test
    void noLinkIsFollowedAsKernel() throws IOException {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("metadata"), "another's");
        Files.createDirectory(trace());
        Files.createSymbolicLink(kernel(), elsewhere);
        assertTrue(refused(trace(), true).contains("link"));
        assertEquals("another's", Files.readString(elsewhere.resolve("metadata")));
    }

    /** The link itself goes, what it leads to stays. */
    @Test
    void noLinkIsFollowedAsAFile() throws IOException {
        Path target = Files.writeString(directory.resolve("passwd"), "root");
        create(trace(), false).close();
        Files.delete(kernel().resolve("cpu_0"));
        Files.createSymbolicLink(kernel().resolve("cpu_0"), target);
        try (TraceDirectory trace = create(trace(), true)) {
            packet(trace, "cpu_0", "packet");
        }
        assertEquals("root", Files.readString(target));
        assertFalse(Files.isSymbolicLink(kernel().resolve("cpu_0")));
        assertEquals("packet", Files.readString(kernel().resolve("cpu_0")));
    }

    @Test
    void forceRemovesNothingBesideATrace() throws IOException {
        create(trace(), false).close();
        Files.writeString(trace().resolve("notes"), "mine");
        assertTrue(refused(trace(), true).contains("more than a trace"));
        Files.delete(trace().resolve("notes"));
        Files.writeString(kernel().resolve("thesis"), "mine");
        Files.writeString(kernel().resolve("cpu_0"), "packets");
        assertTrue(refused(trace(), true).contains("more than a trace"));
        assertEquals("mine", Files.readString(kernel().resolve("thesis")));
        assertEquals("packets", Files.readString(kernel().resolve("cpu_0")));
    }

    @Test
    void aDirectoryThatCannotBeMadeIsOneLine() {
        assertTrue(refused(directory.resolve("not/there"), false).contains("not/there"));
    }

    /** Somebody puts another directory in its place: what was opened first is written to. */
    @Test
    void aDirectoryThatIsMovedAwayIsStillTheOneThatIsWritten() throws IOException {
        try (TraceDirectory trace = create(trace(), false)) {
            Files.move(trace(), directory.resolve("moved"));
            Files.createDirectories(kernel());
            Files.createSymbolicLink(kernel().resolve("cpu_0"), directory.resolve("passwd"));
            packet(trace, "cpu_0", "packet");
        }
        assertEquals("packet", Files.readString(directory.resolve("moved/kernel/cpu_0")));
        assertFalse(Files.exists(directory.resolve("passwd")));
    }
}
