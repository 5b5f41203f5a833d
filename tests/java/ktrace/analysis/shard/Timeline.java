package ktrace.analysis.shard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import ktrace.event.Comm;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ProcessId;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadId;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.event.WindowFacts;
import ktrace.linux.Abi;
import ktrace.linux.PrevState;
import ktrace.linux.SyscallTable;
import ktrace.system.StampedCalls;

/**
 * A trace written down event by event, each stamped as the tracker would, to be {@link Replay played} to shards. The time of an
 * event is what {@link #at} last said.
 */
public final class Timeline {
    public static final int CPU_0 = 0;
    public static final int CPU_1 = 1;
    public static final SyscallTable SYSCALLS = SyscallTable.of(Abi.X86_64);
    public static final int PRODUCER = 100;
    public static final int CONSUMER = 200;

    private final StampedCalls calls = new StampedCalls();
    private final Map<ThreadId, KernelObject> guesses = new java.util.HashMap<>();
    public final List<TraceEvent> events = new ArrayList<>();
    private final Map<Integer, ThreadId> threads = new HashMap<>();
    private final Map<Integer, ProcessId> processes = new HashMap<>();
    private int threadCount;
    private int processCount;
    private long nowNs;

    public Timeline at(long timeNs) {
        nowNs = timeNs;
        return this;
    }

    /** A thread observed from now on; the leader of its process when {@code tid == pid}. */
    public ThreadId thread(int pid, int tid) {
        ProcessId process = processes.computeIfAbsent(pid, p -> new ProcessId(p, 1, nowNs, processCount++));
        ThreadId thread = new ThreadId(tid, process, nowNs, threadCount++);
        threads.put(tid, thread);
        return thread;
    }

    /** The process number is used again. */
    public void forget(int pid) {
        processes.remove(pid);
    }

    public static KernelObject object(ObjectKind kind, String name) {
        return new KernelObject(kind, name, name.hashCode());
    }

    public Timeline enter(ThreadId thread, String syscall) {
        return enter(thread, syscall, null);
    }

    public Timeline enter(ThreadId thread, String syscall, KernelObject object, long... args) {
        return push(EventType.SYS_ENTER, thread, e -> {
            e.number = SYSCALLS.number(syscall);
            e.object = object;
            KernelObject guess = guesses.get(thread);
            e.confirmed = guess != null && object != null && guess.canonical() == object.canonical() ? guess : null;
            e.arg0 = args.length > 0 ? args[0] : 0;
            e.arg1 = args.length > 1 ? args[1] : 0;
            e.arg2 = args.length > 2 ? args[2] : 0;
        });
    }

    public Timeline exit(ThreadId thread, String syscall, long result) {
        return exit(thread, SYSCALLS.number(syscall), result);
    }

    /** Of which the tracker says what the interrupt came of that ended the wait in it. */
    public Timeline exit(ThreadId thread, String syscall, Evidence.Interrupt interrupt) {
        return push(EventType.SYS_EXIT, thread, e -> {
            e.number = SYSCALLS.number(syscall);
            e.interrupt = interrupt;
        });
    }

    public Timeline exit(ThreadId thread, long number, long result) {
        return push(EventType.SYS_EXIT, thread, e -> {
            e.number = number;
            e.result = result;
        });
    }

    /** {@code thread} leaves the CPU to the idle task, in the state of a letter of ps(1): R is preempted. */
    public Timeline out(int cpu, ThreadId thread, char state) {
        return switched(cpu, thread, state, null);
    }

    /** The same in a call of which it is known only now what it works on. */
    public Timeline out(int cpu, ThreadId thread, char state, KernelObject object) {
        return switched(cpu, thread, state, null, object);
    }

    /** {@code thread} takes the CPU from the idle task. */
    public Timeline in(int cpu, ThreadId thread) {
        return switched(cpu, null, 'R', thread);
    }

    public Timeline switched(int cpu, ThreadId prev, char state, ThreadId next) {
        return switched(cpu, prev, state, next, null);
    }

    private Timeline switched(int cpu, ThreadId prev, char state, ThreadId next, KernelObject object) {
        return push(EventType.SCHED_SWITCH, prev, e -> {
            e.cpu = cpu;
            e.object = object;
            e.otherThread = next;
            e.otherTid = next == null ? 0 : next.tid();
            e.number = switch (state) {
                case 'R' -> 0x100;
                case 'X' -> 0x10;
                case 'Z' -> 0x20;
                default -> PrevState.ofLetter(state);
            };
            e.comm0 = 0;
        });
    }

