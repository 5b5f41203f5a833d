package ktrace.cli.targets;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import ktrace.linux.uapi.Uapi;

/**
 * A program that is there and cannot be run because what is to run it is not: the kernel says ENOENT, as for a program that is not
 * there. Scripts name it behind {@code #!} (fs/binfmt_script.c), programs in their PT_INTERP (elf(5)).
 */
final class MissingInterpreter {
    /** BINPRM_BUF_SIZE: so much of a script does the kernel look at. */
    private static final int FIRST_BYTES = 256;
    private static final int PT_INTERP = 3;

    private MissingInterpreter() {
    }

    /** What {@code program} lacks; null when it is another thing that is missing. */
    static String of(String program, int errno) {
        Path file = Path.of(program);
        if (errno != Uapi.ENOENT() || !Files.isRegularFile(file)) {
            return null;
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] first = new byte[FIRST_BYTES];
            int length = Math.max(in.read(first), 0);
            String interpreter = length > 1 && first[0] == '#' && first[1] == '!' ? script(first, length)
                    : length > 4 && first[0] == 0x7f && first[1] == 'E' ? elf(in, first) : null;
            return interpreter == null || Files.exists(Path.of(interpreter)) ? null : interpreter;
        } catch (IOException | RuntimeException unreadable) {
            return null;
        }
    }

    private static String script(byte[] first, int length) {
        String line = new String(first, 2, length - 2, StandardCharsets.ISO_8859_1).lines().findFirst().orElse("").strip();
        return line.isEmpty() ? null : line.split("[ \t]")[0];
    }

    private static String elf(RandomAccessFile in, byte[] first) throws IOException {
        boolean wide = first[4] == 2;
        ByteBuffer head = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN);
        long at = wide ? head.getLong(32) : head.getInt(28);
        int size = head.getShort(wide ? 54 : 42);
        int count = head.getShort(wide ? 56 : 44);
        for (int i = 0; i < count; i++) {
            ByteBuffer entry = read(in, at + (long) i * size, size);
            if (entry.getInt(0) == PT_INTERP) {
                long from = wide ? entry.getLong(8) : entry.getInt(4);
                byte[] path = read(in, from, (int) (wide ? entry.getLong(32) : entry.getInt(16))).array();
                return new String(Arrays.copyOf(path, path.length - 1), StandardCharsets.ISO_8859_1);
            }
        }
        return null;
    }

    private static ByteBuffer read(RandomAccessFile in, long at, int size) throws IOException {
        byte[] bytes = new byte[size];
        in.seek(at);
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
