package ktrace.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ktrace.analysis.Cause;
import ktrace.event.ObjectKind;
import org.junit.jupiter.api.Test;

/** Runs that are made up: what is shifted in them is found, and nothing else. */
public class ComparisonTest {
    private static final long MS = 1_000_000;
    private static final Row.Wait READ = new Row.Wait("stage2", ObjectKind.PIPE, "read", "", "stage1");
    private static final Row.Call CALL = new Row.Call("stage2", "read");
    private static final Row.Reason COMPUTES = new Row.Reason("stage1", Cause.COMPUTES, false);

    /** So many durations, evenly over the run, of a lognormal distribution with this mean. */
    private static Figures durations(Random random, int count, double meanNs, long runNs) {
        Windows windows = new Windows(0);
        Windows.Sums ended = windows.new Sums();
        Batches batches = new Batches();
        long totalNs = 0;
        for (int i = 0; i < count; i++) {
            long ns = Math.round(meanNs * Math.exp(random.nextGaussian() / 2 - 0.125));
            totalNs += ns;
            batches.add(ns);
            ended.add((long) ((i + random.nextDouble()) * runNs / count), 1);
        }
        return new Figures(count, totalNs, Math.round(meanNs), Math.round(3 * meanNs), Math.round(9 * meanNs), batches.means(),
                ended.rates(runNs));
    }

    /** So much of each millisecond, give or take. */
    private static Figures share(Random random, double part, long runNs) {
        Windows windows = new Windows(0);
        Windows.Sums told = windows.new Sums();
        double sum = 0;
        for (long at = 0; at < runNs; at += MS) {
            double ns = part * MS * (0.5 + random.nextDouble());
            told.add(at, ns);
            sum += ns;
        }
        return new Figures(0, Math.round(sum), 0, 0, 0, Steps.NONE, told.rates(runNs));
    }

    private static Run run(String name, long runNs, Map<Row, Figures> rows) {
        return new Run(name, runNs, 1000, 0, true, rows);
    }

    /** A run of three stages. */
    public static Run pipeline(String name, long seed, int rounds, double slow) {
        Random random = new Random(seed);
        long runNs = Math.round(rounds * MS * slow);
        Map<Row, Figures> rows = new HashMap<>();
        rows.put(READ, durations(random, rounds, 0.9 * MS * slow, runNs));
        rows.put(CALL, durations(random, rounds, 1.1 * MS * slow, runNs));
        rows.put(new Row.Call("stage0", "write"), durations(random, rounds, 0.3 * MS, runNs));
        rows.put(new Row.Wait("stage1", ObjectKind.PIPE, "read", "", "stage0"), durations(random, rounds, 0.3 * MS, runNs));
        rows.put(COMPUTES, share(random, 0.3 * slow, runNs));
        rows.put(new Row.Reason("stage0", Cause.COMPUTES, false), share(random, 0.3, runNs));
        rows.put(new Row.Call("stage1", "getpid"), durations(random, 3, 100, runNs));
        return run(name, runNs, rows);
    }

    private static List<Row> worse(Comparison comparison) {
        return comparison.changes().stream().filter(c -> c.standsOut() && c.isWorse()).map(Change::row).toList();
    }

    @Test
    void whatTakesLongerIsFoundAndTheWorstComesFirst() {
        Comparison comparison = Comparison.of(pipeline("a", 1, 600, 1), pipeline("b", 2, 600, 2));
        assertEquals(List.of(CALL, READ, COMPUTES), worse(comparison));
        Change call = comparison.changes().getFirst();
        assertEquals(2, call.length().after() / call.length().before(), 0.2);
        // Twice as long, half as often: the time of a second is as full as before, and the call is still to blame.
        assertEquals(0.55e9, call.costNs(), 0.1e9);
        assertTrue(comparison.isWorse());
        assertFalse(Comparison.of(pipeline("b", 2, 600, 2), pipeline("a", 1, 600, 1)).isWorse(), "the same work, done faster");
    }

