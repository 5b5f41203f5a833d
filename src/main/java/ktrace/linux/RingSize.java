package ktrace.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How large the ring of a CPU is. Rings are locked memory, so it is their total that is bounded, however many CPUs there are:
 * at most {@link #MAX_TOTAL_BYTES}, at most a sixteenth of the machine's memory, and no more than each can make use of.
 */
public final class RingSize {
    static final long MAX_TOTAL_BYTES = 256L << 20;
    /**
     * Holds a second of the fastest system calls one CPU can make, with a record of perf's for the begin and the end of each; by programs
     * two seconds of those. But of calls with arguments, and of switches, it is one, and Java takes as long to compile what reads them.
     */
    static final long MOST_BYTES = 64L << 20;
    public static final long MIN_BYTES = 64L << 10;
    private static final int PAGE_BYTES = 4096;

    private RingSize() {
    }

    /**
     * Bytes of data of one ring, a power of two.
     *
     * @param wantedBytes what the user asked for, or 0 for the default
     */
    public static long of(long wantedBytes, int cpus, long memoryBytes) {
        if (wantedBytes > 0) {
            return Math.max(PAGE_BYTES, Long.highestOneBit(wantedBytes));
        }
        long total = Math.min(MAX_TOTAL_BYTES, memoryBytes / 16);
        return Math.clamp(Long.highestOneBit(total / cpus), MIN_BYTES, MOST_BYTES);
    }

    /** MemTotal of proc_meminfo(5), or what a small machine has when it cannot be read. */
    public static long memoryBytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemTotal:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
        } catch (IOException | NumberFormatException e) {
            return 1L << 30;
        }
        return 1L << 30;
    }
}
