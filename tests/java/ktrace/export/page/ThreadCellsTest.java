package ktrace.export.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import ktrace.event.ProcessId;
import ktrace.event.ThreadId;
import ktrace.intervals.ThreadState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadCellsTest {
    private static final ThreadId THREAD = new ThreadId(1, new ProcessId(1, 0, 100, 0), 100, 0);

    private static long[] sums(ThreadCells cells) {
        long[] sums = new long[ThreadCells.STATES];
        long atNs = 0;
        for (int cell = 0; cell < cells.size(); cell++) {
            assertTrue(cells.fromNs(cell) >= atNs, "in order");
            atNs = cells.toNs(cell);
            long ofCell = 0;
            for (int state = 0; state < ThreadCells.STATES; state++) {
                sums[state] += cells.ns(cell, state);
                ofCell += cells.ns(cell, state);
            }
            assertEquals(cells.lengthNs(cell), ofCell, "a cell is made of its states");
        }
        return sums;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void howeverCoarseEachStateKeepsItsTime(long seed) {
        Random random = new Random(seed);
        ThreadCells cells = new ThreadCells(THREAD, 100, 0);
        long[] truth = new long[ThreadCells.STATES];
        long nowNs = 100;
        for (int i = 0; i < 5_000; i++) {
            ThreadState state = ThreadState.values()[random.nextInt(ThreadCells.STATES)];
            long lengthNs = 1 + (long) Math.exp(random.nextDouble() * 14);
            cells.add(nowNs, nowNs + lengthNs, state, state.blocked() ? 1 + random.nextInt(9) : 0);
            truth[state.ordinal()] += lengthNs;
            nowNs += lengthNs;
        }
        assertEquals(5_000, cells.size());
        long lastNs = cells.toNs(cells.size() - 1);
        for (long quantumNs = 1 << 10; quantumNs <= 1 << 26; quantumNs *= 2) {
            int before = cells.size();
            cells = cells.coarser(quantumNs);
            assertArrayEquals(truth, sums(cells));
            assertEquals(lastNs, cells.toNs(cells.size() - 1));
            // A long stretch that is divided at the bounds of buckets may leave a part on either side.
            assertTrue(cells.size() <= before + 2, before + " became " + cells.size());
        }
        assertTrue(cells.size() <= lastNs / (1 << 25) + 2, "as many as there are buckets: " + cells.size());
    }

    @Test
    void whatIsAddedToCoarseCellsIsCoarseAtOnce() {
        ThreadCells coarse = new ThreadCells(THREAD, 0, 1 << 10);
        ThreadCells fine = new ThreadCells(THREAD, 0, 0);
        for (int i = 0; i < 3_000; i++) {
            ThreadState state = i % 2 == 0 ? ThreadState.RUNNING : ThreadState.IPC;
            coarse.add(10L * i, 10L * i + 10, state, i % 2);
            fine.add(10L * i, 10L * i + 10, state, i % 2);
        }
        ThreadCells made = fine.coarser(1 << 10);
        assertEquals(30, coarse.size());
        assertEquals(made.size(), coarse.size());
        for (int cell = 0; cell < made.size(); cell++) {
            assertEquals(ThreadCells.MIXED, coarse.state(cell));
            assertEquals(made.fromNs(cell), coarse.fromNs(cell));
            assertEquals(made.ns(cell, ThreadState.IPC.ordinal()), coarse.ns(cell, ThreadState.IPC.ordinal()));
            assertEquals(1, coarse.wait(cell), "what it waited for is still told");
        }
    }

    @Test
    void longStretchesStayExact() {
        ThreadCells cells = new ThreadCells(THREAD, 0, 0);
        cells.add(0, 3, ThreadState.RUNNING, 0);
        cells.add(3, 5_003, ThreadState.IPC, 4);
        cells.add(5_003, 5_007, ThreadState.RUNNING, 0);
        cells = cells.coarser(1 << 10);
        assertEquals(3, cells.size());
        assertEquals(3, cells.fromNs(1));
        assertEquals(5_003, cells.toNs(1));
        assertEquals(ThreadState.IPC.ordinal(), cells.state(1));
        assertEquals(4, cells.wait(1));
    }

    /** A wait whose object was a guess is told of when the next stretches have been. */
    @Test
    void whatIsToldLateTakesItsPlace() {
        ThreadCells cells = new ThreadCells(THREAD, 0, 0);
        cells.add(0, 10, ThreadState.RUNNING, 0);
        cells.add(30, 40, ThreadState.RUNNING, 0);
        cells.add(40, 50, ThreadState.RUNNABLE, 0);
        cells.add(10, 30, ThreadState.IPC, 2);
        assertEquals(10, cells.fromNs(1));
        assertEquals(2, cells.wait(1));
        assertArrayEquals(sums(cells), sums(cells.coarser(1 << 10)));
        assertEquals(1, cells.coarser(1 << 10).size());
    }
}
