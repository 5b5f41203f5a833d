package ktrace.diff;

/** The normal distribution. */
final class Normal {
    private static final double MANY = 3;

    private Normal() {
    }

    /** How likely it lies at least {@code z} standard deviations from its mean, on either side; within a millionth of that. */
    static double twoSided(double z) {
        return z < MANY ? 1 - within(z) : tail(z);
    }

    /** 2Φ(z)-1 by its power series (Abramowitz and Stegun 26.2.11), which converges fast for small z. */
    private static double within(double z) {
        double term = z;
        double sum = z;
        for (int k = 1; term > sum * 1e-17 && k < 500; k++) {
            term *= z * z / (2 * k + 1);
            sum += term;
        }
        return sum * Math.sqrt(2 / Math.PI) * Math.exp(-z * z / 2);
    }

    /** The continued fraction of Mills' ratio (26.2.14), for large z. */
    private static double tail(double z) {
        double fraction = z;
        for (int k = 60; k > 0; k--) {
            fraction = z + k / fraction;
        }
        return Math.sqrt(2 / Math.PI) * Math.exp(-z * z / 2) / fraction;
    }
}
