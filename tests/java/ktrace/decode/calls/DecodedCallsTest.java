package ktrace.decode.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import ktrace.decode.Resource;
import org.junit.jupiter.api.Test;

/** The table in src/docs is what calls.txt says. */
class DecodedCallsTest {
    private static final Path TABLE = Path.of("src/docs/decoded-calls.md");
    private static final String HEAD = """
            # The system calls that ktrace decodes

            Made from `calls.txt` in `src/main/resources/ktrace/decode`; a test compares the two. A line holds for every ABI that has the
            call. `PROT_… bits` are the names of several flags, `SEEK_…` is one name; *fd* stands with what it refers to. What is
            *out*, and what is read, is shown when the call has returned. Of a call that fails the result is the error with its text.
            Contents of what is read, written, sent and received are shown with `--data N` only. From perf and from traces registers
            alone are known: pointers are numbers there.

            A call that is not listed is shown with the names and types that the kernel gives its arguments
            (`events/syscalls/sys_enter_*/format` in tracefs), or with bare numbers when those cannot be read.
            """;

    @Test
    void theTableInTheDocumentsIsThatOfTheDecoder() throws IOException {
        String made = table();
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(TABLE, made);
        }
        assertEquals(Files.readString(TABLE), made, TABLE + ": write it anew with -Dgolden=write");
    }

    private static String table() throws IOException {
        Map<String, String> families = families();
        StringBuilder out = new StringBuilder(HEAD);
        try (var reader = new BufferedReader(new InputStreamReader(
                DecodedCallsTest.class.getResourceAsStream("/ktrace/decode/calls.txt"), StandardCharsets.US_ASCII))) {
            for (String line : reader.lines().toList()) {
                if (line.startsWith("## ")) {
                    out.append('\n').append(line).append("\n\n| call | arguments | result |\n|---|---|---|\n");
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    out.append(row(line, families));
                }
            }
        }
        return out.toString();
    }

    private static String row(String line, Map<String, String> families) {
        List<String> words = Arrays.asList(line.split(" "));
        int equals = words.indexOf("=");
        List<String> kinds = words.subList(1, equals < 0 ? words.size() : equals);
        return "| " + words.getFirst().replace(",", ", ") + " | "
                + kinds.stream().map(kind -> phrase(kind, families)).collect(Collectors.joining(", ")) + " | "
                + (equals < 0 ? "" : words.get(equals + 1)) + " |\n";
    }

    private static String phrase(String word, Map<String, String> families) {
        String kind = word.replaceAll("@.*", "");
        String parameter = kind.contains(":") ? kind.substring(kind.indexOf(':') + 1) : "";
        String name = kind.replaceAll(":.*", "");
        return switch (name) {
            case "one", "ipc-command" -> families.get(parameter);
            case "flags", "flags64", "open-like" -> families.get(parameter) + " bits";
            default -> name.replace('-', ' ');
        };
    }

    /** What the names of each group have in common, as the group's head in constants.txt has it. */
    private static Map<String, String> families() {
        Map<String, String> families = new HashMap<>();
        for (String line : Resource.lines("constants.txt")) {
            if (line.startsWith("[")) {
                String[] head = line.substring(1, line.length() - 1).split(" ");
                families.put(head[0], "`" + head[1].replace("???", "…") + "`");
            }
        }
        return families;
    }
}
