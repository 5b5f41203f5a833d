package ktrace.perf;

import java.util.List;

/**
 * Whose system calls the collector takes.
 *
 * @param tgids processes that are there already; every thread of them is opened
 * @param wholeSystem every thread of the machine but ktrace's own
 * @param follow child processes too; threads born later always
 * @param onExec the only process in {@code tgids} is held before its exec: nothing is taken before that
 */
public record PerfTarget(List<Integer> tgids, boolean wholeSystem, boolean follow, boolean onExec) {
    public PerfTarget {
        tgids = List.copyOf(tgids);
    }
}
