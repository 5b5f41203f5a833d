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
import ktrace.event.TraceEvent.Expects;
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
 * <p>Who waits for long for what somebody holds, who does not stand still, is told of together with that one; and so is who waits for
 * an answer of one who does nothing for it. One thread; allocates at
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
     * @param peer the name of who is first at the other end
     * @param expects whether it is owed an answer, or waits for work
     */
    private record Waiting(ThreadId thread, Stuck.Party party, boolean isLock, Set<Integer> actors, int joins, boolean isSole,
            String peer, Owed expects, long heldNs, long fromNs, long ns) {
        /** The one thread that holds what it waits for, if that is observed. */
        private ThreadId holder() {
            return party.heldBy() == null || !isSole ? null : party.heldBy().thread();
        }
    }

    private enum Owed {
        ANSWER, WORK, UNKNOWN
    }

    /** What a thread does that is not one of these, and for how long it has. */
    private record Doing(Cause cause, Stuck.Party waits, long ns) {
        /** It has not been at work for long, and is not about to be: who polls may have nothing to do. */
        boolean isStill() {
            return ns >= LONG_NS && (waits != null ? waits.kind() != ObjectKind.POLL : cause == Cause.SLEEPS || cause == Cause.STOPPED);
        }
    }

    private final IntFunction<String> syscalls;
    private final SequencedMap<ThreadId, Waiting> waiting = new LinkedHashMap<>();
    private final Map<ThreadId, Doing> others = new HashMap<>();
    private final Set<ProcessId> atWork = new HashSet<>();
    /** The threads of those processes that have one only, as far as is known; null for the others. */
    private final Map<Integer, ThreadId> alone = new HashMap<>();

    Standstill(IntFunction<String> syscalls) {
        this.syscalls = syscalls;
    }

    /** What {@code past}'s thread does as the window ends. */
    void add(Past past, Interval interval) {
        ThreadId thread = past.thread;
        alone.put(thread.process().tgid(), alone.containsKey(thread.process().tgid()) ? null : thread);
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
            others.put(thread, new Doing(cause == null ? Cause.UNKNOWN : cause, waits ? party(thread, interval) : null,
                    interval.lengthNs()));
            return;
        }
        boolean isShared = interval.kind() == ObjectKind.FUTEX && past.shared && actors.equals(Set.of(thread.process().tgid()));
        int joins = isShared && interval.holder() == null ? past.word : 0;
        waiting.put(thread, new Waiting(thread, party(thread, interval), past.locks || interval.holder() != null, actors, joins,
                interval.isSoleHolder(), interval.peers().isEmpty() ? "" : interval.peers().getFirst().comm(), owed(interval),
                interval.heldNs(), interval.fromNs(), interval.lengthNs()));
    }

    private static Owed owed(Interval interval) {
        return Segment.isForAnswer(interval) ? Owed.ANSWER : interval.expects() == Expects.WORK ? Owed.WORK : Owed.UNKNOWN;
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
            group(still, stuck);
        }
        stuck.sort(Comparator.comparingLong(Stuck::ns).reversed());
        stuck.addAll(chains(found));
        waiting.clear();
        others.clear();
        alone.clear();
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

    /** Those that wait for one another, taken out of {@code still}; nobody is stuck where all of them wait for work. */
    private void group(SequencedMap<ThreadId, Waiting> still, List<Stuck> stuck) {
        List<Waiting> group = new ArrayList<>(List.of(still.pollFirstEntry().getValue()));
        for (int i = 0; i < group.size(); i++) {
            Waiting one = group.get(i);
            List<Waiting> more = still.values().stream().filter(other -> waitsFor(other, one) || waitsFor(one, other)).toList();
            group.addAll(more);
            more.forEach(other -> still.remove(other.thread));
        }
        group.sort(Comparator.comparingInt((Waiting one) -> one.thread.process().index()).thenComparingInt(one -> one.thread.index()));
        if (group.stream().anyMatch(one -> one.expects != Owed.WORK)) {
            stuck.add(new Stuck(group.stream().map(Waiting::party).toList(), shortest(group)));
        }
    }

    private static long shortest(Collection<Waiting> group) {
        return group.stream().mapToLong(Waiting::ns).min().orElse(0);
    }

    /**
     * Who waits for what somebody holds, or for an answer that somebody alone has to give, and so on to one of whom that is not so, and
     * who does nothing for it. Who waits for one of {@code still} is none.
     */
    private List<Stuck> chains(Set<ThreadId> still) {
        Map<Object, SequencedMap<Waiting, Integer>> byEnd = new LinkedHashMap<>();
        for (Waiting one : waiting.values()) {
            List<Waiting> way = one.isSole || one.expects == Owed.ANSWER ? way(one, still) : List.of();
            if (!way.isEmpty() && isHeldUp(way.getLast())) {
                Waker last = actor(way.getLast());
                Map<Waiting, Integer> group = byEnd.computeIfAbsent(last.thread() != null ? last.thread() : last.process(),
                        end -> new LinkedHashMap<>());
                for (int i = 0; i < way.size(); i++) {
                    group.put(way.get(i), way.size() - i);
                }
            }
        }
        List<Stuck> chains = new ArrayList<>();
        for (SequencedMap<Waiting, Integer> steps : byEnd.values()) {
            List<Waiting> group = new ArrayList<>(steps.keySet());
            // Those last that wait for the end itself.
            group.sort(Comparator.comparing((Waiting one) -> -steps.get(one)).thenComparing(one -> one.thread.index()));
            chains.add(new Stuck(group.stream().map(this::withActor).toList(), shortest(group), end(actor(group.getLast()))));
        }
        chains.sort(Comparator.comparingLong(Stuck::ns).reversed());
        return chains;
    }

    /** Of a lock it matters to know who has it, whatever that one does; who owes an answer may be at it. */
    private boolean isHeldUp(Waiting last) {
        Waker actor = actor(last);
        return last.isSole || waiting.containsKey(actor.thread()) || others.containsKey(actor.thread()) && others.get(actor.thread()).isStill();
    }

    /** Who would have to end it: who holds what it waits for, or is the only one at the other end; null when that is not known. */
    private Waker actor(Waiting one) {
        if (one.isSole) {
            return one.party.heldBy();
        }
        ThreadId only = one.isLock || one.actors.size() != 1 ? null : alone.get(one.actors.iterator().next());
        return only == null || only == one.thread ? null : new Waker(only, only.tid(), "", new Peer(only.process().tgid(), one.peer));
    }

    private Stuck.Party withActor(Waiting one) {
        Stuck.Party party = one.party;
        return one.isSole ? party : new Stuck.Party(party.process(), party.comm(), party.tid(), party.threadComm(), party.kind(),
                party.object(), party.syscall(), party.heldBy(), actor(one));
    }

    private Stuck.End end(Waker who) {
        Waiting waits = who.thread() == null ? null : waiting.get(who.thread());
        Doing doing = waits != null ? new Doing(Cause.UNKNOWN, waits.party, waits.ns)
                : who.thread() == null ? null : others.get(who.thread());
        return doing == null ? new Stuck.End(who, Cause.UNKNOWN, null) : new Stuck.End(who, doing.cause, doing.waits);
    }

    /**
     * From one to the next, to the last of whom it is known who would have to act; empty when it leads to those that stand still, or in a
     * circle.
     */
    private List<Waiting> way(Waiting one, Set<ThreadId> still) {
        SequencedSet<Waiting> way = new LinkedHashSet<>();
        Waiting next = one;
        while (next != null) {
            if (still.contains(next.thread) || way.contains(next)) {
                return List.of();
            }
            Waker actor = actor(next);
            if (actor == null) {
                break;
            }
            way.add(next);
            next = actor.thread() == null ? null : waiting.get(actor.thread());
        }
        return List.copyOf(way);
    }
}
