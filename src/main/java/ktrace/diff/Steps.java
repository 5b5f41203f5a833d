package ktrace.diff;

import java.util.Arrays;

/**
 * A series of values in the order of time, in steps of equal size: the means of so many durations, or sums of so much time.
 *
 * @param size of a step, a power of two times the least one, so that the steps of one series can be joined to those of another
 */
record Steps(long size, double[] values) {
    static final Steps NONE = new Steps(1, new double[0]);

    /** The means of so many neighbours that they have this size, which is a multiple; what is left at the end is dropped. */
    Steps joinedTo(long larger) {
        int each = Math.toIntExact(Math.min(Integer.MAX_VALUE, larger / size));
        double[] means = new double[values.length / each];
        for (int i = 0; i < means.length; i++) {
            means[i] = Arrays.stream(values, i * each, (i + 1) * each).average().orElseThrow();
        }
        return new Steps(larger, means);
    }

    int count() {
        return values.length;
    }
}
