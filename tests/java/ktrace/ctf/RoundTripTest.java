package ktrace.ctf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import ktrace.event.Comm;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;
import ktrace.system.Discovery;
import ktrace.system.Discovery.Question;
import ktrace.system.MappingSnapshot;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ktrace writes it reads back as it was: any event, with any values. */
class RoundTripTest {
    private static final String[] NAMES = {"", "a", "postgres: writer", "日本", "/tmp/a b\n\"c\\", "pipe:[81234]"};

    @TempDir
    private Path directory;

    private final Random random = new Random(20);
    private final SyscallTable calls = SyscallTable.current();
    private long timeNs = 1_000_000_000L;

    @BeforeEach
    void theTableIsThatOfTheWriter() {
        Assumptions.assumeTrue(Abi.current() == Abi.X86_64, "the writer's table is that of this machine, and the test says x86-64");
    }

    @Test
    void everyTypeOfEvent() {
        RecordedFiles files = new RecordedFiles(directory);
        CtfWriter writer = files.writer(0, 1, 5);
        List<String> own = new ArrayList<>();
        Map<Integer, List<String>> written = Map.of(0, own, 1, new ArrayList<>(), 5, new ArrayList<>());
        EventType[] types = EventType.values();
        for (int i = 0; i < 50_000; i++) {
            EventType type = i == 0 ? EventType.START : types[random.nextInt(1, types.length - 1)];
            TraceEvent event = event(type);
            writer.onEvent(event);
            written.get(Math.max(0, event.cpu)).add(exact(event));
        }
        TraceEvent end = event(EventType.END);
        writer.onEvent(end);
        own.add(exact(end));
        try (CtfReader reader = CtfReader.open(directory)) {
            assertEquals("perf", reader.name());
            assertTrue(reader.isOfKtrace());
            assertEquals(1_700_000_000_000_000_000L, reader.realtimeOffsetNs());
            assertEquals(3L, reader.environment().get("ktrace_shards"));
            int[] cpus = {0, 1, 5};
            assertEquals(cpus.length, reader.streams().size());
            TraceEvent event = new TraceEvent();
            for (int i = 0; i < cpus.length; i++) {
                List<String> read = new ArrayList<>();
                EventStream stream = reader.streams().get(i);
                stream.refresh();
                while (stream.nextTimeNs() != EventStream.NOTHING) {
                    stream.take(event);
                    read.add(exact(event));
                }
                List<String> expected = written.get(cpus[i]);
                for (int n = 0; n < Math.min(expected.size(), read.size()); n++) {
                    assertEquals(expected.get(n), read.get(n), "event " + n + " of CPU " + cpus[i]);
                }
                assertEquals(expected.size(), read.size());
            }
            assertEquals(Map.of(), reader.counters().nonZero());
        }
    }

    private TraceEvent event(EventType type) {
        TraceEvent event = new TraceEvent();
        event.type = type;
        timeNs += random.nextInt(100) == 0 ? random.nextLong(1L << 40) : random.nextInt(2_000);
        event.timeNs = timeNs;
        event.cpu = new int[] {0, 1, 5}[random.nextInt(3)];
        event.tid = random.nextInt();
        event.tgid = random.nextInt(5) == 0 ? -1 : random.nextInt(1 << 22);
        event.contextFlags = 0;
        event.otherTid = random.nextInt();
        event.comm0 = random.nextLong();
        event.comm1 = random.nextLong();
        event.payload = null;
        switch (type) {
            case SYS_ENTER -> enter(event);
            case SYS_EXIT -> {
                event.number = random.nextInt(3) == 0 ? random.nextLong() : calls.number(call());
                event.result = random.nextLong();
            }
            case SCHED_SWITCH -> {
                event.number = random.nextLong();
                event.arg0 = random.nextLong();
                event.arg1 = random.nextLong();
                event.arg2 = random.nextInt();
                event.arg3 = random.nextInt();
            }
            case SCHED_WAKING, SCHED_WAKEUP_NEW -> {
                event.arg0 = random.nextInt();
                event.arg1 = random.nextInt();
                event.contextFlags = random.nextInt(256);
            }
            case SCHED_MIGRATE_TASK -> {
                event.arg0 = random.nextInt();
                event.arg1 = random.nextInt();
                event.arg2 = random.nextInt();
            }
            case TASK_NEWTASK -> event.number = random.nextLong();
            case TASK_RENAME -> {
                event.arg0 = random.nextLong();
                event.arg1 = random.nextLong();
            }
            case SCHED_PROCESS_EXEC -> event.payload = name();
            case SCHED_PROCESS_EXIT -> event.arg0 = random.nextInt();
            case EVENTS_LOST -> event.number = random.nextLong(1 << 30);
            case START, PROCESS_STATE, THREAD_STATE, FD_STATE, INTERVAL, END -> {
                event.cpu = -1;
                event.payload = payload(type);
            }
        }
        return event;
    }

