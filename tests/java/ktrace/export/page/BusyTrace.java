package ktrace.export.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import ktrace.analysis.SelfUsage;
import ktrace.analysis.Summary;
import ktrace.analysis.SummaryAssembler;
import ktrace.analysis.shard.ProcessShard;
import ktrace.event.Comm;
import ktrace.event.EventSink;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ProcessId;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadId;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.event.WindowFacts;
import ktrace.linux.Abi;
import ktrace.linux.Errno;
import ktrace.linux.PrevState;
import ktrace.linux.SyscallTable;
import ktrace.system.StampedCalls;

/**
 * A made-up trace of readers and writers, in pairs by a pipe each, on two CPUs: as many events as are wanted, at random times, told
 * to a page and to the aggregates of a summary.
 */
final class BusyTrace {
    private static final SyscallTable SYSCALLS = SyscallTable.of(Abi.X86_64);
    private static final long START_NS = 5_000_000;
    private static final int CPUS = 2;
    private static final int FIRST_PID = 100;
    private static final int FIRST_PASSER_BY = 10_000;

    private final String comm;
    private final Random random = new Random(7);
    private final List<Summary> summaries = new ArrayList<>();
    private final EventSink shard;
    private final EventSink page;
    private final StampedCalls calls = new StampedCalls();
    private final TraceEvent event = new TraceEvent();
    private final List<ThreadId> threads = new ArrayList<>();
    private final ThreadId[] current = new ThreadId[CPUS];
    private long nowNs = START_NS;
    private long events;

    /** @param comm what all are called */
    BusyTrace(HtmlPage page, String comm) {
        this.comm = comm;
        this.page = page.reader();
        SummaryAssembler assembler = new SummaryAssembler("perf", List.of(), () -> SelfUsage.NONE, summaries::add);
        shard = new ProcessShard(SYSCALLS::name, Errno::name, new TraceCounters(), assembler);
    }

    static HtmlPage page(int mostCells, int mostRows, String name) {
        return new HtmlPage(new Stretches(mostCells, mostRows), SYSCALLS::name, "1.2.3", name, 0);
    }

    /** Tells at least {@code count} events, and gives the summary of them all. */
    Summary tell(long count, int pairs) {
        return tell(count, pairs, 0);
    }

    Summary tell(long count, int pairs, int passersBy) {
        put(EventType.START, -1, null, e -> { });
        List<KernelObject> pipes = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            pipes.add(new KernelObject(ObjectKind.PIPE, "pipe:[" + i + "] of " + comm, i + 1));
            begin(FIRST_PID + 2 * i);
            begin(FIRST_PID + 2 * i + 1);
        }
        while (events < count) {
            int pair = random.nextInt(pairs);
            transfer(threads.get(2 * pair), threads.get(2 * pair + 1), pipes.get(pair), pair % CPUS);
        }
        passersBy(passersBy);
        put(EventType.END, -1, null, e -> e.payload = new WindowFacts(START_NS, events, events / 2, Map.of()));
        return summaries.getLast();
    }

    private void begin(int pid) {
        ThreadId thread = thread(pid);
        put(EventType.PROCESS_STATE, -1, thread, e -> e.payload = new ProcessSnapshot(pid, 1, comm, comm + " --with " + comm));
        put(EventType.THREAD_STATE, -1, thread, e -> e.payload = new ThreadSnapshot(pid, pid, comm, 'R', -1, new long[0]));
    }

    /** So many more processes come and go, each a child of the first reader, and there for longer than the one before. */
    private void passersBy(int count) {
        for (int i = 0; i < count; i++) {
            ThreadId child = thread(FIRST_PASSER_BY + i);
            put(EventType.TASK_NEWTASK, 0, child, e -> {
                e.otherThread = threads.getFirst();
                e.otherTid = child.tid();
            });
            put(EventType.SCHED_WAKEUP_NEW, 0, child, e -> e.otherTid = child.tid());
            change(0, 0, child);
            nowNs += 1_000 * (i + 1);
            put(EventType.SCHED_PROCESS_EXIT, 0, child, e -> { });
            change(0, PrevState.DEAD, threads.getFirst());
        }
    }

    private ThreadId thread(int pid) {
        ThreadId thread = new ThreadId(pid, new ProcessId(pid, 1, nowNs, threads.size()), nowNs, threads.size());
        threads.add(thread);
        return thread;
    }

    /** One reads, waits, is woken by who writes, and goes on when that one leaves it the CPU. */
    private void transfer(ThreadId reader, ThreadId writer, KernelObject pipe, int cpu) {
        pass();
        change(cpu, 0, reader);
        put(EventType.SYS_ENTER, cpu, reader, e -> call(e, "read", pipe));
        pass();
        change(cpu, 1, writer);
        put(EventType.SYS_ENTER, cpu, writer, e -> call(e, "write", pipe));
        pass();
        put(EventType.SCHED_WAKING, cpu, reader, e -> {
            e.tid = writer.tid();
            e.otherTid = reader.tid();
            e.waker = new Waker(writer, writer.tid(), comm, new Peer(writer.tid(), comm));
            e.evidence = Evidence.OBJECT;
            e.comm0 = Comm.pack(comm, 0);
            e.comm1 = Comm.pack(comm, 8);
        });
        put(EventType.SYS_EXIT, cpu, writer, e -> e.number = SYSCALLS.number("write"));
        pass();
        change(cpu, 0, reader);
        put(EventType.SYS_EXIT, cpu, reader, e -> e.number = SYSCALLS.number("read"));
    }

    private static void call(TraceEvent e, String name, KernelObject pipe) {
        e.number = SYSCALLS.number(name);
        e.object = pipe;
    }

    private void change(int cpu, long state, ThreadId next) {
        ThreadId prev = current[cpu];
        if (prev == next) {
            return;
        }
        put(EventType.SCHED_SWITCH, cpu, prev, e -> {
            e.otherThread = next;
            e.otherTid = next.tid();
            e.number = state;
            e.arg0 = Comm.pack(comm, 0);
            e.arg1 = Comm.pack(comm, 8);
            e.comm0 = e.arg0;
            e.comm1 = e.arg1;
        });
        current[cpu] = next;
    }

    /** Mostly microseconds, now and then much more. */
    private void pass() {
        nowNs += 1 + (long) (Math.exp(random.nextGaussian() * 2) * 5_000);
    }

    private void put(EventType type, int cpu, ThreadId thread, Consumer<TraceEvent> more) {
        event.copyFrom(new TraceEvent());
        event.type = type;
        event.timeNs = nowNs;
        event.cpu = cpu;
        event.tid = thread == null ? 0 : thread.tid();
        event.tgid = event.tid;
        event.thread = thread;
        event.evidence = Evidence.NONE;
        event.call = TraceEvent.NO_CALL;
        event.enteredNs = TraceEvent.UNKNOWN_NS;
        more.accept(event);
        calls.stamp(event);
        events++;
        shard.onEvent(event);
        page.onEvent(event);
    }
}
