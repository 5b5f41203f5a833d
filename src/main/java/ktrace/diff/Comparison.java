package ktrace.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import ktrace.diff.Change.Shift;

/**
 * Two runs beside each other, a {@link Change} for each row of either, worst first. A figure stands out when the {@link RankTest} says
 * so with p below {@value #ALPHA}, corrected for all tests that were made (Holm, 1979: so likely is one false alarm among all rows
 * where nothing differs), the mean has moved the same way, and by {@value #LEAST_CHANGE} of the lesser one at least. Of what there is
 * as much in both runs, as where they did the same work, it is not said that it comes more or less often: the run took longer.
 *
 * <p>Without durations nothing is tested. Then a length stands out when its median in one run is beyond the 99th percentile in the
 * other; of rates nothing is said.
 */
public final class Comparison {
    public static final double ALPHA = 0.05;
    public static final double LEAST_CHANGE = 0.1;
    /** What takes less of each second, in both runs, is not tested: it costs nothing, and each test makes all others less sure. */
    public static final long LEAST_NS = 1_000_000;

    /** Of fewer a 99th percentile is one of them. */
    private static final int LEAST_COUNT = 20;

    private record Tested(Row row, Figures before, Figures after, RankTest length, RankTest rate) {
    }

    private final Run before;
    private final Run after;
    private final List<Change> changes;
    private final int tests;

    private Comparison(Run before, Run after, List<Change> changes, int tests) {
        this.before = before;
        this.after = after;
        this.changes = List.copyOf(changes);
        this.tests = tests;
    }

    public static Comparison of(Run before, Run after) {
        Set<Row> rows = new LinkedHashSet<>(before.rows().keySet());
        rows.addAll(after.rows().keySet());
        List<Tested> tested = new ArrayList<>();
        for (Row row : rows) {
            Figures a = before.rows().getOrDefault(row, Figures.NONE);
            Figures b = after.rows().getOrDefault(row, Figures.NONE);
            boolean isLittle = before.perSecond(a.totalNs()) < LEAST_NS && after.perSecond(b.totalNs()) < LEAST_NS;
            tested.add(isLittle ? new Tested(row, a, b, RankTest.TOO_FEW, RankTest.TOO_FEW)
                    : new Tested(row, a, b, RankTest.of(a.lengths(), b.lengths()), rates(a, b, before, after)));
        }
        double[] p = tested.stream().flatMapToDouble(t -> DoubleStream.of(t.length.p(), t.rate.p())).toArray();
        double[] corrected = Holm.corrected(p);
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < tested.size(); i++) {
            changes.add(change(tested.get(i), corrected[2 * i], corrected[2 * i + 1], before, after));
        }
        changes.sort(Comparator.comparing(Change::standsOut).reversed().thenComparing(Comparator.comparingDouble(Change::costNs).reversed())
                .thenComparing(c -> c.row().toString()));
        return new Comparison(before, after, changes, (int) Arrays.stream(p).filter(x -> !Double.isNaN(x)).count());
    }

    /** Of a row that one run has not, it had none in any window. */
    private static RankTest rates(Figures a, Figures b, Run before, Run after) {
        if (!before.hasDurations() || !after.hasDurations()) {
            return RankTest.TOO_FEW;
        }
        return RankTest.of(a == Figures.NONE ? Windows.nothing(before.durationNs()) : a.rates(),
                b == Figures.NONE ? Windows.nothing(after.durationNs()) : b.rates());
    }

    private static Change change(Tested t, double pOfLength, double pOfRate, Run before, Run after) {
        boolean reason = t.row instanceof Row.Reason;
        double meanBefore = t.before.meanNs();
        double meanAfter = t.after.meanNs();
        double rateBefore = before.perSecond(reason ? t.before.totalNs() : t.before.count());
        double rateAfter = after.perSecond(reason ? t.after.totalNs() : t.after.count());
        boolean both = !reason && t.before.count() > 0 && t.after.count() > 0;
        boolean tested = before.hasDurations() && after.hasDurations();
        Shift length = new Shift(reason ? 0 : meanBefore, reason ? 0 : meanAfter, pOfLength,
                tested ? standsOut(pOfLength, t.length, meanBefore, meanAfter) : both && isBeyond(t.before, t.after));
        boolean sameWork = reason ? isAlike(t.before.totalNs(), t.after.totalNs()) : isAlike(t.before.count(), t.after.count());
        Shift rate = new Shift(rateBefore, rateAfter, pOfRate, !sameWork && standsOut(pOfRate, t.rate, rateBefore, rateAfter));
        boolean any = length.standsOut() || rate.standsOut();
        double longer = both ? (meanAfter - meanBefore) * rateAfter : 0;
        double more = (rateAfter - rateBefore) * (reason ? 1 : t.before.count() > 0 ? meanBefore : meanAfter);
        // What takes longer happens less often: that it does is no gain.
        double gain = longer > 0 && more < 0 && (length.standsOut() || !any) ? 0 : more;
        double cost = (length.standsOut() || !any ? longer : 0) + (rate.standsOut() || !any ? gain : 0);
        return new Change(t.row, t.before, t.after, length, rate, cost);
    }

    private static boolean standsOut(double p, RankTest test, double before, double after) {
        return p < ALPHA && (test.greater() > 0.5) == (after > before) && !isAlike(before, after);
    }

    private static boolean isAlike(double a, double b) {
        return Math.abs(a - b) < LEAST_CHANGE * Math.min(a, b);
    }

    private static boolean isBeyond(Figures a, Figures b) {
        return Math.min(a.count(), b.count()) >= LEAST_COUNT && a.p50Ns() > 0 && b.p50Ns() > 0
                && (b.p50Ns() > (1 + LEAST_CHANGE) * a.p99Ns() || a.p50Ns() > (1 + LEAST_CHANGE) * b.p99Ns());
    }

    public Run before() {
        return before;
    }

    public Run after() {
        return after;
    }

    /** What stands out first, and of that what costs most. */
    public List<Change> changes() {
        return changes;
    }

    /** How many tests were made; 0 where one of the runs has no durations. */
    public int tests() {
        return tests;
    }

    /** Whether durations were compared, and not sums alone. */
    public boolean hasDurations() {
        return before.hasDurations() && after.hasDurations();
    }

    /** Whether anything got worse, beyond the noise. */
    public boolean isWorse() {
        return changes.stream().anyMatch(change -> change.standsOut() && change.isWorse());
    }
}
