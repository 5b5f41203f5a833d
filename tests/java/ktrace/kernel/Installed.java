package ktrace.kernel;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * ktrace as the build leaves it, of the classes under test: beside a jar the launcher, and what {@code src/main/launcher/install} lets Java
 * learn. Made once, when it is first asked for.
 */
final class Installed {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Path DIRECTORY = Path.of("target", "installed");
    private static final String MAIN = "ktrace.cli.Main";
    private static final List<String> COMMAND = install();

    private Installed() {
    }

    /** The command line up to ktrace's own arguments. */
    static List<String> command() {
        return COMMAND;
    }

    private static List<String> install() {
        String given = System.getProperty("ktrace.jar");
        try {
            Path directory = given == null ? DIRECTORY : Path.of(given).getParent();
            List<String> command = new ArrayList<>(List.of("env", "KTRACE_JAVA_HOME=" + System.getProperty("java.home"),
                    // jcmd would have Java listen by SIGQUIT, which ktrace leaves to its command.
                    "KTRACE_JAVA_OPTS=-XX:+StartAttachListener"));
            if (given == null) {
                Files.createDirectories(directory);
                writeJar(directory.resolve("ktrace.jar"));
                List<String> install = new ArrayList<>(command);
                install.addAll(List.of("sh", "src/main/launcher/install", directory.toString()));
                try (RunningProgram program = RunningProgram.start(install)) {
                    if (program.exitStatus(PATIENCE) != 0) {
                        throw new AssertionError(program.describe());
                    }
                }
            }
            command.add(directory.resolve("ktrace").toString());
            return List.copyOf(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Java takes no directory of classes into its cache. The libraries stay where they are. */
    private static void writeJar(Path jar) throws IOException {
        List<Path> classPath = Stream.of(System.getProperty("java.class.path").split(":")).map(Path::of).toList();
        Path classes = classPath.stream().filter(path -> Files.exists(path.resolve(MAIN.replace('.', '/') + ".class"))).findFirst()
                .orElseThrow();
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, MAIN);
        attributes.put(Attributes.Name.CLASS_PATH, classPath.stream().filter(path -> path.toString().endsWith(".jar"))
                .map(path -> path.toUri().toString()).collect(Collectors.joining(" ")));
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                entries.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, entries);
                entries.closeEntry();
            }
        }
    }
}
