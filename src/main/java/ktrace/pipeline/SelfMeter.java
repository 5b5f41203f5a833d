package ktrace.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ktrace.linux.Processes;

/** What ktrace itself takes from the machine, since its own start. Any thread. */
public final class SelfMeter {
    private static final long PAGE_BYTES = 4096;

    private SelfMeter() {
    }

    /** CPU time of all threads, clock_gettime(2) with CLOCK_PROCESS_CPUTIME_ID. */
    public static long cpuNs() {
        return Processes.cpuTimeNs();
    }

    /** Resident memory by /proc/self/statm, or 0 when that cannot be read. */
    public static long rssBytes() {
        try {
            return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * PAGE_BYTES;
        } catch (IOException e) {
            return 0;
        }
    }
}