    @Test
    void runsOfDifferentLengthAreComparedByTheSecondAndByTheCall() {
        Comparison longer = Comparison.of(pipeline("a", 1, 300, 1), pipeline("b", 2, 3000, 1));
        assertEquals(List.of(), longer.changes().stream().filter(Change::standsOut).toList());
        assertEquals(List.of(CALL, READ, COMPUTES), worse(Comparison.of(pipeline("a", 1, 300, 1), pipeline("b", 2, 3000, 2))));
    }

    @Test
    void whatComesMoreOftenIsFound() {
        Random random = new Random(4);
        Run seldom = run("a", 1000 * MS, Map.of(CALL, durations(random, 200, MS, 1000 * MS)));
        Run often = run("b", 1000 * MS, Map.of(CALL, durations(random, 600, MS, 1000 * MS)));
        Change change = Comparison.of(seldom, often).changes().getFirst();
        assertTrue(change.rate().standsOut() && !change.length().standsOut() && change.isWorse(), change::toString);
        assertEquals(0.4e9, change.costNs(), 0.05e9);
    }

    @Test
    void whatIsNewAndWhatIsGoneIsFound() {
        Random random = new Random(5);
        Run without = run("a", 1000 * MS, Map.of());
        Run with = run("b", 1000 * MS, Map.of(READ, durations(random, 500, MS, 1000 * MS)));
        assertEquals(List.of(READ), worse(Comparison.of(without, with)));
        Comparison gone = Comparison.of(with, without);
        assertTrue(gone.changes().getFirst().standsOut());
        assertFalse(gone.isWorse());
    }

    /** A hundred comparisons of forty rows each that do not differ: eighty tests each, and few alarms in all. */
    @Test
    void whereNothingDiffersFewComparisonsRaiseAnAlarm() {
        Random random = new Random(6);
        int alarms = 0;
        for (int i = 0; i < 100; i++) {
            Map<Row, Figures> before = new HashMap<>();
            Map<Row, Figures> after = new HashMap<>();
            for (int row = 0; row < 40; row++) {
                before.put(new Row.Call("p" + row, "read"), durations(random, 120 + 17 * row, MS, 1000 * MS));
                after.put(new Row.Call("p" + row, "read"), durations(random, Math.round(1.5f * (120 + 17 * row)), MS, 1500 * MS));
            }
            Comparison comparison = Comparison.of(run("a", 1000 * MS, before), run("b", 1500 * MS, after));
            assertEquals(80, comparison.tests());
            alarms += comparison.changes().stream().anyMatch(Change::standsOut) ? 1 : 0;
        }
        assertTrue(alarms <= 10, alarms + " of 100");
    }

    @Test
    void whatCostsNothingIsNotTested() {
        Comparison comparison = Comparison.of(pipeline("a", 1, 600, 1), pipeline("b", 2, 600, 2));
        Change getpid = comparison.changes().stream().filter(c -> c.row().equals(new Row.Call("stage1", "getpid"))).findFirst()
                .orElseThrow();
        assertFalse(getpid.isTested());
        assertFalse(getpid.standsOut());
    }

    /** Sums without durations: the median of one run is beyond the 99th percentile of the other, or nothing is said. */
    @Test
    void ofSummariesOnlyWhatIsFarApartStandsOut() {
        Run before = new Run("a", 1000 * MS, 1, 0, false, Map.of(CALL, Figures.of(100, 100 * MS, MS, 2 * MS, 3 * MS),
                READ, Figures.of(100, 90 * MS, MS, 2 * MS, 3 * MS)));
        Run after = new Run("b", 1000 * MS, 1, 0, false, Map.of(CALL, Figures.of(100, 300 * MS, 3 * MS, 5 * MS, 9 * MS),
                READ, Figures.of(100, 180 * MS, 2 * MS, 5 * MS, 9 * MS)));
        Comparison comparison = Comparison.of(before, after);
        assertEquals(List.of(CALL), worse(comparison));
        assertEquals(0, comparison.tests());
        assertTrue(comparison.changes().get(1).isWorse(), "it is told, and not that it stands out");
    }
}
