package ktrace.event;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The values of every {@link TraceCounter} as one stage counts them. One thread adds; any thread may read, and sees each value
 * as it was at most moments ago. Allocates nothing after construction.
 */
public final class TraceCounters {
    private static final int COUNTERS = TraceCounter.values().length;

    private final AtomicLongArray values = new AtomicLongArray(COUNTERS);

    public void increment(TraceCounter counter) {
        add(counter, 1);
    }

    /** Adds without a locked instruction: the owner is the only writer. */
    public void add(TraceCounter counter, long amount) {
        int i = counter.ordinal();
        values.setOpaque(i, values.getPlain(i) + amount);
    }

    public void set(TraceCounter counter, long value) {
        values.setOpaque(counter.ordinal(), value);
    }

    public long get(TraceCounter counter) {
        return values.getOpaque(counter.ordinal());
    }

    /** Those that are not zero. Allocates. */
    public Map<TraceCounter, Long> nonZero() {
        Map<TraceCounter, Long> nonZero = new EnumMap<>(TraceCounter.class);
        for (TraceCounter counter : TraceCounter.values()) {
            if (get(counter) != 0) {
                nonZero.put(counter, get(counter));
            }
        }
        return nonZero;
    }
}
