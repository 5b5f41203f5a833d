package ktrace.cli;

import java.time.Instant;

/** The time of day of what is measured on CLOCK_MONOTONIC. */
final class WallClock {
    private static final long REALTIME_OFFSET_NS = read();

    private WallClock() {
    }

    /** CLOCK_REALTIME less CLOCK_MONOTONIC: read once, so that a recording has the times of day that are shown beside it. */
    static long realtimeOffsetNs() {
        return REALTIME_OFFSET_NS;
    }

    /** They cannot be read at once: the reading that took least time is nearest to the truth. */
    private static long read() {
        long offset = 0;
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            long before = System.nanoTime();
            Instant now = Instant.now();
            long after = System.nanoTime();
            if (after - before < shortest) {
                shortest = after - before;
                offset = now.getEpochSecond() * 1_000_000_000 + now.getNano() - (before + (after - before) / 2);
            }
        }
        return offset;
    }
}
