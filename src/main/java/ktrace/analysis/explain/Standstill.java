package ktrace.analysis.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import ktrace.analysis.Stuck;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ProcessId;
import ktrace.event.ThreadId;
import ktrace.intervals.Interval;
import ktrace.intervals.ThreadState;

/**
 * Who stands still at the end of a window because those who would have to act stand still, too. Nobody wakes them, so they are
 * found by what is at the other end of what they wait for: a process whose threads all wait, each for something that only processes
 * can end of which that holds as well. A lock within a process can be let go by its own threads alone. Of one that several processes
 * share and that nobody else waits for it is not known who has it.
 *
 * <p>One thread; allocates at the ends of windows.
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
     * @param joins where only its own process is known to use a word that others may: the thread whose end it waits for, if any
     */
    private record Waiting(Stuck.Party party, boolean locks, Set<Integer> actors, int joins, long ns) {
    }

    private final IntFunction<String> syscalls;
    private final Map<ProcessId, List<Waiting>> waiting = new LinkedHashMap<>();
    private final Set<ProcessId> atWork = new HashSet<>();

    Standstill(IntFunction<String> syscalls) {
        this.syscalls = syscalls;
    }

    /** What {@code past}'s thread does as the window ends. */
    void add(Past past, Interval interval) {
        ThreadId thread = past.thread;
        boolean isTimed = interval.kind() == ObjectKind.FUTEX && past.timed;
        Set<Integer> actors = new LinkedHashSet<>();
        interval.peers().stream().map(Peer::pid).forEach(actors::add);
        if (interval.state() != ThreadState.IPC || isTimed || actors.isEmpty() || !BY_OTHERS.contains(interval.kind())
                || interval.lengthNs() < LONG_NS) {
            atWork.add(thread.process());
            return;
        }
        boolean isShared = interval.kind() == ObjectKind.FUTEX && past.shared && actors.equals(Set.of(thread.process().tgid()));
        int joins = isShared ? past.word : 0;
        boolean hasCall = interval.syscall() != Interval.NO_SYSCALL;
        waiting.computeIfAbsent(thread.process(), process -> new ArrayList<>()).add(new Waiting(new Stuck.Party(thread.process(),
                "", thread.tid(), interval.kind(), interval.object() == null ? "" : interval.object().name(),
                hasCall ? syscalls.apply(interval.syscall()) : null), past.locks, actors, joins, interval.lengthNs()));
    }

    /** Those that stood still as the window ended, those first that have for longest. */
    List<Stuck> take() {
        Map<Integer, ProcessId> still = new LinkedHashMap<>();
        waiting.keySet().stream().filter(process -> !atWork.contains(process))
                .forEach(process -> still.put(process.tgid(), process));
        while (still.values().removeIf(process -> canGoOn(process, still.keySet()))) {
            // Whoever waited for one of these can go on, too.
        }
        while (still.values().removeIf(process -> still.values().stream().noneMatch(other -> waitsFor(other, process)))) {
            // It is held up, and holds up nobody.
        }
        List<Stuck> stuck = new ArrayList<>();
        while (!still.isEmpty()) {
            stuck.add(group(still));
        }
        waiting.clear();
        atWork.clear();
        stuck.sort(Comparator.comparingLong(Stuck::ns).reversed());
        return stuck;
    }

    private boolean canGoOn(ProcessId process, Set<Integer> still) {
        List<Waiting> threads = waiting.get(process);
        boolean byItself = threads.stream().allMatch(thread -> thread.actors.equals(Set.of(process.tgid())));
        return byItself && threads.stream().noneMatch(Waiting::locks)
                || threads.stream().anyMatch(thread -> !still.containsAll(thread.actors)
                        || thread.joins != 0 && threads.stream().noneMatch(other -> other.party.tid() == thread.joins));
    }

    private boolean waitsFor(ProcessId waiter, ProcessId process) {
        return waiting.get(waiter).stream().anyMatch(thread -> thread.actors.contains(process.tgid()));
    }

    /** Those that wait for one another, taken out of {@code still}. */
    private Stuck group(Map<Integer, ProcessId> still) {
        List<ProcessId> group = new ArrayList<>(List.of(still.values().iterator().next()));
        still.values().remove(group.getFirst());
        for (int i = 0; i < group.size(); i++) {
            ProcessId one = group.get(i);
            List<ProcessId> more = still.values().stream().filter(other -> waitsFor(other, one) || waitsFor(one, other)).toList();
            group.addAll(more);
            still.values().removeAll(new HashSet<>(more));
        }
        Map<ProcessId, List<Waiting>> threads = new HashMap<>();
        group.forEach(process -> threads.put(process, waiting.get(process)));
        group.sort(Comparator.comparingInt(ProcessId::index));
        return new Stuck(group.stream().flatMap(process -> threads.get(process).stream()).map(Waiting::party).toList(),
                threads.values().stream().flatMap(List::stream).mapToLong(Waiting::ns).min().orElse(0));
    }
}
