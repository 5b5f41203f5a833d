package ktrace.story;

import java.util.List;
import ktrace.analysis.SyscallSummary;
import ktrace.analysis.SyscallSummary.Bucket;

/**
 * One scale for histograms of latency, so that those of several rows can be compared at a glance: each column is one power of two
 * of time, or several where there are few columns; the height is the share of calls, the highest column full.
 */
public final class LatencyScale {
    private final int lowest;
    private final int highest;

    private LatencyScale(int lowest, int highest) {
        this.lowest = lowest;
        this.highest = highest;
    }

    /** The scale that all of {@code syscalls} fit into. */
    public static LatencyScale over(List<SyscallSummary> syscalls) {
        int lowest = Integer.MAX_VALUE;
        int highest = Integer.MIN_VALUE;
        for (SyscallSummary syscall : syscalls) {
            for (Bucket bucket : syscall.histogram()) {
                lowest = Math.min(lowest, exponent(bucket));
                highest = Math.max(highest, exponent(bucket));
            }
        }
        return new LatencyScale(lowest, highest);
    }

    private static int exponent(Bucket bucket) {
        return bucket.fromNs() <= 0 ? -1 : Long.SIZE - 1 - Long.numberOfLeadingZeros(bucket.fromNs());
    }

    private boolean isEmpty() {
        return lowest > highest;
    }

    /** How many powers of two it spans. */
    public int powers() {
        return isEmpty() ? 0 : highest - lowest + 1;
    }

    /** Its begin and its end: {@code 256ns-1s}. */
    public String ends(Units units) {
        return isEmpty() ? "" : about(power(lowest), units) + "-" + about(power(highest + 1), units);
    }

    private static String about(long timeNs, Units units) {
        return units.time(timeNs).replaceFirst("\\.\\d+", "").replace(" ", "");
    }

    private static long power(int exponent) {
        return exponent < 0 ? 0 : 1L << Math.min(exponent, Long.SIZE - 2);
    }

    /**
     * How high each column is, from 1 to {@code steps}, or 0 where there was no call.
     *
     * @param columns at most so many are given
     */
    public int[] heights(SyscallSummary syscall, int columns, int steps) {
        int perColumn = Math.max(1, Math.ceilDiv(powers(), Math.max(1, columns)));
        long[] calls = new long[Math.ceilDiv(powers(), perColumn)];
        long most = 0;
        for (Bucket bucket : syscall.histogram()) {
            int column = (exponent(bucket) - lowest) / perColumn;
            calls[column] += bucket.calls();
            most = Math.max(most, calls[column]);
        }
        int[] heights = new int[calls.length];
        for (int i = 0; i < calls.length; i++) {
            heights[i] = calls[i] == 0 ? 0 : Math.clamp(Math.ceilDiv(calls[i] * steps, most), 1, steps);
        }
        return heights;
    }
}
