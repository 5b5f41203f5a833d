package ktrace.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankTestTest {
    private static Steps steps(double... values) {
        return new Steps(1, values);
    }

    private static double[] range(int from, int to) {
        return IntStream.range(from, to).asDoubleStream().toArray();
    }

    @Test
    void isExactForFew() {
        double[] low = {0, 7, 1, 6, 2, 5, 3, 4};
        double[] high = {8, 15, 9, 14, 10, 13, 11, 12};
        RankTest apart = RankTest.of(steps(low), steps(high));
        // One of the 12,870 ways to choose 8 of 16, on either side.
        assertEquals(2.0 / 12_870, apart.p(), 1e-9);
        assertEquals(1, apart.greater());
        assertEquals(0, RankTest.of(steps(high), steps(low)).greater());
    }

    /** Both rise from the begin to the end: each says little more than the one before. */
    @Test
    void whatRisesAllTheTimeTellsLess() {
        assertTrue(RankTest.of(steps(range(0, 8)), steps(range(8, 16))).p() > 0.05);
    }

    @Test
    void whereAllAreAlikeNothingIsApart() {
        double[] same = new double[20];
        RankTest test = RankTest.of(steps(same), steps(same));
        assertEquals(1, test.p());
        assertEquals(0.5, test.greater());
    }

    @Test
    void ofFewNothingIsSaid() {
        assertTrue(Double.isNaN(RankTest.of(steps(range(0, 7)), steps(range(100, 200))).p()));
    }

    /** Table of the normal distribution: 1.96 standard deviations are 5 %. */
    @Test
    void theNormalDistribution() {
        assertEquals(1, Normal.twoSided(0), 1e-12);
        assertEquals(0.317310507863, Normal.twoSided(1), 1e-9);
        assertEquals(0.05, Normal.twoSided(1.959963985), 1e-8);
        assertEquals(0.002699796063, Normal.twoSided(3), 1e-9);
        assertEquals(1.0, Normal.twoSided(6) / 1.973175290e-9, 1e-6);
        assertEquals(1.0, Normal.twoSided(2.999999) / Normal.twoSided(3.000001), 1e-4, "both formulas are of one curve");
    }

    @Test
    void stepsOfTwoSizesAreMadeAlike() {
        Steps fine = new Steps(1, range(0, 64));
        Steps coarse = new Steps(4, range(0, 16));
        assertEquals(16, fine.joinedTo(4).count());
        assertEquals(1.5, fine.joinedTo(4).values()[0]);
        assertTrue(RankTest.of(fine, coarse).greater() < 0.5, "of 0..63 the means of four are greater than 0..15");
    }

    /** Of a thousand pairs that do not differ, so many are found to differ at the level of 5 %. */
    private static int alarms(Supplier<double[]> series) {
        int alarms = 0;
        for (int i = 0; i < 1000; i++) {
            alarms += RankTest.of(steps(series.get()), steps(series.get())).p() < 0.05 ? 1 : 0;
        }
        return alarms;
    }

    @Test
    void falseAlarmsAreAsRareAsTheLevelSays() {
        Random random = new Random(1);
        for (int n : new int[] {8, 14, 40, 200}) {
            int alarms = alarms(() -> DoubleStream.generate(() -> -Math.log(1 - random.nextDouble())).limit(n).toArray());
            assertTrue(alarms < 70, n + " each: " + alarms);
        }
    }

    /** As under load that comes and goes: each is half of what the one before was. */
    @Test
    void neighboursThatAreAlikeRaiseNoAlarm() {
        Random random = new Random(2);
        int alarms = alarms(() -> {
            double[] series = new double[120];
            double last = random.nextGaussian();
            for (int i = 0; i < series.length; i++) {
                last = 0.5 * last + Math.sqrt(0.75) * random.nextGaussian();
                series[i] = last;
            }
            return series;
        });
        assertTrue(alarms < 80, () -> alarms + " of 1000; without a correction it is over 200");
    }

    @Test
    void aShiftIsFound() {
        Random random = new Random(3);
        int found = 0;
        for (int i = 0; i < 100; i++) {
            double[] before = DoubleStream.generate(() -> Math.exp(random.nextGaussian() / 2)).limit(100).toArray();
            double[] after = DoubleStream.generate(() -> 1.5 * Math.exp(random.nextGaussian() / 2)).limit(100).toArray();
            found += RankTest.of(steps(before), steps(after)).p() < 0.001 ? 1 : 0;
        }
        assertTrue(found > 90, found + " of 100");
    }

    @Test
    void manyTestsAreCorrected() {
        double[] p = Holm.corrected(new double[] {0.01, Double.NaN, 0.04, 0.03, 0.005});
        assertEquals(0.03, p[0], 1e-12);
        assertTrue(Double.isNaN(p[1]));
        assertEquals(0.06, p[2], 1e-12);
        assertEquals(0.06, p[3], 1e-12);
        assertEquals(0.02, p[4], 1e-12);
    }
}
