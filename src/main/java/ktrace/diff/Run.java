package ktrace.diff;

import java.util.Map;

/**
 * One of the two that are compared.
 *
 * @param name where it was read from
 * @param hasDurations whether it has each duration, as a trace does, or sums of them only
 */
public record Run(String name, long durationNs, long events, long lost, boolean hasDurations, Map<Row, Figures> rows) {
    public Run {
        rows = Map.copyOf(rows);
    }

    /** In one second of the run, on average. */
    double perSecond(double amount) {
        return durationNs <= 0 ? 0 : amount * 1e9 / durationNs;
    }
}
