package ktrace.cli;

import java.time.Instant;

/** The time of day of what is measured on CLOCK_MONOTONIC. */
final class WallClock {
    private WallClock() {
    }

    /**
     * CLOCK_REALTIME less CLOCK_MONOTONIC. They cannot be read at once: the reading that took least time is nearest to the truth.
     */
    static long realtimeOffsetNs() {
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
