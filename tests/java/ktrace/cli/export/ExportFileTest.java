package ktrace.cli.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import ktrace.cli.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is there under its name when it is whole, and until then what was there is. */
class ExportFileTest {
    @TempDir
    private Path directory;

    private Path target() {
        return directory.resolve("out");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private void write(String text, boolean force) throws IOException {
        try (ExportFile file = ExportFile.open(target().toString(), force)) {
            file.stream().write(text.getBytes());
            file.finish();
        }
    }

    private String refused(Path path, boolean force) {
        return assertThrows(UserError.class, () -> ExportFile.open(path.toString(), force).close()).getMessage();
    }

    @Test
    void whatIsWholeHasItsName() throws IOException {
        write("new", false);
        assertEquals("new", Files.readString(target()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(target())));
        Files.setPosixFilePermissions(target(), PosixFilePermissions.fromString("rw-rw-rw-"));
        write("newer", true);
        assertEquals("newer", Files.readString(target()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(target())));
        assertEquals(List.of("out"), names());
    }

    @Test
    void whatFailsCostsNothingAndLeavesNothing() throws IOException {
        Files.writeString(target(), "precious");
        try (ExportFile file = ExportFile.open(target().toString(), true)) {
            file.stream().write(new byte[1 << 20]);
            assertEquals(2, names().size(), "written beside it");
            assertEquals("precious", Files.readString(target()));
        }
        assertEquals("precious", Files.readString(target()));
        assertEquals(List.of("out"), names());
    }

    @Test
    void theUnfinishedFileIsItsOwnersAlone() throws IOException {
        try (ExportFile file = ExportFile.open(target().toString(), false)) {
            file.stream().write(1);
            Path unfinished = directory.resolve(names().getFirst());
            assertTrue(names().getFirst().startsWith(ExportFile.UNFINISHED));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(unfinished)));
        }
    }

    @Test
    void whatIsThereIsRefused() throws IOException {
        Files.writeString(target(), "precious");
        assertTrue(refused(target(), false).contains("--force"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), target());
        assertTrue(refused(link, true).contains("no plain file"));
        assertTrue(refused(directory, true).contains("no plain file"));
        assertTrue(refused(directory.resolve("none/out"), true).contains("directory does not exist"));
        assertEquals(List.of("link", "out"), names());
    }

    /** What comes to be there meanwhile is not overwritten either. */
    @Test
    void whatHasComeMeanwhileIsKept() throws IOException {
        try (ExportFile file = ExportFile.open(target().toString(), false)) {
            Files.writeString(target(), "precious");
            assertThrows(UserError.class, file::finish);
        }
        try (ExportFile file = ExportFile.open(directory.resolve("link").toString(), true)) {
            Files.createSymbolicLink(directory.resolve("link"), target());
            assertThrows(UserError.class, file::finish);
        }
        assertEquals("precious", Files.readString(target()));
        assertTrue(Files.isSymbolicLink(directory.resolve("link")));
        assertTrue(Files.exists(target(), LinkOption.NOFOLLOW_LINKS));
        assertEquals(List.of("link", "out"), names());
    }

    /** A signal in the moment before the file is there. */
    @Test
    void whoIsToEndBeginsNothing() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Late.class.getName(), target().toString()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("cannot write " + target() + ": ktrace was to end before\n", said);
        assertEquals(0, process.waitFor());
        assertEquals(List.of(), names());
    }

    /** Opens a file when the JVM shuts down already. */
    static final class Late {
        private Late() {
        }

        public static void main(String[] args) {
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
                try (ExportFile file = ExportFile.open(args[0], false)) {
                    System.out.println(file);
                } catch (UserError e) {
                    System.out.println(e.getMessage());
                }
            }));
        }
    }
}
