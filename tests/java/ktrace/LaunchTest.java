package ktrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a user of an older Java is told. Outside of the jar the class for older Javas is the one that is seen. */
class LaunchTest {

    private static final Path CLASSES = Path.of("target/classes");

    @Test
    void namesTheJavaThatIsNeededAndTheOneThatRuns() {
        assertEquals(
                "ktrace: needs Java 25 or newer, but this is Java 8 (/opt/jdk8); the launcher `ktrace` beside the jar"
                        + " finds a newer one by itself, or set JAVA_HOME",
                Launch.message("1.8", "/opt/jdk8"));
        assertTrue(Launch.message("24", "/opt/jdk24").contains("but this is Java 24 (/opt/jdk24)"));
    }

    @Test
    void isReadableToJava8AndReplacedFromJava25On() throws IOException {
        assertEquals(52, classFileVersion(CLASSES.resolve("ktrace/Launch.class")));
        assertEquals(69, classFileVersion(CLASSES.resolve("META-INF/versions/25/ktrace/Launch.class")));
    }

    @Test
    void anOlderJavaPrintsOneLineAndFails() throws Exception {
        Optional<Path> java = olderJava();
        assumeTrue(java.isPresent(), "no Java older than 25 under /usr/lib/jvm");
        Process process = new ProcessBuilder(java.get().toString(), "-cp", CLASSES.toString(), "ktrace.Launch", "-p", "1")
                .redirectErrorStream(true)
                .start();
        List<String> lines = process.inputReader().lines().toList();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(1, process.exitValue());
        assertEquals(1, lines.size(), () -> String.join("\n", lines));
        assertTrue(lines.getFirst().startsWith("ktrace: needs Java 25 or newer, but this is Java "), lines.getFirst());
    }

    private static int classFileVersion(Path file) throws IOException {
        try (var in = new DataInputStream(Files.newInputStream(file))) {
            assertEquals(0xCAFEBABE, in.readInt());
            in.readUnsignedShort();
            return in.readUnsignedShort();
        }
    }

    private static Optional<Path> olderJava() throws IOException {
        Path installed = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(installed)) {
            return Optional.empty();
        }
        try (Stream<Path> homes = Files.list(installed)) {
            return homes.filter(LaunchTest::isOlder)
                    .map(home -> home.resolve("bin/java"))
                    .filter(Files::isExecutable)
                    .findFirst();
        }
    }

    private static boolean isOlder(Path home) {
        try (Stream<String> release = Files.lines(home.resolve("release"))) {
            return release.anyMatch(line -> line.matches("JAVA_VERSION=\"(1\\.8|9|1\\d|2[0-4])[^0-9].*"));
        } catch (IOException noReleaseFile) {
            return false;
        }
    }
}
