package ktrace.diff;

import java.util.Arrays;

/**
 * The time of a run in equally long windows from its begin on: a millisecond while it is short, and twice that whenever there would be
 * more than {@value #MOST}. One thread.
 */
final class Windows {
    static final int MOST = 256;
    static final long LEAST_NS = 1_000_000;

    private final long beginNs;
    private int doublings;

    Windows(long beginNs) {
        this.beginNs = beginNs;
    }

    /** In which window a time lies, which is not before that of an earlier call by more than a few events. */
    int at(long timeNs) {
        long sinceNs = Math.max(0, timeNs - beginNs);
        while (sinceNs / widthNs() >= MOST) {
            doublings++;
        }
        return (int) (sinceNs / widthNs());
    }

    /** The rates of what never came. */
    static Steps nothing(long durationNs) {
        return new Windows(0).new Sums().rates(durationNs);
    }

    private long widthNs() {
        return LEAST_NS << doublings;
    }

    /** Something that is added up in each window. */
    final class Sums {
        private double[] sums = new double[4];
        private int ofDoublings = doublings;

        void add(long timeNs, double amount) {
            int window = at(timeNs);
            catchUp();
            if (window >= sums.length) {
                sums = Arrays.copyOf(sums, Math.max(window + 1, 2 * sums.length));
            }
            sums[window] += amount;
        }

        /** Adds it in equal parts to the time between the two. */
        void spread(long fromNs, long toNs, double amount) {
            int last = at(Math.max(fromNs, toNs - 1));
            int first = at(fromNs);
            if (first == last) {
                add(fromNs, amount);
                return;
            }
            double part = amount / (toNs - fromNs);
            for (int window = first; window <= last; window++) {
                long beginsNs = beginNs + window * widthNs();
                long a = window == first ? fromNs : beginsNs;
                add(Math.max(a, beginsNs), part * (Math.min(toNs, beginsNs + widthNs()) - a));
            }
        }

        private void catchUp() {
            for (; ofDoublings < doublings; ofDoublings++) {
                double[] half = new double[(sums.length + 1) / 2];
                for (int i = 0; i < sums.length; i++) {
                    half[i / 2] += sums[i];
                }
                sums = half;
            }
        }

        /** What came in each nanosecond, in all windows that were over when the run was. */
        Steps rates(long endNs) {
            at(endNs - 1);
            catchUp();
            int whole = (int) Math.min(MOST, (endNs - beginNs) / widthNs());
            double[] rates = Arrays.copyOf(sums, Math.max(0, whole));
            for (int i = 0; i < rates.length; i++) {
                rates[i] /= widthNs();
            }
            return new Steps(1L << doublings, rates);
        }
    }
}
