package ktrace.diff;

import java.util.Arrays;

/**
 * Durations in the order of time, of which the means of equally many neighbours are kept: of each while they are few, later of two,
 * four and so on. Neighbours are often alike, and the mean of many hides no rare long one. Allocates while it grows to its bound.
 */
final class Batches {
    private static final int MOST = 256;

    private double[] sums = new double[4];
    private int whole;
    private long each = 1;
    private double open;
    private long inOpen;

    void add(double value) {
        open += value;
        if (++inOpen < each) {
            return;
        }
        if (whole == MOST) {
            halve();
            // What was whole is one half now.
            return;
        }
        if (whole == sums.length) {
            sums = Arrays.copyOf(sums, 2 * whole);
        }
        sums[whole++] = open;
        open = 0;
        inOpen = 0;
    }

    private void halve() {
        for (int i = 0; i < MOST / 2; i++) {
            sums[i] = sums[2 * i] + sums[2 * i + 1];
        }
        whole = MOST / 2;
        each *= 2;
    }

    Steps means() {
        double[] means = new double[whole];
        for (int i = 0; i < whole; i++) {
            means[i] = sums[i] / each;
        }
        return new Steps(each, means);
    }
}
