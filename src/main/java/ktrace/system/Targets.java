package ktrace.system;

import java.util.Collection;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * Whom a session observes: processes named by their numbers and, unless told otherwise, what they start; or the whole system.
 * Immutable. ktrace itself is never observed.
 *
 * @param wholeSystem every process but ktrace's own
 * @param followChildren also processes born of observed ones; their threads are observed in any case
 * @param ownTgid ktrace's own process
 * @param tgids the processes named, when it is not the whole system
 * @param told also processes whose state is told ({@code PROCESS_STATE}), for a stream whose begin is missing, and with it the
 *     births of children: ktrace tells the state of the observed alone
 * @param tgidOf for a stream that need not tell of all threads: the process of a thread, or 0 where nothing in the stream tells it;
 *     else null
 */
public record Targets(boolean wholeSystem, boolean followChildren, int ownTgid, Set<Integer> tgids, boolean told,
        IntUnaryOperator tgidOf) {
    public Targets {
        tgids = Set.copyOf(tgids);
    }

    private Targets(boolean wholeSystem, boolean followChildren, int ownTgid, Set<Integer> tgids, boolean told) {
        this(wholeSystem, followChildren, ownTgid, tgids, told, null);
    }

    /** All threads that there are in a stream which need not tell whose they are. */
    public static Targets allOf(IntUnaryOperator tgidOf) {
        return new Targets(true, true, -1, Set.of(), false, tgidOf);
    }

    /** The whole system, without ktrace. */
    public static Targets everything(int ownTgid) {
        return new Targets(true, true, ownTgid, Set.of(), false);
    }

    /** Some processes and what they start. */
    public static Targets processes(int ownTgid, Collection<Integer> tgids) {
        return new Targets(false, true, ownTgid, Set.copyOf(tgids), false);
    }

    /** The same without the children that are born while tracing ({@code --no-follow}). */
    public Targets withoutChildren() {
        return new Targets(wholeSystem, false, ownTgid, tgids, told);
    }

    /** The same, and whoever's state is told. */
    public Targets withThoseTold() {
        return new Targets(wholeSystem, followChildren, ownTgid, tgids, true);
    }

    /** Whether a process whose state is told is to be observed. */
    boolean includesTold(int tgid) {
        return includes(tgid) || told && tgid != ownTgid;
    }

    /** Whether a process that was there before, or whose birth was not seen, is to be observed. */
    boolean includes(int tgid) {
        return tgid > 0 && tgid != ownTgid && (wholeSystem || tgids.contains(tgid));
    }

    /** Whether a process just born is to be observed. */
    boolean includesChild(int tgid, boolean parentObserved) {
        return tgid != ownTgid && (wholeSystem || (parentObserved && followChildren) || tgids.contains(tgid));
    }
}
