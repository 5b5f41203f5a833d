package ktrace.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** kernel.perf_event_paranoid (Documentation/admin-guide/sysctl/kernel.rst), for messages. */
final class Paranoid {
    private static final Path FILE = Path.of("/proc/sys/kernel/perf_event_paranoid");

    private Paranoid() {
    }

    /** {@code " (now 2)"}, or nothing when it cannot be read. */
    static String now() {
        try {
            return " (now " + Files.readString(FILE).strip() + ")";
        } catch (IOException e) {
            return "";
        }
    }
}
