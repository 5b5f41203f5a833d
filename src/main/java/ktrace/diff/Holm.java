package ktrace.diff;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Many tests at once. */
final class Holm {
    private Holm() {
    }

    /**
     * What is below a level afterwards holds a false alarm no more often than the level says, however many tests there were, and
     * however they depend on one another (Holm, 1979).
     *
     * @param p of each test; NaN where none was made, which stays so
     */
    static double[] corrected(double[] p) {
        int[] order = IntStream.range(0, p.length).filter(i -> !Double.isNaN(p[i])).boxed()
                .sorted(Comparator.comparingDouble(i -> p[i])).mapToInt(i -> i).toArray();
        double[] corrected = new double[p.length];
        Arrays.fill(corrected, Double.NaN);
        double greatest = 0;
        for (int k = 0; k < order.length; k++) {
            greatest = Math.max(greatest, Math.min(1, (order.length - k) * p[order[k]]));
            corrected[order[k]] = greatest;
        }
        return corrected;
    }
}
