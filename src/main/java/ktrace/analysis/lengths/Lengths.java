package ktrace.analysis.lengths;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import ktrace.analysis.SyscallSummary.Bucket;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.HistogramIterationValue;
import org.HdrHistogram.IntCountsHistogram;

/**
 * How often each length of time occurred, in steps of HdrHistogram's with two significant digits: exact up to 255 ns, within one
 * percent beyond. Kept as a sorted list of what occurred, which is a tenth of a histogram's memory and fast to add up, but slow to
 * record into: for sums, not for events. One thread.
 */
final class Lengths {
    static final int DIGITS = 2;
    /** Asked for its steps only, never recorded into. */
    private static final AbstractHistogram STEPS = new IntCountsHistogram(1, 2, DIGITS);
    private static final long[] NONE = {};
    /** One part in so many is few, compared with all: added to it in place. Many small sums are added to a large one. */
    private static final int FEW_OF = 4;

    private long[] steps = NONE;
    private long[] counts = NONE;
    private int size;

    void add(long lengthNs) {
        add(new long[] {lengthNs}, 1);
    }

    /** Adds the first {@code n} of {@code lengths}. */
    void add(long[] lengths, int n) {
        long[] sorted = Arrays.copyOf(lengths, n);
        Arrays.sort(sorted);
        Lengths more = new Lengths();
        more.reserve(n);
        for (long length : sorted) {
            more.append(STEPS.highestEquivalentValue(length), 1);
        }
        add(more);
    }

    void add(AbstractHistogram histogram) {
        Lengths more = new Lengths();
        for (HistogramIterationValue value : histogram.recordedValues()) {
            if (more.size == more.steps.length) {
                more.reserve(2 * more.size + 16);
            }
            more.append(value.getValueIteratedTo(), value.getCountAddedInThisIterationStep());
        }
        add(more);
    }

    void add(Lengths other) {
        if (other.size <= size / FEW_OF) {
            for (int k = 0; k < other.size; k++) {
                addOne(other.steps[k], other.counts[k]);
            }
            return;
        }
        Lengths sum = new Lengths();
        sum.reserve(size + other.size);
        int i = 0;
        int k = 0;
        while (i < size || k < other.size) {
            if (k == other.size || (i < size && steps[i] <= other.steps[k])) {
                sum.append(steps[i], counts[i]);
                i++;
            } else {
                sum.append(other.steps[k], other.counts[k]);
                k++;
            }
        }
        sum.trim();
        steps = sum.steps;
        counts = sum.counts;
        size = sum.size;
    }

    private void addOne(long step, long count) {
        int i = Arrays.binarySearch(steps, 0, size, step);
        if (i >= 0) {
            counts[i] += count;
            return;
        }
        int at = -1 - i;
        if (size == steps.length) {
            reserve(size + size / FEW_OF + 1);
        }
        System.arraycopy(steps, at, steps, at + 1, size - at);
        System.arraycopy(counts, at, counts, at + 1, size - at);
        steps[at] = step;
        counts[at] = count;
        size++;
    }

    private void append(long step, long count) {
        if (size > 0 && steps[size - 1] == step) {
            counts[size - 1] += count;
        } else {
            steps[size] = step;
            counts[size++] = count;
        }
    }

    private void reserve(int length) {
        steps = Arrays.copyOf(steps, length);
        counts = Arrays.copyOf(counts, length);
    }

    private void trim() {
        if (size < steps.length) {
            reserve(size);
        }
    }

    /** The step of the length that {@code percent} of {@code count}, which is all, do not exceed. */
    long percentile(double percent, long count) {
        long rank = Math.max(1, (long) Math.ceil(percent / 100 * count));
        long seen = 0;
        for (int i = 0; i < size; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return steps[i];
            }
        }
        return size == 0 ? 0 : steps[size - 1];
    }

    /** How many lie in each power of two. */
    List<Bucket> buckets() {
        List<Bucket> buckets = new ArrayList<>();
        int i = 0;
        while (i < size) {
            long from = Long.highestOneBit(steps[i]);
            long sum = 0;
            while (i < size && Long.highestOneBit(steps[i]) == from) {
                sum += counts[i++];
            }
            buckets.add(new Bucket(from, sum));
        }
        return List.copyOf(buckets);
    }
}
