package ktrace.bpf;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * Whose events the collector takes.
 *
 * @param tgids processes that are there already
 * @param wholeSystem every thread of the machine but ktrace's own
 * @param follow child processes too; threads born later always
 * @param onExec the only process in {@code tgids} is held before its exec: its calls are not taken before that
 * @param texts the numbers of the calls of which the paths and addresses that they are given are read; null: of none
 * @param calls whether system calls are taken at all: the programs for that are run by each call of the machine
 */
public record BpfTarget(List<Integer> tgids, boolean wholeSystem, boolean follow, boolean onExec, IntPredicate texts,
        boolean calls) {
    public BpfTarget {
        tgids = List.copyOf(tgids);
    }

    /** Nobody wants to know what calls are given. */
    public BpfTarget(List<Integer> tgids, boolean wholeSystem, boolean follow, boolean onExec) {
        this(tgids, wholeSystem, follow, onExec, null, true);
    }
}
