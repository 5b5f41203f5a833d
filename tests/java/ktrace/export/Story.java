package ktrace.export;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.event.WindowFacts;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;
import ktrace.system.StampedCalls;

/**
 * A made-up trace, played to an exporter as a replay does: its waits first. Two processes, a reader and a writer of one pipe, on
 * two CPUs; the writer's name is as hostile as names get.
 *
 * <pre>
 * time     cpu 0                                  cpu 1
 * 1000     START, both described
 * 1010     200 read(3, 0x7000, 64)
 * 1020     200 -> idle, S
 * 1030                                            idle -> 100
 * 1040                                            100 write(4, 0x8000, 10)
 * 1050                                            100 wakes 200                  end of the wait: 30 ns
 * 1060     idle -> 200
 * 1070                                            100 write returns 10
 * 1080     200 read returns 10
 * 1090     200 makes 201, a child
 * 1100     201 is renamed, execs, and exits with 3
 * 1200                                            5 events lost
 * 1210     200 read returns nothing known of: EAGAIN
 * 1220     200 nanosleep, asleep till the end at 2000
 * </pre>
 */
final class Story {
    static final SyscallTable SYSCALLS = SyscallTable.of(Abi.X86_64);
    /** A formula, quotes, a comma, a line break, an escape sequence. */
    static final String HOSTILE = "=1+\"a,b\"\n\u001b[2J";
    static final int READER = 200;
    static final int WRITER = 100;
    static final KernelObject PIPE = new KernelObject(ObjectKind.PIPE, "pipe:[81]", 81);

    private final TraceExport export;
    private final EventSink waits;
    private final StampedCalls calls = new StampedCalls();
    private final TraceEvent event = new TraceEvent();
    private final Map<Integer, ThreadId> threads = new HashMap<>();
    private int index;

    Story(TraceExport export) {
        this.export = export;
        waits = WaitsOfTrace.to(export, new TraceCounters());
    }

    void tell() {
        ThreadId reader = thread(READER, READER);
        ThreadId writer = thread(WRITER, WRITER);
        put(EventType.START, 1000, -1, 0, e -> { });
        describe(READER, "sort", "sort -n \u00e4");
        describe(WRITER, HOSTILE, "");
        put(EventType.SYS_ENTER, 1010, 0, READER, e -> {
            e.thread = reader;
            e.number = SYSCALLS.number("read");
            e.arg0 = 3;
            e.arg1 = 0x7000;
            e.arg2 = 64;
            e.object = PIPE;
            e.peers = List.of(new Peer(WRITER, HOSTILE));
        });
        change(1020, 0, reader, "sort", 1, null, "swapper/0");
        change(1030, 1, null, "swapper/1", 0, writer, HOSTILE);
        put(EventType.SYS_ENTER, 1040, 1, WRITER, e -> {
            e.thread = writer;
            e.number = SYSCALLS.number("write");
            e.arg0 = 4;
            e.arg1 = 0x8000;
            e.arg2 = 10;
            e.object = PIPE;
        });
        put(EventType.SCHED_WAKING, 1050, 1, WRITER, e -> {
            e.thread = reader;
            e.otherTid = READER;
            e.waker = new Waker(null, WRITER, HOSTILE, new Peer(WRITER, HOSTILE));
            e.evidence = Evidence.OBJECT;
            e.arg0 = 0;
            e.arg1 = 120;
            comm(e, "sort");
        });
        change(1060, 0, null, "swapper/0", 0, reader, "sort");
        exit(1070, 1, writer, "write", 10);
        exit(1080, 0, reader, "read", 10);
        ThreadId child = thread(READER + 1, READER + 1);
        put(EventType.TASK_NEWTASK, 1090, 0, READER, e -> {
            e.thread = child;
            e.otherThread = reader;
            e.otherTid = READER + 1;
            e.number = 0x1200011;
            comm(e, "sort");
        });
        put(EventType.TASK_RENAME, 1100, 0, READER + 1, e -> {
            e.thread = child;
            comm(e, "ls");
            e.arg0 = Comm.pack("sort", 0);
            e.arg1 = 0;
        });
        put(EventType.SCHED_PROCESS_EXEC, 1101, 0, READER + 1, e -> {
            e.thread = child;
            e.otherTid = READER + 1;
            e.payload = "/bin/ls";
        });
        put(EventType.SYS_ENTER, 1102, 0, READER + 1, e -> {
            e.thread = child;
            e.number = SYSCALLS.number("exit_group");
            e.arg0 = 3;
        });
        put(EventType.SCHED_PROCESS_EXIT, 1103, 0, READER + 1, e -> {
            e.thread = child;
            comm(e, "ls");
            e.arg0 = 120;
        });
        put(EventType.EVENTS_LOST, 1200, 1, 0, e -> e.number = 5);
        exit(1210, 0, reader, "read", -11);
        put(EventType.SYS_ENTER, 1220, 0, READER, e -> {
            e.thread = reader;
            e.number = SYSCALLS.number("nanosleep");
            e.arg0 = 0x9000;
        });
        change(1230, 0, reader, "sort", 1, null, "swapper/0");
        put(EventType.END, 2000, -1, 0,
                e -> e.payload = new WindowFacts(1000, 17, 6, Map.of(TraceCounter.LOST_EVENTS, 5L)));
    }

