package ktrace.ptrace;

import java.util.List;

/**
 * Whom to attach to, and what of them is wanted.
 *
 * @param tgids processes that are there; every thread of them
 * @param follow also the processes they make; new threads of a traced process always
 * @param text which calls are wanted as text; null: none
 */
public record PtraceTarget(List<Integer> tgids, boolean follow, CallWish text) {
    public PtraceTarget {
        tgids = List.copyOf(tgids);
    }
}
