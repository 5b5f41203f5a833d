package ktrace.cli.options;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The words after {@code --}, byte for byte as ktrace was given them. A Java String does not hold every argument: with LANG=C
 * whatever is not ASCII has been replaced before main begins.
 */
public final class CommandWords {
    private CommandWords() {
    }

    /** The last {@code words.size()} arguments of this process, or {@code words} encoded when they cannot be found there. */
    public static byte[][] raw(List<String> words) {
        try {
            List<byte[]> all = split(Files.readAllBytes(Path.of("/proc/self/cmdline")));
            int from = all.size() - words.size();
            if (from > 0 && "--".equals(new String(all.get(from - 1), StandardCharsets.US_ASCII))) {
                return all.subList(from, all.size()).toArray(byte[][]::new);
            }
        } catch (IOException e) {
            // No /proc/self: then nothing else works either, and the next step says so.
            return encoded(words);
        }
        return encoded(words);
    }

    private static byte[][] encoded(List<String> words) {
        return words.stream().map(word -> word.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }

    private static List<byte[]> split(byte[] cmdline) {
        List<byte[]> arguments = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < cmdline.length; i++) {
            if (cmdline[i] == 0) {
                arguments.add(java.util.Arrays.copyOfRange(cmdline, start, i));
                start = i + 1;
            }
        }
        return arguments;
    }
}
