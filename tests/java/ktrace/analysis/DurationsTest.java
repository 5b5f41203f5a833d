package ktrace.analysis;

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

    private static void same(Durations expected, Durations actual) {
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
        Durations d = of(lengths);
        Arrays.sort(lengths);
        for (int percent = 1; percent <= 100; percent++) {
            double truth = lengths[percent * 100 - 1];
            assertEquals(truth, d.percentileNs(percent), truth / 100 + 1);
        }
    }

    @Test
    void percentilesOfFewAreExact() {
        Durations d = of(1000, 1, 10, 100);
        assertEquals(10, d.percentileNs(50));
        assertEquals(1000, d.percentileNs(99));
        assertEquals(1, d.percentileNs(1));
    }

    @Test
    void emptyIsZero() {
        Durations d = new Durations();
        assertEquals(0, d.percentileNs(50));
        assertEquals(0, d.minNs());
        assertEquals(List.of(), d.buckets());
    }

    /** Intervals may divide the lengths in any way. */
    @Test
    void sumsDoNotTellHowTheyWereDivided() {
        for (int count : new int[] {1, 15, 16, 17, 40, 1000}) {
            long[] lengths = lengths(count, count);
            Durations whole = of(lengths);
            for (int part : new int[] {1, 3, 16, 17, 500}) {
                Durations sum = new Durations();
                Durations window = new Durations();
                for (int i = 0; i < count; i++) {
                    window.record(lengths[i]);
                    if (i % part == part - 1 || i == count - 1) {
                        sum.add(window);
                        window.clear();
                    }
                }
                same(whole, sum);
            }
        }
    }

    @Test
    void packingChangesNothing() {
        for (int count : new int[] {0, 5, 1000}) {
            long[] lengths = lengths(count, 9);
            Durations packed = of(lengths);
            packed.pack();
            Durations plain = of(lengths);
            same(plain, packed);
            packed.pack();
            packed.record(77);
            plain.record(77);
            same(plain, packed);
            packed.pack();
            Durations sum = of(1, 2, 3);
            sum.add(packed);
            Durations expected = of(1, 2, 3);
            expected.add(plain);
            same(expected, sum);
            packed.pack();
            packed.clear();
            same(new Durations(), packed);
        }
    }

    /** A window that had many lengths, and after its end few. */
    @Test
    void packedAfterAClearTakesMore() {
        Durations d = of(lengths(100, 3));
        d.clear();
        d.record(5);
        d.pack();
        d.record(6);
        assertEquals(2, d.count());
        assertEquals(6, d.percentileNs(100));
    }

    @Test
    void partAddsToTheSumAlone() {
        Durations d = of(10);
        d.record(100, 30);
        d.addTime(5);
        assertEquals(45, d.totalNs());
        assertEquals(100, d.maxNs());
        assertEquals(2, d.count());
    }

    @Test
    void bucketsArePowersOfTwo() {
        List<Bucket> expected = List.of(new Bucket(0, 1), new Bucket(1, 1), new Bucket(2, 2), new Bucket(4, 1), new Bucket(1024, 2));
        long[] lengths = {0, 1, 2, 3, 4, 1024, 2047};
        assertEquals(expected, of(lengths).buckets());
        Durations many = new Durations();
        for (int i = 0; i < 10; i++) {
            many.add(of(lengths));
        }
        assertEquals(expected.stream().map(b -> new Bucket(b.fromNs(), 10 * b.calls())).toList(), many.buckets());
    }

    /** The longest that 63 bits can say, which no clock will. */
    @Test
    void anyLengthIsTaken() {
        long[] lengths = new long[40];
        Arrays.fill(lengths, Long.MAX_VALUE / 64);
        Durations d = of(lengths);
        d.record(Long.MAX_VALUE / 2);
        assertEquals(Long.MAX_VALUE / 2, d.maxNs());
        assertTrue(d.percentileNs(50) >= Long.MAX_VALUE / 64);
    }
}