    private String call() {
        return new String[] {"read", "openat", "getppid", "write"}[random.nextInt(4)];
    }

    /** Arguments as the kernel's registers hold them where the type is narrower: the upper half says nothing. */
    private void enter(TraceEvent event) {
        String call = random.nextInt(3) == 0 ? null : call();
        event.number = call == null ? random.nextLong() : calls.number(call);
        boolean all = call == null || call.equals("write");
        boolean openat = "openat".equals(call);
        boolean read = "read".equals(call);
        event.arg0 = all ? random.nextLong() : openat ? random.nextInt() : read ? random.nextInt() & 0xffffffffL : 0;
        event.arg1 = all || openat || read ? random.nextLong() : 0;
        event.arg2 = all || read ? random.nextLong() : openat ? random.nextInt() : 0;
        event.arg3 = all ? random.nextLong() : openat ? random.nextInt() & 0xffffffffL : 0;
        event.arg4 = all ? random.nextLong() : 0;
        event.arg5 = all ? random.nextLong() : 0;
    }

    private String name() {
        return NAMES[random.nextInt(NAMES.length)];
    }

    private Object payload(EventType type) {
        return switch (type) {
            case PROCESS_STATE -> process();
            case THREAD_STATE -> new ThreadSnapshot(random.nextInt(), random.nextInt(), "kworker/0:1", "RSDTtZXI".charAt(random.nextInt(8)),
                    random.nextInt(-2, 400), random.longs(random.nextInt(7)).toArray());
            case FD_STATE -> fd();
            case INTERVAL -> new WindowFacts(random.nextLong(), random.nextLong(), random.nextLong(),
                    Map.of(TraceCounter.LOST_EVENTS, random.nextLong(1L << 60), TraceCounter.values()[random.nextInt(5, 20)], 1L));
            case END -> new WindowFacts(random.nextLong(), random.nextLong(), random.nextLong(), Map.of());
            default -> null;
        };
    }

    private ProcessSnapshot process() {
        return new ProcessSnapshot(random.nextInt(), random.nextInt(), name(), name().repeat(random.nextInt(100)));
    }

    private FdSnapshot fd() {
        return new FdSnapshot(random.nextInt(), random.nextInt(), object(), random.nextInt(), random.nextLong(),
                random.ints(random.nextInt(5)).boxed().toList());
    }

    private KernelObject object() {
        return new KernelObject(ObjectKind.values()[random.nextInt(ObjectKind.values().length)], name(), random.nextLong());
    }

