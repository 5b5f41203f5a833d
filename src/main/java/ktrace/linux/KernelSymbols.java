package ktrace.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** /proc/kallsyms: where the kernel's functions are. */
public final class KernelSymbols {
    private static final Path TABLE = Path.of("/proc/kallsyms");

    private KernelSymbols() {
    }

    /** 0 when there is none of that name, or this user may not know (kernel.kptr_restrict). */
    public static long address(String function) {
        try (InputStream in = Files.newInputStream(TABLE)) {
            // As one text: 120,000 lines are too many to make a string of each.
            String table = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            int name = table.indexOf(' ' + function + '\n');
            return name < 0 ? 0 : Long.parseUnsignedLong(table, table.lastIndexOf('\n', name) + 1, table.lastIndexOf(' ', name - 1), 16);
        } catch (IOException | RuntimeException unreadable) {
            return 0;
        }
    }
}
