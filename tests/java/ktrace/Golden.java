package ktrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Text that was looked at once and must stay as it is, in {@code tests/golden}. After a wanted change write it anew with
 * {@code mvn test -Dgolden=write}, and read the difference before it is committed.
 */
public final class Golden {
    private static final Path DIRECTORY = Path.of("tests/golden");

    private Golden() {
    }

    public static void assertMatches(String name, String text) throws IOException {
        Path file = DIRECTORY.resolve(name);
        if ("write".equals(System.getProperty("golden"))) {
            Files.createDirectories(DIRECTORY);
            Files.writeString(file, text);
            return;
        }
        assertTrue(Files.exists(file), file + " is missing: write it with -Dgolden=write");
        assertEquals(Files.readString(file), text, file.toString());
    }
}
