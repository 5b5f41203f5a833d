package ktrace.ctf.read;

import java.util.Map;
import ktrace.ctf.tsdl.TraceMetadata.Clock;

/**
 * Turns the ticks of a trace's clock into nanoseconds on CLOCK_MONOTONIC, and those into time since 1970.
 *
 * @param offsetNs what CLOCK_REALTIME was ahead of it when the trace began
 */
record TickClock(long frequencyHz, long offsetNs) {
    private static final long NS = 1_000_000_000L;

    /** The clock named monotonic, as all kernel traces have, else the first. */
    static TickClock of(Map<String, Clock> clocks) {
        Clock clock = clocks.getOrDefault("monotonic", clocks.values().stream().findFirst().orElse(null));
        if (clock == null) {
            return new TickClock(NS, 0);
        }
        return new TickClock(clock.frequencyHz(), clock.offsetSeconds() * NS + scaled(clock.offsetTicks(), clock.frequencyHz()));
    }

    long timeNs(long ticks) {
        return frequencyHz == NS ? ticks : scaled(ticks, frequencyHz);
    }

    private static long scaled(long ticks, long frequencyHz) {
        if (frequencyHz == NS) {
            return ticks;
        }
        long seconds = Long.divideUnsigned(ticks, frequencyHz);
        long rest = Long.remainderUnsigned(ticks, frequencyHz);
        // The rest is below the frequency: exact in 64 bits up to 18 GHz, and to a nanosecond above.
        long ns = frequencyHz <= Long.divideUnsigned(-1L, NS)
                ? Long.divideUnsigned(rest * NS, frequencyHz)
                : (long) ((double) rest / frequencyHz * NS);
        return seconds * NS + ns;
    }
}