    private ThreadId thread(int tgid, int tid) {
        ThreadId thread = new ThreadId(tid, new ProcessId(tgid, 1, 1000, index), 1000, index++);
        threads.put(tid, thread);
        return thread;
    }

    private void describe(int tgid, String comm, String cmdline) {
        put(EventType.PROCESS_STATE, 1000, -1, tgid, e -> {
            e.thread = threads.get(tgid);
            e.payload = new ProcessSnapshot(tgid, 1, comm, cmdline);
        });
        put(EventType.THREAD_STATE, 1000, -1, tgid, e -> {
            e.thread = threads.get(tgid);
            e.payload = new ThreadSnapshot(tgid, tgid, comm, 'R', -1, new long[0]);
        });
    }

    private void change(long timeNs, int cpu, ThreadId prev, String prevComm, long state, ThreadId next, String nextComm) {
        put(EventType.SCHED_SWITCH, timeNs, cpu, prev == null ? 0 : prev.tid(), e -> {
            e.thread = prev;
            e.otherThread = next;
            e.otherTid = next == null ? 0 : next.tid();
            e.number = state;
            e.arg0 = Comm.pack(prevComm, 0);
            e.arg1 = Comm.pack(prevComm, 8);
            e.arg2 = 120;
            e.arg3 = -1;
            comm(e, nextComm);
        });
    }

    private void exit(long timeNs, int cpu, ThreadId thread, String syscall, long result) {
        put(EventType.SYS_EXIT, timeNs, cpu, thread.tid(), e -> {
            e.thread = thread;
            e.number = SYSCALLS.number(syscall);
            e.result = result;
        });
    }

    private static void comm(TraceEvent e, String comm) {
        e.comm0 = Comm.pack(comm, 0);
        e.comm1 = Comm.pack(comm, 8);
    }

    private void put(EventType type, long timeNs, int cpu, int tid, Consumer<TraceEvent> more) {
        event.copyFrom(new TraceEvent());
        event.type = type;
        event.timeNs = timeNs;
        event.cpu = cpu;
        event.tid = tid;
        event.tgid = tid;
        event.thread = null;
        event.otherThread = null;
        event.object = null;
        event.waker = null;
        event.evidence = Evidence.NONE;
        event.peers = List.of();
        event.waitsFor = null;
        event.enteredNs = TraceEvent.UNKNOWN_NS;
        event.call = TraceEvent.NO_CALL;
        more.accept(event);
        calls.stamp(event);
        waits.onEvent(event);
        export.onEvent(event);
    }
}
