package ktrace.ptrace;

import java.util.List;

/**
 * Whom to attach to, and what of them is wanted.
 *
 * @param tgids processes that are there; every thread of them
 * @param follow also the processes they make; new threads of a traced process always
 * @param text which calls are wanted as text; null: none
 * @param filtered the one target is a command held before its exec: only the calls of {@code text} are to stop it. It then ends with
 *     ktrace, however that ends
 */
public record PtraceTarget(List<Integer> tgids, boolean follow, CallWish text, boolean filtered) {
    public PtraceTarget {
        tgids = List.copyOf(tgids);
    }
}
