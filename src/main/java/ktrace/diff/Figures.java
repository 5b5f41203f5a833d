package ktrace.diff;

/**
 * What one run says of a {@link Row}.
 *
 * @param count how many ended
 * @param totalNs how long all of them took
 * @param p50Ns half of them took no longer; 0 where that is not known, as of several processes that were summed up apart
 * @param p99Ns of several that were summed up apart, an upper bound
 * @param lengths how long they took, in the order of time; of a reason none
 * @param rates how many ended, or of a reason how much time it was, in each nanosecond
 */
public record Figures(long count, long totalNs, long p50Ns, long p99Ns, long maxNs, Steps lengths, Steps rates) {
    static final Figures NONE = new Figures(0, 0, 0, 0, 0, Steps.NONE, Steps.NONE);

    /** Sums alone, of which no test can be made. */
    static Figures of(long count, long totalNs, long p50Ns, long p99Ns, long maxNs) {
        return new Figures(count, totalNs, p50Ns, p99Ns, maxNs, Steps.NONE, Steps.NONE);
    }

    /** Of both, summed up apart. */
    Figures plus(Figures o) {
        return of(count + o.count, totalNs + o.totalNs, 0, Math.max(p99Ns, o.p99Ns), Math.max(maxNs, o.maxNs));
    }

    /** How long one took; 0 where there was none. */
    public double meanNs() {
        return count == 0 ? 0 : (double) totalNs / count;
    }
}