    public static Waker mainThread(Peer process) {
        return new Waker(null, process.pid(), process.comm(), process);
    }

    public Timeline waking(ThreadId woken, Evidence evidence, Peer waker) {
        return waking(woken, evidence, waker, e -> { });
    }

    public Timeline waking(ThreadId woken, Evidence evidence, Peer waker, Consumer<TraceEvent> more) {
        return push(EventType.SCHED_WAKING, woken, e -> {
            e.tid = waker == null ? 0 : waker.pid();
            e.otherTid = woken.tid();
            e.evidence = evidence;
            e.waker = waker == null ? null : mainThread(waker);
            more.accept(e);
        });
    }

    /** A wake-up whose object the tracker guessed. */
    public Timeline wakingByGuess(ThreadId woken, Peer waker, KernelObject guess) {
        return waking(woken, Evidence.OBJECT, waker, e -> {
            e.object = guess;
            e.objectToBeConfirmed = true;
            guesses.put(woken, guess);
        });
    }

    public Timeline fork(ThreadId parent, ThreadId child, long flags, String comm) {
        return push(EventType.TASK_NEWTASK, child, e -> {
            e.tid = parent == null ? 1 : parent.tid();
            e.otherThread = parent;
            e.otherTid = child.tid();
            e.number = flags;
            e.comm0 = Comm.pack(comm, 0);
            e.comm1 = Comm.pack(comm, 8);
        });
    }

    public Timeline wakeupNew(ThreadId child) {
        return push(EventType.SCHED_WAKEUP_NEW, child, e -> e.otherTid = child.tid());
    }

    public Timeline migrate(ThreadId thread) {
        return migrate(thread, CPU_0);
    }

    public Timeline migrate(ThreadId thread, int toCpu) {
        return push(EventType.SCHED_MIGRATE_TASK, thread, e -> e.arg1 = toCpu);
    }

    public Timeline rename(ThreadId thread, String comm) {
        return push(EventType.TASK_RENAME, thread, e -> {
            e.comm0 = Comm.pack(comm, 0);
            e.comm1 = Comm.pack(comm, 8);
        });
    }

    public Timeline exec(ThreadId thread, ThreadId before, String file) {
        return push(EventType.SCHED_PROCESS_EXEC, thread, e -> {
            e.otherThread = before == thread ? null : before;
            e.otherTid = before.tid();
            e.payload = file;
        });
    }

    /** It begins to exit. */
    public Timeline exits(ThreadId thread) {
        return push(EventType.SCHED_PROCESS_EXIT, thread, e -> { });
    }

    /** It exits, in no time. */
    public Timeline exited(ThreadId thread) {
        return exits(thread).out(-1, thread, 'X');
    }

    public Timeline lost() {
        return push(EventType.EVENTS_LOST, null, e -> e.number = 1);
    }

    public Timeline threadState(ThreadId thread, char state, String syscall, KernelObject object, long... args) {
        return push(EventType.THREAD_STATE, thread, e -> {
            e.object = object;
            e.payload = new ThreadSnapshot(thread.tid(), thread.process().tgid(), "attached", state,
                    syscall == null ? ThreadSnapshot.SYSCALL_UNKNOWN : syscall.isEmpty() ? -1 : SYSCALLS.number(syscall), args);
        });
    }

    public Timeline processState(ThreadId leader, int pid, String comm, String cmdline) {
        return push(EventType.PROCESS_STATE, leader, e -> e.payload = new ProcessSnapshot(pid, 7, comm, cmdline));
    }

    public Timeline interval() {
        return mark(EventType.INTERVAL);
    }

    public Timeline end() {
        return mark(EventType.END);
    }

    private Timeline mark(EventType type) {
        int count = events.size();
        return push(type, null, e -> e.payload = new WindowFacts(0, count, count, Map.of(TraceCounter.LOST_EVENTS, (long) count)));
    }

    public Timeline push(EventType type, ThreadId thread, Consumer<TraceEvent> fields) {
        TraceEvent event = new TraceEvent();
        event.type = type;
        event.timeNs = nowNs;
        event.thread = thread;
        event.tid = thread == null ? 0 : thread.tid();
        fields.accept(event);
        calls.stamp(event);
        events.add(event);
        return this;
    }

    /** Plays it to one shard. */
    Replay play() {
        return new Replay(events, Limits.DEFAULT, true);
    }
}
