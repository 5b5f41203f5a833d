package ktrace.linux.child;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes are those that the assembler makes of the text beside them. */
class ChildCodeTest {
    @TempDir
    Path directory;

    @Test
    void x86() throws Exception {
        check("", ".intel_syntax noprefix\n", ChildCode.X86_64);
    }

    @Test
    void aarch64() throws Exception {
        check("aarch64-linux-gnu-", "", ChildCode.AARCH64);
    }

    private void check(String tools, String head, String listing) throws Exception {
        assumeTrue(isThere(tools + "as") && isThere(tools + "objcopy"), "needs " + tools + "as and " + tools + "objcopy");
        String source = listing.lines().map(line -> line.replaceFirst("^\\S+", "")).collect(Collectors.joining("\n", head, "\n"));
        Files.writeString(directory.resolve("code.s"), source);
        run(tools + "as", "-o", "code.o", "code.s");
        run(tools + "objcopy", "-O", "binary", "-j", ".text", "code.o", "code");
        assertArrayEquals(Files.readAllBytes(directory.resolve("code")), ChildCode.bytes(listing));
    }

    private static boolean isThere(String program) {
        return Files.isExecutable(Path.of("/usr/bin", program));
    }

    private void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }
}
