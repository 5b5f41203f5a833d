package ktrace.linux.uapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A C program that includes native-headers/ktrace.h, compiled and run once: what the headers of this machine say. */
public final class CProgram {
    private static final Path HEADERS = Path.of("native-headers").toAbsolutePath();
    private static final String COMPILER = Optional.ofNullable(System.getenv("CC")).orElse("cc");

    private CProgram() {
    }

    /** A version of the kernel's headers, as LINUX_VERSION_MAJOR and LINUX_VERSION_PATCHLEVEL state it. */
    public record HeaderVersion(int major, int patchLevel) {
        boolean isOlderThan(HeaderVersion other) {
            return major != other.major ? major < other.major : patchLevel < other.patchLevel;
        }

        @Override
        public String toString() {
            return "Linux " + major + "." + patchLevel;
        }
    }

    /**
     * Skips the test on a machine that cannot be compared: no C compiler, another machine than the bindings', or older
     * headers, which lack some of the names. Returns the version of the headers that are there.
     */
    public static HeaderVersion requireComparableHeaders() throws IOException, InterruptedException {
        String arch = System.getProperty("os.arch");
        assumeTrue(arch.equals("amd64"), "the bindings are those of x86-64, this machine is " + arch);
        assumeTrue(compilerRuns(), "no C compiler: " + COMPILER + " does not run");
        String[] version = run("#include <linux/version.h>\n#include <stdio.h>\n",
                "printf(\"%d %d\\n\", LINUX_VERSION_CODE >> 16, LINUX_VERSION_CODE >> 8 & 255);\n").getFirst().split(" ");
        HeaderVersion installed = new HeaderVersion(Integer.parseInt(version[0]), Integer.parseInt(version[1]));
        assumeTrue(!installed.isOlderThan(ofBindings()),
                "the headers here are of " + installed + ", older than " + ofBindings() + " of the bindings");
        return installed;
    }

    public static HeaderVersion ofBindings() {
        return new HeaderVersion(Uapi.LINUX_VERSION_MAJOR(), Uapi.LINUX_VERSION_PATCHLEVEL());
    }

    /** The lines that {@code statements} print, run in the main function of a program that includes ktrace.h. */
    public static List<String> run(String statements) throws IOException, InterruptedException {
        return run("#include \"ktrace.h\"\n#include <stdio.h>\n#include <string.h>\n", statements);
    }

    /** As {@link #run(String)}, of a program that includes something else. */
    public static List<String> run(String includes, String statements) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("ktrace-uapi");
        Path source = directory.resolve("program.c");
        Path program = directory.resolve("program");
        Path messages = directory.resolve("messages");
        Path output = directory.resolve("output");
        try {
            Files.writeString(source, includes + "int main(void) {\n" + statements + "return 0;\n}\n");
            int status = execute(messages, COMPILER, "-w", "-I", HEADERS.toString(), "-o", program.toString(), source.toString());
            assertEquals(0, status, () -> "the C compiler refused:\n" + read(messages));
            assertEquals(0, execute(output, program.toString()), "the C program failed");
            return Files.readAllLines(output);
        } finally {
            for (Path file : List.of(source, program, messages, output, directory)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static boolean compilerRuns() throws InterruptedException {
        try {
            return new ProcessBuilder(COMPILER, "--version").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static int execute(Path output, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(Map.of("LC_ALL", "C"));
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> String.join(" ", command) + " still runs after 60 s");
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
