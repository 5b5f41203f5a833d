package ktrace.bpf.program;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import ktrace.bpf.code.Instruction;
import ktrace.bpf.kernel.BpfException;
import ktrace.bpf.kernel.BpfProgram;
import ktrace.bpf.kernel.Meanwhile;

/** All programs of a trace, in the kernel. */
public final class Programs implements AutoCloseable {
    private final Kernel kernel;
    private final Maps maps;
    /** Two threads load them: the kernel takes a millisecond or some to check each. */
    private final Map<RecordKind, BpfProgram> programs = Collections.synchronizedMap(new EnumMap<>(RecordKind.class));
    private final BpfProgram announcer;
    private final int iterator;
    private final List<Instruction> watcher;
    /** Null where there is none: another source tells of them, or nobody. */
    private final BpfProgram faults;

    /**
     * Loads them; nothing runs yet.
     *
     * @param calls whether there are to be those of system calls
     * @param texts of which calls it is read what they are given; null: of none
     */
    public Programs(Kernel kernel, Maps maps, boolean follow, boolean calls, TextMaps texts) {
        this.kernel = kernel;
        this.maps = maps;
        iterator = kernel.taskIterator();
        watcher = FindThreads.code(0, EventCode.WATCHED, kernel, maps);
        boolean loaded = false;
        try {
            try (Meanwhile<?> optional = Meanwhile.start("bpf-programs", () -> load(RecordKind::optional, follow, texts))) {
                load(kind -> !kind.optional() && (calls || !kind.isSyscall()), follow, texts);
                optional.get();
            }
            leaveOutParts();
            announcer = BpfProgram.byHand("announce", Announcer.code(kernel, maps));
            faults = calls ? faults() : null;
            loaded = true;
        } finally {
            if (!loaded) {
                close();
            }
        }
    }

    private void load(Predicate<RecordKind> wanted, boolean follow, TextMaps texts) {
        for (RecordKind kind : RecordKind.OF_TRACEPOINTS) {
            if (wanted.test(kind)) {
                try {
                    List<Instruction> code = code(kind, kernel, maps, follow, texts);
                    programs.put(kind, BpfProgram.ofTracepoint(kind.tracepoint(), code, kernel.typedefOf(kind)));
                } catch (BpfException e) {
                    if (!kind.optional()) {
                        throw e;
                    }
                }
            }
        }
    }

    private BpfProgram faults() {
        try {
            return BpfProgram.ofCounter("page_faulted", PageFaults.code(kernel, maps));
        } catch (BpfException e) {
            return null;
        }
    }

    /** Of what is of use only together, either all is loaded or nothing. */
    private void leaveOutParts() {
        for (RecordKind kind : RecordKind.OF_TRACEPOINTS) {
            if (programs.containsKey(kind) && !programs.keySet().containsAll(kind.group())) {
                programs.remove(kind).close();
            }
        }
    }

    static List<Instruction> code(RecordKind kind, Kernel kernel, Maps maps, boolean follow, TextMaps texts) {
        return switch (kind) {
            case SYS_ENTER -> SystemCalls.enter(kernel, maps, texts);
            case SYS_EXIT -> SystemCalls.exit(kernel, maps);
            case SCHED_SWITCH -> Switches.code(kernel, maps);
            case SCHED_WAKING, SCHED_WAKEUP_NEW -> WakeUps.woken(kind, kernel, maps);
            case SCHED_MIGRATE_TASK -> WakeUps.moved(kernel, maps);
            case TASK_NEWTASK -> LifeEvents.born(follow, kernel, maps);
            case TASK_RENAME -> LifeEvents.renamed(kernel, maps);
            case SCHED_PROCESS_EXEC -> LifeEvents.execed(kernel, maps);
            case SCHED_PROCESS_EXIT -> LifeEvents.exited(kernel, maps);
            case RING_CREATE, RING_SUBMIT, RING_FILE, RING_READY, RING_COMPLETE, RING_WAIT -> IoUring.code(kind, kernel, maps);
            case LOCK_CONTENDED -> Contention.code(kernel, maps);
            case WORK_QUEUED, WORK_STARTED -> Works.code(kind, kernel, maps);
            case INET_SOCK_SET_STATE -> SocketStates.code(kernel, maps);
            case CALL_WITH_NONE, CALL_WITH_ONE, CALL_WITH_THREE, CALL_WITH_FOUR, CALL_WITH_SIX,
                    NEXT_WITH_NONE, NEXT_WITH_ONE, NEXT_WITH_THREE, NEXT_WITH_FOUR, NEXT_WITH_SIX,
                    POLLED, AT_PATH, PAGE_FAULTED, LATE_SWITCH ->
                    throw new IllegalArgumentException(kind + " has no program");
        };
    }

    /** Has all of them run; until threads are found, for none. */
    public void attach(int[] cpus) {
        programs.values().forEach(BpfProgram::attach);
        if (faults != null) {
            Arrays.stream(cpus).forEach(faults::attachToFaults);
        }
    }

    /**
     * Finds the threads that are to be traced, once all is attached: children of theirs that are born meanwhile are found at
     * their birth.
     *
     * @param tgids the processes that are wanted; with {@code allButTgid} they are of no matter
     * @param calls whether their calls are recorded, and not only from their exec on
     */
    public void find(List<Integer> tgids, int allButTgid, boolean calls) {
        find(tgids, EventCode.TRACED, FindThreads.code(allButTgid, calls ? EventCode.TRACED : 0, kernel, maps));
    }

    /** The threads of one process more are watched for their states from now on. One at a time; any thread. */
    public void watch(int tgid) {
        find(List.of(tgid), EventCode.WATCHED, watcher);
    }

    private void find(List<Integer> tgids, int value, List<Instruction> code) {
        tgids.forEach(tgid -> maps.wanted().put(tgid, value));
        try (BpfProgram finder = BpfProgram.ofIterator("find_threads", code, iterator)) {
            finder.iterate();
        } finally {
            // Their numbers may be given to others one day.
            tgids.forEach(maps.wanted()::remove);
        }
    }

    /** Has a call told that is pending on a CPU. */
    public void announce(int cpu) {
        announcer.runOn(cpu);
    }

    /**
     * How often one was skipped because it would have run on top of itself, by kind; those that never were are not there. Only an
     * interrupt comes on top, and it takes no lock that it would have to sleep for: what it has to do with locks is told of none.
     */
    public Map<RecordKind, Long> misses() {
        Map<RecordKind, Long> misses = new EnumMap<>(RecordKind.class);
        programs.forEach((kind, program) -> misses.put(kind, kind == RecordKind.LOCK_CONTENDED ? 0 : program.misses()));
        if (faults != null) {
            misses.put(RecordKind.PAGE_FAULTED, faults.misses());
        }
        misses.values().removeIf(count -> count == 0);
        return misses;
    }

    @Override
    public void close() {
        programs.values().forEach(BpfProgram::close);
        if (announcer != null) {
            announcer.close();
        }
        if (faults != null) {
            faults.close();
        }
    }
}
