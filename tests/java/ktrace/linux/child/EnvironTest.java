package ktrace.linux.child;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A name is looked for as execvp(3) does. */
class EnvironTest {
    @TempDir
    Path root;

    private String a;
    private String b;

    @BeforeEach
    void twoDirectories() throws IOException {
        a = Files.createDirectory(root.resolve("a")).toString();
        b = Files.createDirectory(root.resolve("b")).toString();
    }

    @Test
    void theFirstThatMayBeExecuted() throws IOException {
        file("b/tool", "rwxr-xr-x");
        assertEquals(b + "/tool", find("tool"));
        file("a/tool", "rw-r--r--");
        assertEquals(b + "/tool", find("tool"), "no program");
        Files.createDirectory(root.resolve("a/other"));
        file("b/other", "rwxr-xr-x");
        assertEquals(b + "/other", find("other"), "a directory");
        file("a/both", "rwxr-xr-x");
        file("b/both", "rwxr-xr-x");
        assertEquals(a + "/both", find("both"));
    }

    @Test
    void whatIsNotFoundIsToldByTheKernel() throws IOException {
        assertEquals(b + "/none", find("none"));
        file("a/plain", "rw-r--r--");
        assertEquals(a + "/plain", find("plain"), "EACCES, although b has none");
    }

    @Test
    void aPathIsTakenAsItIs() {
        assertEquals("./none", find("./none"));
        assertEquals("/none", find("/none"));
    }

    @Test
    void emptyDirectoriesAreTheCurrentOne() {
        assertEquals("pom.xml", found("pom.xml", "PATH=:/usr/bin"), "not executable, and yet the one to be told of");
        assertEquals("/usr/bin/env", found("env", "PATH=:/usr/bin:"));
    }

    @Test
    void withoutAPathTheUsualOne() {
        assertTrue(List.of("/bin/sh", "/usr/bin/sh").contains(found("sh", "HOME=/")));
        assertEquals("sh", found("sh", "PATH="));
    }

    @Test
    void theEnvironmentIsOurOwn() {
        List<String> entries = Environ.current().entries().stream().map(entry -> new String(entry, StandardCharsets.UTF_8))
                .toList();
        assertTrue(entries.contains("PATH=" + System.getenv("PATH")), entries::toString);
        assertEquals(System.getenv().size(), entries.size());
    }

    private String find(String name) {
        return found(name, "PATH=" + a + ':' + b);
    }

    private static String found(String name, String entry) {
        return new String(new Environ(List.of(bytes("X=1"), bytes(entry))).find(bytes(name)), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void file(String name, String permissions) throws IOException {
        Files.setPosixFilePermissions(Files.createFile(root.resolve(name)), PosixFilePermissions.fromString(permissions));
    }
}
