package ktrace.analysis.explain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.IntFunction;
import ktrace.analysis.Cause;
import ktrace.analysis.Stuck;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ProcessId;
import ktrace.event.ThreadId;
import ktrace.event.Waker;
import ktrace.intervals.Interval;
import ktrace.intervals.ThreadState;

/**
 * Who stands still at the end of a window because those who would have to act stand still, too. Nobody wakes them, so they are
 * found by who holds what they wait for, where the kernel was asked and knew, and else by who is at its other end.
 *
 * <ul>
 * <li>Whoever waits for what one thread holds stands still as long as that one does, whatever else its process does.
 * <li>Else a process can act as long as one of its threads can. A lock within a process can be let go by its own threads alone. Of one
 *     that several processes share and that nobody else waits for it is not known who has it.
 * </ul>
 *
 * <p>Who waits for long for what somebody holds, who does not stand still, is told of together with that one. One thread; allocates at
 * the ends of windows.
 */
final class Standstill {
    /** Who has waited for less may be about to go on. */
    static final long LONG_NS = 1_000_000_000;
    /** What somebody known must do; what comes of itself, as signals and packets, is none. */
    private static final Set<ObjectKind> BY_OTHERS = Set.of(ObjectKind.PIPE, ObjectKind.FIFO, ObjectKind.UNIX, ObjectKind.TCP,
            ObjectKind.FUTEX, ObjectKind.FILELOCK, ObjectKind.CHILD);

    /**
     * One that waits, and who could end that.
     *
     * @param isLock what it waits for can only be let go
     * @param actors the processes that can; empty where nobody is known
     * @param joins where only its own process is known to use a word that others may: the thread whose end it waits for, if any
     */
    private record Waiting(ThreadId thread, Stuck.Party party, boolean isLock, Set<Integer> actors, int joins, boolean isSole,
            long heldNs, long fromNs, long ns) {
        /** The one thread that holds what it waits for, if that is observed. */
        private ThreadId holder() {
            return party.heldBy() == null || !isSole ? null : party.heldBy().thread();
        }
    }

    /** What a thread does that is not one of these. */
    private record Doing(Cause cause, Stuck.Party waits) {
    }

    private final IntFunction<String> syscalls;
    private final SequencedMap<ThreadId, Waiting> waiting = new LinkedHashMap<>();
    private final Map<ThreadId, Doing> others = new HashMap<>();
    private final Set<ProcessId> atWork = new HashSet<>();

    Standstill(IntFunction<String> syscalls) {
        this.syscalls = syscalls;
    }

    /** What {@code past}'s thread does as the window ends. */
    void add(Past past, Interval interval) {
        ThreadId thread = past.thread;
        boolean isTimed = interval.kind() == ObjectKind.FUTEX && past.timed;
        Set<Integer> actors = new LinkedHashSet<>();
        if (interval.isSoleHolder()) {
            actors.add(interval.holder().pid());
        } else {
            interval.peers().stream().map(Peer::pid).forEach(actors::add);
        }
        boolean waits = interval.state() == ThreadState.IPC || interval.state() == ThreadState.OTHER;
        if (interval.state() != ThreadState.IPC || isTimed || actors.isEmpty() || !BY_OTHERS.contains(interval.kind())
                || interval.lengthNs() < LONG_NS) {
            atWork.add(thread.process());
            Cause cause = OwnDoing.in(interval.state());
            others.put(thread, new Doing(cause == null ? Cause.UNKNOWN : cause, waits ? party(thread, interval) : null));
            return;
        }
        boolean isShared = interval.kind() == ObjectKind.FUTEX && past.shared && actors.equals(Set.of(thread.process().tgid()));
        int joins = isShared && interval.holder() == null ? past.word : 0;
        waiting.put(thread, new Waiting(thread, party(thread, interval), past.locks || interval.holder() != null, actors, joins,
                interval.isSoleHolder(), interval.heldNs(), interval.fromNs(), interval.lengthNs()));
    }

    private Stuck.Party party(ThreadId thread, Interval interval) {
        boolean hasCall = interval.syscall() != Interval.NO_SYSCALL;
        return new Stuck.Party(thread.process(), "", thread.tid(), "", interval.kind(),
                interval.object() == null ? "" : interval.object().name(), hasCall ? syscalls.apply(interval.syscall()) : null,
                interval.holder());
    }

    /** Those that stood still as the window ended, those first that have for longest; then who waits for one that does not. */
    List<Stuck> take() {
        SequencedMap<ThreadId, Waiting> still = new LinkedHashMap<>(waiting);
        while (still.values().removeIf(one -> canGoOn(one, still))) {
            // Whoever waited for one of these can go on, too.
        }
        Set<ThreadId> found = Set.copyOf(still.keySet());
        while (still.values().removeIf(one -> still.values().stream().noneMatch(other -> waitsFor(other, one)))) {
            // It is held up, and holds up nobody.
        }
        List<Stuck> stuck = new ArrayList<>();
        while (!still.isEmpty()) {
            stuck.add(group(still));
        }
        stuck.sort(Comparator.comparingLong(Stuck::ns).reversed());
        stuck.addAll(chains(found));
        waiting.clear();
        others.clear();
        atWork.clear();
        return stuck;
    }

