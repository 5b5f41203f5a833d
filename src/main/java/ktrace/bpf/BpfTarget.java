package ktrace.bpf;

import java.util.List;

/**
 * Whose events the collector takes.
 *
 * @param tgids processes that are there already
 * @param wholeSystem every thread of the machine but ktrace's own
 * @param follow child processes too; threads born later always
 * @param onExec the only process in {@code tgids} is held before its exec: its calls are not taken before that
 */
public record BpfTarget(List<Integer> tgids, boolean wholeSystem, boolean follow, boolean onExec) {
    public BpfTarget {
        tgids = List.copyOf(tgids);
    }
}
