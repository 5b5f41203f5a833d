package ktrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code src/main/launcher/ktrace}, with JDKs that only print how they were called. */
class LauncherScriptTest {

    private record Run(int status, List<String> lines) {

        String argument(String prefix) {
            return lines.stream().filter(line -> line.startsWith(prefix)).findFirst().orElse("");
        }
    }

    @TempDir
    private Path temp;

    private final Map<String, String> environment = new HashMap<>();
    private Path installed;
    private Path launcher;
    private Path jar;

    @BeforeEach
    void install() throws IOException {
        installed = Files.createDirectory(temp.resolve("a place"));
        launcher = Files.copy(Path.of("src/main/launcher/ktrace"), installed.resolve("ktrace"));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        jar = Files.createFile(installed.resolve("ktrace.jar"));
        Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
    }

    @Test
    void takesJavaHomeWhenItIsNewEnough() throws Exception {
        environment.put("JAVA_HOME", jdk("new", "25.0.3").toString());
        Run run = run(launcher, "-p", "1", "two words");
        assertEquals(temp.resolve("new/bin/java").toString(), run.lines().getFirst());
        assertEquals(List.of("-jar", jar.toString(), "-p", "1", "two words"), afterOptions(run));
        assertTrue(run.lines().contains("--enable-native-access=ALL-UNNAMED"));
    }

    @Test
    void passesOverAnOlderJavaHomeToTheJavaInPath() throws Exception {
        environment.put("JAVA_HOME", jdk("old", "17.0.15").toString());
        environment.put("PATH", jdk("in path", "26").resolve("bin") + ":/usr/bin:/bin");
        assertEquals(
                temp.resolve("in path/bin/java").toString(),
                run(launcher, "--version").lines().getFirst());
    }

    @Test
    void aDirectoryThatIsNoMoreIsAnErrorOfOneLine() throws Exception {
        environment.put("KTRACE_JAVA_HOME", jdk("new", "25").toString());
        Path gone = Files.createDirectory(temp.resolve("gone"));
        Run run = run(Path.of("/bin/sh"), "-c", "cd '" + gone + "' && rmdir '" + gone + "' && exec '" + launcher + "' --version");
        assertEquals(1, run.status());
        assertEquals(1, run.lines().stream().filter(line -> line.startsWith("ktrace: ")).count(), run.lines().toString());
        assertTrue(run.lines().getLast().contains("exists no more"), run.lines().toString());
    }

    /** Java would open its own files in its place, which a traced command would inherit; and it is still no place to read or write. */
    @Test
    void aStandardStreamThatIsClosedIsNoPlaceForAFileOfJavas() throws Exception {
        Path seen = temp.resolve("seen");
        Path home = jdk("new", "25");
        environment.put("KTRACE_JAVA_HOME", home.toString());
        Files.writeString(home.resolve("bin/java"), """
                #!/bin/sh
                exec 3> '%s'
                for fd in 0 1 2; do
                    file=$(readlink /proc/$$/fd/$fd)
                    mode=$(sed -n 's/^flags:.*\\(.\\)$/\\1/p' /proc/$$/fdinfo/$fd)
                    echo "$file $mode" >&3
                done
                """.formatted(seen));
        run(Path.of("/bin/sh"), "-c", "exec '" + launcher + "' -a 0<&- 1>&- 2>&-");
        assertEquals(List.of("/dev/null 1", "/dev/null 0", "/dev/null 0"), Files.readAllLines(seen));
    }

    @Test
    void anExplicitJavaThatIsTooOldIsAnErrorOfOneLine() throws Exception {
        Path old = jdk("old", "1.8.0_392");
        environment.put("KTRACE_JAVA_HOME", old.toString());
        environment.put("JAVA_HOME", jdk("new", "25").toString());
        Run run = run(launcher, "--version");
        assertEquals(1, run.status());
        assertEquals(
                List.of("ktrace: needs Java 25 or newer, but KTRACE_JAVA_HOME has Java 8 in " + old), run.lines());
    }

    @Test
    void findsItsJarThroughASymbolicLink() throws Exception {
        environment.put("JAVA_HOME", jdk("new", "25").toString());
        Path link = Files.createSymbolicLink(temp.resolve("link"), launcher);
        assertEquals(jar.toString(), afterOptions(run(link)).get(1));
    }

    @Test
    void saysThatItsJarIsMissing() throws Exception {
        Files.delete(jar);
        Run run = run(launcher);
        assertEquals(1, run.status());
        assertEquals(List.of("ktrace: cannot read " + jar + ", which belongs beside " + launcher), run.lines());
    }

