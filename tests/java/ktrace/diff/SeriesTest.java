package ktrace.diff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Durations and windows of which there are more than are kept. */
class SeriesTest {
    private static final long MS = 1_000_000;

    @Test
    void fewDurationsAreKeptAsTheyAre() {
        Batches batches = new Batches();
        for (int i = 0; i < 256; i++) {
            batches.add(i);
        }
        assertEquals(1, batches.means().size());
        assertEquals(256, batches.means().count());
        assertEquals(255, batches.means().values()[255]);
    }

    @Test
    void ofManyTheMeansOfNeighboursAre() {
        Batches batches = new Batches();
        for (int i = 0; i < 100_000; i++) {
            batches.add(i);
        }
        Steps means = batches.means();
        assertTrue(means.count() > 128 && means.count() <= 256, () -> means.count() + " batches");
        for (int i = 0; i < means.count(); i++) {
            assertEquals(means.size() * (i + 0.5) - 0.5, means.values()[i], 1e-6, "each batch has its own neighbours, none twice");
        }
        assertEquals(100_000 / means.size(), means.count());
    }

    @Test
    void windowsGrowWithTheRunAndNothingIsLost() {
        Windows windows = new Windows(5 * MS);
        Windows.Sums sums = windows.new Sums();
        for (int i = 0; i < 1000; i++) {
            sums.add(5 * MS + i * MS, 3);
        }
        Steps rates = sums.rates(5 * MS + 1000 * MS);
        assertEquals(4, rates.size());
        assertEquals(250, rates.count());
        assertArrayEquals(Arrays.stream(rates.values()).map(r -> 3e-6).toArray(), rates.values(), 1e-12);
    }

    @Test
    void whatTookLongIsSpreadOverItsTime() {
        Windows windows = new Windows(0);
        Windows.Sums sums = windows.new Sums();
        sums.spread(MS / 2, 3 * MS, 25);
        sums.spread(3 * MS, 3 * MS, 7);
        assertArrayEquals(new double[] {5e-6, 10e-6, 10e-6, 7e-6}, sums.rates(4 * MS).values(), 1e-12);
    }

    @Test
    void aRowThatCameEarlyKeepsItsPlace() {
        Windows windows = new Windows(0);
        Windows.Sums early = windows.new Sums();
        early.add(10 * MS, 1);
        windows.new Sums().add(1023 * MS, 1);
        Steps rates = early.rates(1024 * MS);
        assertEquals(256, rates.count());
        assertEquals(1.0 / (4 * MS), rates.values()[2], 1e-15);
        assertEquals(1.0 / (4 * MS), Arrays.stream(rates.values()).sum(), 1e-15);
    }
}
