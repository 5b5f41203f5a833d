package ktrace.system;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import ktrace.event.EventType;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.facts.Questions;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;
import ktrace.system.family.Families;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time per event in the tracker alone. With the aggregators it has to stay within 100 ns. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class TrackerBenchmark {
    private static final int EVENTS = 1 << 14;
    private static final int PAIRS = 32;
    private static final int FIRST = 1000;

    /**
     * {@code getppid}: calls that work on nothing; {@code pipe}: reads that block and are ended by a writer; {@code epoll}: the
     * same through a set of 64 members; {@code others}: switches of threads that are not observed.
     */
    @Param({"getppid", "pipe", "epoll", "others"})
    String load;

    private final TraceEvent[] events = new TraceEvent[EVENTS];
    private SystemTracker tracker;
    private long nowNs = 1;

    @Setup
    public void fill() {
        SyscallTable table = SyscallTable.of(Abi.X86_64);
        List<Integer> tgids = IntStream.range(FIRST, FIRST + 2 * PAIRS).boxed().toList();
        tracker = new SystemTracker(Targets.processes(1, tgids), Families.ALL, Questions.unheard(), table::find,
                new TraceCounters());
        TraceEvent state = new TraceEvent();
        for (int tgid : tgids) {
            tell(state, EventType.PROCESS_STATE, tgid, new ProcessSnapshot(tgid, 1, "p", "p"));
            tell(state, EventType.THREAD_STATE, tgid, new ThreadSnapshot(tgid, tgid, "p", 'S', -1, new long[0]));
            for (int fd = 0; fd < 64; fd++) {
                // Pipe "fd" of a pair: the even process reads it, the odd one writes it.
                long inode = (tgid - FIRST) / 2 * 64L + fd + 1;
                tell(state, EventType.FD_STATE, tgid, new FdSnapshot(tgid, fd,
                        new KernelObject(ObjectKind.PIPE, "pipe:[" + inode + "]", inode), tgid & 1));
            }
            tell(state, EventType.FD_STATE, tgid, new FdSnapshot(tgid, 64, new KernelObject(ObjectKind.POLL, "epoll fd 64", 0), 2,
                    0, IntStream.range(0, 64).boxed().toList()));
        }
        for (int i = 0; i < EVENTS; i++) {
            events[i] = switch (load) {
                case "getppid" -> call(i, table.number("getppid"));
                case "pipe" -> wait(i, table.number("read"), 3, table.number("write"));
                case "epoll" -> wait(i, table.number("epoll_wait"), 64, table.number("write"));
                default -> switched(new TraceEvent(), 50_000 + i % 100, 50_000 + (i + 1) % 100, 1);
            };
        }
    }

    private void tell(TraceEvent event, EventType type, int tgid, Object payload) {
        event.type = type;
        event.timeNs = nowNs;
        event.tid = tgid;
        event.tgid = tgid;
        event.payload = payload;
        tracker.onEvent(event);
    }

    private static TraceEvent call(int i, int number) {
        TraceEvent event = new TraceEvent();
        event.type = i % 2 == 0 ? EventType.SYS_ENTER : EventType.SYS_EXIT;
        event.tid = FIRST + i / 2 % (2 * PAIRS);
        event.tgid = event.tid;
        event.number = number;
        return event;
    }

    /** enter, switch to the writer, its enter, waking, its exit, switch back, exit, and one more switch there and back. */
    private static TraceEvent wait(int i, int waitNumber, int waitFd, int writeNumber) {
        TraceEvent event = new TraceEvent();
        int reader = FIRST + i / 8 % PAIRS * 2;
        int writer = reader + 1;
        int step = i % 8;
        switch (step) {
            case 0, 7 -> {
                event.type = step == 0 ? EventType.SYS_ENTER : EventType.SYS_EXIT;
                event.tid = reader;
                event.number = waitNumber;
                event.arg0 = waitFd;
            }
            case 1 -> switched(event, reader, writer, 1);
            case 2, 4 -> {
                event.type = step == 2 ? EventType.SYS_ENTER : EventType.SYS_EXIT;
                event.tid = writer;
                event.number = writeNumber;
                event.arg0 = 3;
            }
            case 3 -> {
                event.type = EventType.SCHED_WAKING;
                event.tid = writer;
                event.otherTid = reader;
            }
            case 5 -> {
                event.type = EventType.SCHED_MIGRATE_TASK;
                event.otherTid = reader;
            }
            default -> switched(event, writer, reader, 0);
        }
        event.tgid = event.tid;
        return event;
    }

    private static TraceEvent switched(TraceEvent event, int prev, int next, int state) {
        event.type = EventType.SCHED_SWITCH;
        event.tid = prev;
        event.tgid = prev;
        event.otherTid = next;
        event.number = state;
        return event;
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void track() {
        for (int i = 0; i < EVENTS; i++) {
            TraceEvent event = events[i];
            event.timeNs = nowNs += 100;
            tracker.onEvent(event);
        }
    }
}
