package ktrace.analysis.lengths;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import ktrace.analysis.SyscallSummary.Bucket;
import org.junit.jupiter.api.Test;

class DurationsTest {
    private static Durations of(long... lengths) {
        Durations d = new Durations();
        for (long length : lengths) {
            d.record(length);
        }
        return d;
    }

    private static long[] lengths(int count, long seed) {
        return new Random(seed).longs(count, 0, 50_000_000_000L).toArray();
    }

    private static void same(DurationSums expected, DurationSums actual) {
        assertEquals(expected.count(), actual.count());
        assertEquals(expected.totalNs(), actual.totalNs());
        assertEquals(expected.minNs(), actual.minNs());
        assertEquals(expected.maxNs(), actual.maxNs());
        for (double percent : new double[] {0.1, 25, 50, 95, 99, 100}) {
            assertEquals(expected.percentileNs(percent), actual.percentileNs(percent));
        }
        assertEquals(expected.buckets(), actual.buckets());
    }

    @Test
    void percentilesOfManyAreWithinOnePercent() {
        long[] lengths = lengths(10_000, 1);
        DurationSums d = of(lengths).sums();
        Arrays.sort(lengths);
        for (int percent = 1; percent <= 100; percent++) {
            double truth = lengths[percent * 100 - 1];
            assertEquals(truth, d.percentileNs(percent), truth / 100 + 1);
        }
    }

    @Test
    void percentilesOfShortOnesAreExact() {
        DurationSums d = of(250, 1, 10, 100).sums();
        assertEquals(10, d.percentileNs(50));
        assertEquals(250, d.percentileNs(99));
        assertEquals(1, d.percentileNs(1));
    }

    @Test
    void percentilesStayBetweenTheLeastAndTheGreatest() {
        assertEquals(1_000_001, of(1_000_001).sums().percentileNs(50));
    }

    @Test
    void itMakesNoDifferenceWhetherMuchOrLittleIsAddedAtOnce() {
        long[] lengths = lengths(3000, 7);
        DurationSums oneByOne = new DurationSums();
        DurationSums inParts = new DurationSums();
        for (int from = 0, size = 1; from < lengths.length; from += size, size = size % 97 + 1) {
            inParts.add(of(Arrays.copyOfRange(lengths, from, Math.min(lengths.length, from + size))).sums());
        }
        for (long length : lengths) {
            oneByOne.add(of(length).sums());
        }
        same(of(lengths).sums(), oneByOne);
        same(of(lengths).sums(), inParts);
    }

    @Test
    void emptyIsZero() {
        DurationSums d = new Durations().sums();
        assertEquals(0, d.percentileNs(50));
        assertEquals(0, d.minNs());
        assertEquals(List.of(), d.buckets());
        assertTrue(d.isEmpty());
    }

    /** Intervals may divide the lengths in any way. */
    @Test
    void sumsDoNotTellHowTheyWereDivided() {
        for (int count : new int[] {1, 63, 64, 65, 100, 1000}) {
            long[] lengths = lengths(count, count);
            DurationSums whole = of(lengths).sums();
            for (int part : new int[] {1, 3, 64, 65, 500}) {
                DurationSums sum = new DurationSums();
                Durations window = new Durations();
                for (int i = 0; i < count; i++) {
                    window.record(lengths[i]);
                    if (i % part == part - 1 || i == count - 1) {
                        sum.add(window.sums());
                        window.clear();
                    }
                }
                same(whole, sum);
            }
        }
    }

    @Test
    void packingChangesNothing() {
        for (int count : new int[] {0, 5, 64, 1000}) {
            long[] lengths = lengths(count, 9);
            Durations packed = of(lengths);
            packed.pack();
            Durations plain = of(lengths);
            same(plain.sums(), packed.sums());
            for (int i = 0; i < 100; i++) {
                packed.record(i * 77);
                plain.record(i * 77);
            }
            same(plain.sums(), packed.sums());
            packed.pack();
            Durations sum = of(1, 2, 3);
            sum.add(packed);
            Durations expected = of(1, 2, 3);
            expected.add(plain);
            same(expected.sums(), sum.sums());
            packed.clear();
            same(new Durations().sums(), packed.sums());
        }
    }

    /** A window that had many lengths, and after its end few, and after that many again. */
    @Test
    void histogramIsUsedAgain() {
        Durations d = of(lengths(100, 3));
        for (int count : new int[] {5, 0, 70, 200, 64}) {
            d.clear();
            for (long length : lengths(count, count)) {
                d.record(length);
            }
            same(of(lengths(count, count)).sums(), d.sums());
        }
    }

    @Test
    void partAddsToTheSumAlone() {
        Durations d = of(10);
        d.record(100, 30);
        d.addTime(5);
        assertEquals(45, d.sums().totalNs());
        assertEquals(100, d.sums().maxNs());
        assertEquals(2, d.count());
    }

    @Test
    void bucketsArePowersOfTwo() {
        List<Bucket> expected = List.of(new Bucket(0, 1), new Bucket(1, 1), new Bucket(2, 2), new Bucket(4, 1),
                new Bucket(1024, 2));
        long[] lengths = {0, 1, 2, 3, 4, 1024, 2047};
        assertEquals(expected, of(lengths).sums().buckets());
        Durations many = new Durations();
        for (int i = 0; i < 10; i++) {
            many.add(of(lengths));
        }
        assertEquals(expected.stream().map(b -> new Bucket(b.fromNs(), 10 * b.calls())).toList(), many.sums().buckets());
    }

    /** The longest that 63 bits can say, which no clock will. */
    @Test
    void anyLengthIsTaken() {
        long[] lengths = new long[140];
        Arrays.fill(lengths, Long.MAX_VALUE / 64);
        Durations d = of(lengths);
        d.record(Long.MAX_VALUE / 2);
        assertEquals(Long.MAX_VALUE / 2, d.sums().maxNs());
        assertTrue(d.sums().percentileNs(50) >= Long.MAX_VALUE / 64);
    }
}