    @Test
    void usesTheCacheOfTheSameJdkBuild() throws Exception {
        environment.put("JAVA_HOME", jdk("new", "25.0.3").toString());
        Path cache = Files.createFile(installed.resolve("ktrace-25.0.3+9.aot"));
        assertEquals("-XX:AOTCache=" + cache, run(launcher).argument("-XX:AOTCache="));
        Files.move(cache, installed.resolve("ktrace-25.0.4+9.aot"));
        assertEquals("", run(launcher).argument("-XX:AOTCache="));
    }

    @Test
    void ignoresACacheThatIsOlderThanTheJarOrALink() throws Exception {
        environment.put("JAVA_HOME", jdk("new", "25.0.3").toString());
        Path cache = Files.createFile(installed.resolve("ktrace-25.0.3+9.aot"));
        Files.setLastModifiedTime(cache, FileTime.from(Instant.parse("2025-12-31T00:00:00Z")));
        assertEquals("", run(launcher).argument("-XX:AOTCache="));
        Files.delete(cache);
        Files.createSymbolicLink(cache, Files.createFile(temp.resolve("elsewhere.aot")));
        assertFalse(run(launcher).lines().stream().anyMatch(line -> line.startsWith("-XX:AOTCache=")));
    }

    /** In a directory that anybody may write to, anybody could lay a cache beside the jar. */
    @Test
    void ignoresACacheOfAnotherOwnerThanTheJar() throws Exception {
        assumeTrue(Files.getOwner(jar).getName().equals("root"), "only root can give a file away");
        environment.put("JAVA_HOME", jdk("new", "25.0.3").toString());
        Path cache = Files.createFile(installed.resolve("ktrace-25.0.3+9.aot"));
        UserPrincipal nobody = cache.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        Files.setOwner(cache, nobody);
        assertEquals("", run(launcher).argument("-XX:AOTCache="));
        Files.setOwner(jar, nobody);
        assertEquals("-XX:AOTCache=" + cache, run(launcher).argument("-XX:AOTCache="));
    }

    /** Java's own message would go to standard output, and a thread that is gone would be waited for. */
    @Test
    void withoutMemoryItEndsAndSaysSoInOneLine() throws Exception {
        environment.put("KTRACE_JAVA_HOME", System.getProperty("java.home"));
        environment.put("KTRACE_JAVA_OPTS", "-Xms16m -Xmx16m");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Hog.class.getName());
        String file = Hog.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream hog = Hog.class.getClassLoader().getResourceAsStream(file)) {
            out.putNextEntry(new ZipEntry(file));
            hog.transferTo(out);
        }
        Path stdout = temp.resolve("stdout");
        Run run = run(Path.of("/bin/sh"), "-c", "\"$0\" >\"$1\"", launcher.toString(), stdout.toString());
        assertEquals(3, run.status(), run.lines()::toString);
        assertEquals(List.of("ktrace: out of memory: give Java more, as by KTRACE_JAVA_OPTS=-Xmx4g"), run.lines());
        assertEquals("", Files.readString(stdout));
    }

    /** A thread of its that gets no memory, and another that waits for it. */
    static final class Hog {
        private Hog() {
        }

        public static void main(String[] args) throws InterruptedException {
            CountDownLatch done = new CountDownLatch(1);
            Thread.ofPlatform().start(() -> {
                List<byte[]> kept = new ArrayList<>();
                try {
                    while (true) {
                        kept.add(new byte[1 << 20]);
                    }
                } catch (OutOfMemoryError swallowed) {
                    kept.clear();
                }
            });
            done.await();
        }
    }

    /** A JDK whose {@code java} prints its own path and then its arguments, one a line. */
    private Path jdk(String name, String version) throws IOException {
        Path home = Files.createDirectory(temp.resolve(name));
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"Test\"\nJAVA_RUNTIME_VERSION=\"%s+9\"\nJAVA_VERSION=\"%s\"\n"
                        .formatted(version, version));
        Path java = Files.createDirectory(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    private static List<String> afterOptions(Run run) {
        return run.lines().subList(run.lines().indexOf("-jar"), run.lines().size());
    }

    private Run run(Path command, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(command.toString()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("KTRACE_") || name.equals("JAVA_HOME"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        List<String> lines = process.inputReader().lines().toList();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        return new Run(process.exitValue(), lines);
    }
}
