package ktrace.analysis.path;

import java.util.List;
import ktrace.event.ThreadId;

/**
 * A critical path as it is told.
 *
 * @param history what it was found in: it knows the names
 * @param thread whose it is
 * @param fromNs on CLOCK_MONOTONIC, as {@code toNs}
 * @param shares who and what took how much of it, the greatest first; they add up to its length
 * @param count how many stretches it has
 * @param stretches these in the order of time; none unless they were asked for
 */
public record PathSummary(History history, ThreadId thread, long fromNs, long toNs, List<PathShare> shares, long count,
        List<Stretch> stretches) {
    /** Finds it. */
    public static PathSummary of(History history, ThreadId thread, long fromNs, long toNs, CriticalPath.Reach reach,
            boolean withStretches) {
        PathShare.Sums sums = new PathShare.Sums(history);
        CriticalPath.walk(history, thread, fromNs, toNs, reach, sums);
        return new PathSummary(history, thread, fromNs, toNs, sums.shares(), sums.count(),
                withStretches ? CriticalPath.of(history, thread, fromNs, toNs, reach) : List.of());
    }

    public long lengthNs() {
        return toNs - fromNs;
    }
}
