package ktrace.perf;

import java.util.List;

/**
 * Whose system calls the collector takes.
 *
 * @param tgids processes that are there already; every thread of them is opened
 * @param wholeSystem every thread of the machine but ktrace's own
 * @param follow child processes too; threads born later always
 * @param onExec the only process in {@code tgids} is held before its exec: nothing is taken before that
 * @param scheduler whether what the scheduler does, and what else tells of waits, is taken as well, of the whole machine; else
 *     somebody else tells of it
 */
public record PerfTarget(List<Integer> tgids, boolean wholeSystem, boolean follow, boolean onExec, boolean scheduler) {
    public PerfTarget {
        tgids = List.copyOf(tgids);
    }

    /** All that perf tells. */
    public PerfTarget(List<Integer> tgids, boolean wholeSystem, boolean follow, boolean onExec) {
        this(tgids, wholeSystem, follow, onExec, true);
    }
}
