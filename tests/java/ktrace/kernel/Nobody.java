package ktrace.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A user without rights, and a copy of ktrace that may be read: the class path of the tests is root's own. */
final class Nobody implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path home;
    private final String classPath;

    Nobody() {
        try {
            home = Files.createTempDirectory("ktrace-nobody");
            StringBuilder path = new StringBuilder();
            for (String entry : System.getProperty("java.class.path").split(":")) {
                if (!entry.endsWith("test-classes") && !entry.matches(".*(junit|archunit|jmh|databind|opentest|surefire).*")) {
                    path.append(path.isEmpty() ? "" : ":").append(copy(Path.of(entry)));
                }
            }
            classPath = path.toString();
            RunningProgram.start(List.of("chmod", "-R", "a+rX", home.toString())).exitStatus(PATIENCE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path copy(Path entry) throws IOException {
        Path to = Files.createTempDirectory(home, "path").resolve(entry.getFileName());
        try (var files = Files.walk(entry)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(entry.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, file.equals(entry) ? to : target);
                }
            }
        }
        return to;
    }

    /** Where nobody may read. */
    Path home() {
        return home;
    }

    /** A command run as nobody. */
    List<String> command(String... words) {
        List<String> command = new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        command.addAll(List.of(words));
        return command;
    }

    List<String> ktrace(String... arguments) {
        List<String> command = command(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", classPath, "ktrace.cli.Main");
        command.addAll(List.of(arguments));
        return command;
    }

    @Override
    public void close() {
        try (var files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