    private boolean canGoOn(Waiting one, Map<ThreadId, Waiting> still) {
        ThreadId holder = one.holder();
        if (holder != null && still.containsKey(holder) && one.heldNs >= still.get(holder).fromNs) {
            return false;
        }
        ThreadId joined = joined(one);
        if (one.joins != 0) {
            return joined == null || !still.containsKey(joined);
        }
        boolean byItself = one.actors.equals(Set.of(one.thread.process().tgid()));
        return byItself && !one.isLock && still.values().stream().noneMatch(other -> other.isLock && isOf(other, one.thread.process()))
                || one.actors.stream().anyMatch(pid -> canAct(pid, still));
    }

    private static boolean isOf(Waiting one, ProcessId process) {
        return one.thread.process() == process;
    }

    /** The thread whose end it waits for. */
    private ThreadId joined(Waiting one) {
        return one.joins == 0 ? null : waiting.keySet().stream().filter(thread -> thread.process() == one.thread.process()
                && thread.tid() == one.joins).findFirst().orElse(null);
    }

    /** Whether one of the process's threads does not stand still, as far as is known. */
    private boolean canAct(int pid, Map<ThreadId, Waiting> still) {
        List<Waiting> threads = waiting.values().stream().filter(one -> one.thread.process().tgid() == pid).toList();
        return threads.isEmpty() || threads.stream().anyMatch(one -> atWork.contains(one.thread.process())
                || !still.containsKey(one.thread));
    }

    private boolean waitsFor(Waiting waiter, Waiting other) {
        ThreadId holder = waiter.holder() != null ? waiter.holder() : joined(waiter);
        return holder != null ? holder == other.thread : waiter.actors.contains(other.thread.process().tgid());
    }

    /** Those that wait for one another, taken out of {@code still}. */
    private Stuck group(SequencedMap<ThreadId, Waiting> still) {
        List<Waiting> group = new ArrayList<>(List.of(still.pollFirstEntry().getValue()));
        for (int i = 0; i < group.size(); i++) {
            Waiting one = group.get(i);
            List<Waiting> more = still.values().stream().filter(other -> waitsFor(other, one) || waitsFor(one, other)).toList();
            group.addAll(more);
            more.forEach(other -> still.remove(other.thread));
        }
        group.sort(Comparator.comparingInt((Waiting one) -> one.thread.process().index()).thenComparingInt(one -> one.thread.index()));
        return new Stuck(group.stream().map(Waiting::party).toList(), shortest(group));
    }

    private static long shortest(Collection<Waiting> group) {
        return group.stream().mapToLong(Waiting::ns).min().orElse(0);
    }

    /** Who waits for what somebody holds, and so on to one of whom that is not so. Who waits for one of {@code still} is none. */
    private List<Stuck> chains(Set<ThreadId> still) {
        Map<Object, List<Waiting>> byEnd = new LinkedHashMap<>();
        for (Waiting one : waiting.values()) {
            Waiting last = one.isSole && !still.contains(one.thread) ? last(one, still) : null;
            if (last != null) {
                Waker holder = last.party.heldBy();
                byEnd.computeIfAbsent(holder.thread() != null ? holder.thread() : holder.process(), end -> new ArrayList<>()).add(one);
            }
        }
        List<Stuck> chains = new ArrayList<>();
        for (List<Waiting> group : byEnd.values()) {
            Waker end = last(group.getFirst(), still).party.heldBy();
            // Those last that wait for the end itself.
            group.sort(Comparator.comparing((Waiting one) -> last(one, still) == one).thenComparing(one -> one.thread.index()));
            chains.add(new Stuck(group.stream().map(Waiting::party).toList(), shortest(group), end(end)));
        }
        chains.sort(Comparator.comparingLong(Stuck::ns).reversed());
        return chains;
    }

    private Stuck.End end(Waker who) {
        Waiting waits = who.thread() == null ? null : waiting.get(who.thread());
        Doing doing = waits != null ? new Doing(Cause.UNKNOWN, waits.party)
                : who.thread() == null ? null : others.get(who.thread());
        return doing == null ? new Stuck.End(who, Cause.UNKNOWN, null) : new Stuck.End(who, doing.cause, doing.waits);
    }

    /** The one that waits for who does not wait for what somebody holds; null when it leads to those that stand still, or in a circle. */
    private Waiting last(Waiting one, Set<ThreadId> still) {
        SequencedSet<Waiting> way = new LinkedHashSet<>();
        for (Waiting next = one; next != null; next = next.holder() == null ? null : waiting.get(next.holder())) {
            if (still.contains(next.thread) || way.contains(next)) {
                return null;
            }
            if (!next.isSole) {
                break;
            }
            way.add(next);
        }
        return way.getLast();
    }
}
