package ktrace.linux;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the arguments of system calls are called, by the table that comes with ktrace. */
public final class SyscallArguments {
    private SyscallArguments() {
    }

    /** By the name of a call, its arguments in the kernel's order: names of each, with {@code |} between them. Reads the table. */
    public static Map<String, List<String>> names() {
        Map<String, List<String>> names = new HashMap<>();
        try (InputStream table = SyscallArguments.class.getResourceAsStream("syscall-arguments.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.US_ASCII))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                List<String> words = List.of(line.split(" "));
                names.put(words.getFirst(), words.subList(1, words.size()));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }
}
