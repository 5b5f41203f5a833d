package ktrace.diff;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The rank test of Mann and Whitney (1947) on the steps of two runs: how likely it is that ranks lie apart as much as they do where
 * both runs are alike. With few steps it is exact, ties included; with many the normal approximation is taken. Neighbours that are
 * alike tell less than they seem to: the variance is multiplied by (1+r)/(1-r), r being how much a rank goes by the one before it.
 *
 * @param p two-sided; NaN where there are too few to be tested
 * @param greater how likely one of the second run is greater than one of the first, ties half: 0.5 where they are alike
 */
record RankTest(double p, double greater) {
    /** With fewer on one side nothing is said. */
    static final int LEAST = 8;
    static final RankTest TOO_FEW = new RankTest(Double.NaN, 0.5);
    private static final int EXACT = 32;
    private static final double MOST_ALIKE = 0.95;

    /** Of steps of one size: the shorter ones are joined to the size of the longer ones. */
    static RankTest of(Steps first, Steps second) {
        long size = Math.max(first.size(), second.size());
        double[] a = first.joinedTo(size).values();
        double[] b = second.joinedTo(size).values();
        if (a.length < LEAST || b.length < LEAST) {
            return TOO_FEW;
        }
        // Twice the rank, so that those of ties are whole numbers.
        int[] ranks = new int[a.length + b.length];
        double ties = rank(a, b, ranks);
        int n = ranks.length;
        long sumOfSecond = Arrays.stream(ranks, a.length, n).asLongStream().sum();
        double u = sumOfSecond / 2.0 - b.length * (b.length + 1) / 2.0;
        double pairs = (double) a.length * b.length;
        double alike = alike(ranks, a.length);
        double variance = pairs / 12 * (n + 1 - ties / ((double) n * (n - 1))) * alike;
        double distance = Math.max(0, Math.abs(u - pairs / 2) - 0.5);
        double p = variance <= 0 ? 1 : Normal.twoSided(distance / Math.sqrt(variance));
        double exact = n <= EXACT ? exact(ranks, b.length, sumOfSecond) : 0;
        return new RankTest(n > EXACT ? p : alike == 1 ? exact : Math.max(p, exact), u / pairs);
    }

    /** Fills in twice the ranks of all; gives the sum over all groups of ties of t³-t. */
    private static double rank(double[] a, double[] b, int[] ranks) {
        double[] all = Arrays.copyOf(a, ranks.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        Integer[] order = IntStream.range(0, all.length).boxed().sorted(Comparator.comparingDouble(i -> all[i])).toArray(Integer[]::new);
        double ties = 0;
        int from = 0;
        while (from < order.length) {
            int to = from + 1;
            while (to < order.length && all[order[to]] == all[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = from + to + 1;
            }
            double t = to - from;
            ties += t * t * t - t;
            from = to;
        }
        return ties;
    }

    /** By how much the variance is greater since neighbours in one run are alike; 1 when they are not. */
    private static double alike(int[] ranks, int first) {
        double products = 0;
        double squares = 0;
        for (int[] run : new int[][] {Arrays.copyOf(ranks, first), Arrays.copyOfRange(ranks, first, ranks.length)}) {
            double mean = Arrays.stream(run).average().orElse(0);
            for (int i = 0; i < run.length; i++) {
                squares += (run[i] - mean) * (run[i] - mean);
                products += i == 0 ? 0 : (run[i] - mean) * (run[i - 1] - mean);
            }
        }
        double r = squares == 0 ? 0 : Math.clamp(products / squares, 0, MOST_ALIKE);
        return (1 + r) / (1 - r);
    }

    /** Of all ways to choose as many ranks, the part of those whose sum lies as far out. */
    private static double exact(int[] ranks, int chosen, long sum) {
        int most = Arrays.stream(ranks).sum();
        double[][] ways = new double[chosen + 1][most + 1];
        ways[0][0] = 1;
        for (int i = 0; i < ranks.length; i++) {
            for (int k = Math.min(i + 1, chosen); k > 0; k--) {
                for (int s = most; s >= ranks[i]; s--) {
                    ways[k][s] += ways[k - 1][s - ranks[i]];
                }
            }
        }
        double all = Arrays.stream(ways[chosen]).sum();
        double below = Arrays.stream(ways[chosen], 0, (int) sum + 1).sum();
        double above = Arrays.stream(ways[chosen], (int) sum, most + 1).sum();
        return Math.min(1, 2 * Math.min(below, above) / all);
    }
}
