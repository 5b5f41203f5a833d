package ktrace.analysis.lengths;

import java.util.List;
import ktrace.analysis.SyscallSummary.Bucket;

/**
 * Count, sum, least, greatest and distribution of lengths of time that were recorded elsewhere. The outcome depends on which
 * lengths there are, not on how they were divided among the parts that were added up: interval boundaries leave no trace. One
 * thread.
 */
public final class DurationSums {
    private final Lengths lengths = new Lengths();
    private long count;
    private long totalNs;
    private long minNs = Long.MAX_VALUE;
    private long maxNs;

    public long count() {
        return count;
    }

    public long totalNs() {
        return totalNs;
    }

    public long minNs() {
        return count == 0 ? 0 : minNs;
    }

    public long maxNs() {
        return maxNs;
    }

    public boolean isEmpty() {
        return count == 0 && totalNs == 0;
    }

    public void addTime(long ns) {
        totalNs += ns;
    }

    /** One length of which {@code partNs} is added to the sum. */
    public void record(long lengthNs, long partNs) {
        add(1, partNs, lengthNs, lengthNs);
        lengths.add(lengthNs);
    }

    public void add(DurationSums other) {
        add(other.count, other.totalNs, other.minNs, other.maxNs);
        lengths.add(other.lengths);
    }

    /** The distribution of what is added goes to {@link #lengths()}. */
    void add(long moreCount, long moreNs, long leastNs, long greatestNs) {
        count += moreCount;
        totalNs += moreNs;
        minNs = Math.min(minNs, leastNs);
        maxNs = Math.max(maxNs, greatestNs);
    }

    Lengths lengths() {
        return lengths;
    }

    /** The length that {@code percent} of all do not exceed, within one percent; 0 when there are none. */
    public long percentileNs(double percent) {
        return count == 0 ? 0 : Math.clamp(lengths.percentile(percent, count), minNs, maxNs);
    }

    public List<Bucket> buckets() {
        return lengths.buckets();
    }
}