    /** All that a stage may look at. */
    private static String exact(TraceEvent event) {
        String head = event.type + " " + event.timeNs + " " + event.cpu + " " + event.tid + " " + event.tgid + " ";
        return head + switch (event.type) {
            case SYS_ENTER -> event.number + " " + event.arg0 + " " + event.arg1 + " " + event.arg2 + " " + event.arg3 + " " + event.arg4
                    + " " + event.arg5;
            case SYS_EXIT -> event.number + " " + event.result;
            case SCHED_SWITCH -> comms(event) + event.number + " " + event.otherTid + " " + event.arg0 + " " + event.arg1 + " "
                    + event.arg2 + " " + event.arg3;
            case SCHED_WAKING, SCHED_WAKEUP_NEW -> comms(event) + event.otherTid + " " + event.arg0 + " " + event.arg1 + " "
                    + event.contextFlags;
            case SCHED_MIGRATE_TASK -> comms(event) + event.otherTid + " " + event.arg0 + " " + event.arg1 + " " + event.arg2;
            case TASK_NEWTASK -> comms(event) + event.otherTid + " " + event.number;
            case TASK_RENAME -> comms(event) + event.arg0 + " " + event.arg1;
            case SCHED_PROCESS_EXEC -> event.otherTid + " " + event.payload;
            case SCHED_PROCESS_EXIT -> comms(event) + event.arg0;
            case EVENTS_LOST -> event.number + "";
            case START, PROCESS_STATE, THREAD_STATE, FD_STATE, INTERVAL, END -> text(event.payload);
        };
    }

    private static String comms(TraceEvent event) {
        return event.comm0 + " " + event.comm1 + " ";
    }

    private static String text(Object payload) {
        return switch (payload) {
            case ThreadSnapshot(int tid, int tgid, String comm, char state, int syscall, long[] args) ->
                    tid + " " + tgid + " " + comm + state + syscall + Arrays.toString(args);
            case FdSnapshot fd -> fd.tgid() + " " + fd.fd() + " " + text(fd.object()) + fd.flags() + " " + fd.peerKey() + fd.watched();
            case KernelObject object -> object.kind() + object.name() + object.key();
            case WindowFacts facts -> facts.startNs() + " " + facts.events() + " " + facts.syscallEvents() + new TreeMap<>(facts.counters());
            case List<?> list -> list.stream().map(RoundTripTest::text).toList().toString();
            case null, default -> String.valueOf(payload);
        };
    }

    @Test
    void everyDiscovery() {
        RecordedFiles files = new RecordedFiles(directory);
        DiscoveryWriter writer = files.discoveries();
        TraceEvent event = new TraceEvent();
        List<String> written = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            Question question = Question.values()[random.nextInt(Question.values().length)];
            Object answer = random.nextInt(4) == 0 && question != Question.FDS && question != Question.HOLDERS ? null : switch (question) {
                case FD -> fd();
                case FDS, HOLDERS -> random.ints(random.nextInt(4)).mapToObj(unused -> fd()).toList();
                case PROCESS -> process();
                case MAPPING -> new MappingSnapshot(random.nextLong(), random.nextLong(), random.nextBoolean(), random.nextInt(),
                        random.nextLong(), random.nextLong(), name());
                case OPENING, SYSV_IPC -> object();
            };
            Discovery discovery = new Discovery(question, random.nextInt(), random.nextLong(), answer);
            event.type = EventType.SYS_ENTER;
            event.timeNs = timeNs++;
            writer.before(event);
            writer.accept(discovery);
            written.add(line(discovery));
        }
        event.type = EventType.END;
        writer.after(event);
        try (CtfReader reader = CtfReader.open(directory)) {
            Iterator<Discovery> read = reader.discoveries();
            for (String expected : written) {
                assertTrue(read.hasNext());
                assertEquals(expected, line(read.next()));
            }
            assertFalse(read.hasNext());
            assertEquals(Map.of(), reader.counters().nonZero());
        }
    }

    private static String line(Discovery discovery) {
        return discovery.question() + " " + discovery.number() + " " + discovery.detail() + " " + text(discovery.answer());
    }

    @Test
    void aCommIsCarriedWholly() {
        RecordedFiles files = new RecordedFiles(directory);
        CtfWriter writer = files.writer(0);
        TraceEvent event = event(EventType.SCHED_PROCESS_EXIT);
        event.cpu = 0;
        event.comm0 = Comm.pack("fifteen chars ok", 0);
        event.comm1 = Comm.pack("fifteen chars ok", 8);
        writer.onEvent(event);
        writer.onEvent(event(EventType.END));
        assertTrue(Heard.of(directory).getFirst().contains(" fifteen chars o:"), "the kernel cuts at fifteen");
    }
}
