package ktrace.ptrace;

import java.util.List;

/**
 * Whom to attach to.
 *
 * @param tgids processes that are there; every thread of them
 * @param follow also the processes they make; new threads of a traced process always
 */
public record PtraceTarget(List<Integer> tgids, boolean follow) {
    public PtraceTarget {
        tgids = List.copyOf(tgids);
    }
}
