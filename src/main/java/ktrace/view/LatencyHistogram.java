package ktrace.view;

import java.util.List;
import ktrace.analysis.SyscallSummary;
import ktrace.analysis.SyscallSummary.Bucket;

/**
 * Small histograms of latency on one common scale, so that those of several rows can be compared at a glance: each column is one
 * power of two of time, or several where the width is short; the height is the share of calls, the highest column full.
 */
final class LatencyHistogram {
    private final int lowest;
    private final int highest;
    private final Glyphs glyphs;

    private LatencyHistogram(int lowest, int highest, Glyphs glyphs) {
        this.lowest = lowest;
        this.highest = highest;
        this.glyphs = glyphs;
    }

    /** With the scale that all of {@code syscalls} fit into. */
    static LatencyHistogram over(List<SyscallSummary> syscalls, Glyphs glyphs) {
        int lowest = Integer.MAX_VALUE;
        int highest = Integer.MIN_VALUE;
        for (SyscallSummary syscall : syscalls) {
            for (Bucket bucket : syscall.histogram()) {
                lowest = Math.min(lowest, exponent(bucket));
                highest = Math.max(highest, exponent(bucket));
            }
        }
        return new LatencyHistogram(lowest, highest, glyphs);
    }

    private static int exponent(Bucket bucket) {
        return bucket.fromNs() <= 0 ? -1 : Long.SIZE - 1 - Long.numberOfLeadingZeros(bucket.fromNs());
    }

    boolean isEmpty() {
        return lowest > highest;
    }

    /** Columns that give each power of two its own. */
    int fullWidth() {
        return isEmpty() ? 0 : highest - lowest + 1;
    }

    /** Powers of two in one column. */
    private int perColumn(int columns) {
        return Math.max(1, Math.ceilDiv(fullWidth(), Math.max(1, columns)));
    }

    /** The begin and the end of the scale, for the title: {@code 256ns-1s}. */
    String scale() {
        return isEmpty() ? "" : about(power(lowest)) + "-" + about(power(highest + 1));
    }

    private String about(long timeNs) {
        return glyphs.units().time(timeNs).replaceFirst("\\.\\d+", "").replace(" ", "");
    }

    private static long power(int exponent) {
        return exponent < 0 ? 0 : 1L << Math.min(exponent, Long.SIZE - 2);
    }

    Line draw(SyscallSummary syscall, int columns) {
        if (isEmpty()) {
            return new Line();
        }
        int per = perColumn(columns);
        long[] calls = new long[Math.ceilDiv(fullWidth(), per)];
        long most = 0;
        for (Bucket bucket : syscall.histogram()) {
            int column = (exponent(bucket) - lowest) / per;
            calls[column] += bucket.calls();
            most = Math.max(most, calls[column]);
        }
        int steps = glyphs.levels().length() - 1;
        StringBuilder drawn = new StringBuilder();
        for (long count : calls) {
            int level = count == 0 ? 0 : Math.clamp(Math.ceilDiv(count * steps, most), 1, steps);
            drawn.append(glyphs.levels().charAt(level));
        }
        return Line.of(drawn.toString(), Style.BARS);
    }
}
