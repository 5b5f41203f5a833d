package ktrace.perf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** /proc/kallsyms: where the kernel's functions are. */
final class KernelSymbols {
    private static final Path TABLE = Path.of("/proc/kallsyms");

    private KernelSymbols() {
    }

    /** 0 when there is none of that name, or this user may not know (kernel.kptr_restrict). */
    static long address(String function) {
        String end = " " + function;
        try (Stream<String> lines = Files.lines(TABLE, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.endsWith(end)).findFirst()
                    .map(line -> Long.parseUnsignedLong(line.substring(0, line.indexOf(' ')), 16)).orElse(0L);
        } catch (IOException | RuntimeException unreadable) {
            return 0;
        }
    }
}
