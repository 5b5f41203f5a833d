package ktrace.ctf.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ktrace.ctf.read.CtfReader;
import ktrace.ctf.read.Heard;
import ktrace.event.Comm;
import ktrace.event.EventSink;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.Fact;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;
import ktrace.linux.Abi;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ktrace writes it reads back as it was: any event, with any values. */
class RoundTripTest {
    @TempDir
    private Path directory;

    private final RandomEvents events = new RandomEvents(20);

    @BeforeEach
    void theTableIsThatOfTheWriter() {
        Assumptions.assumeTrue(Abi.current() == Abi.X86_64, "the writer's table is that of this machine, and the test says x86-64");
    }

    @Test
    void everyTypeOfEvent() {
        RecordedFiles files = new RecordedFiles(directory);
        EventSink writer = files.writer(0, 1, 5);
        List<String> own = new ArrayList<>();
        Map<Integer, List<String>> written = Map.of(0, own, 1, new ArrayList<>(), 5, new ArrayList<>());
        for (int i = 0; i < 50_000; i++) {
            TraceEvent event = events.next();
            writer.onEvent(event);
            written.get(Math.max(0, event.cpu)).add(exact(event));
        }
        TraceEvent end = events.end();
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

    /** All that a stage may look at. */
    static String exact(TraceEvent event) {
        String head = event.type + " " + event.timeNs + " " + event.cpu + " " + event.tid + " " + event.tgid + " ";
        return head + switch (event.type) {
            case SYS_ENTER -> event.number + " " + event.arg0 + " " + event.arg1 + " " + event.arg2 + " " + event.arg3 + " "
                    + event.arg4
                    + " " + event.arg5;
            case SYS_EXIT -> event.number + " " + event.result;
            case SCHED_SWITCH -> comms(event) + event.number + " " + event.otherTid + " " + event.arg0 + " " + event.arg1 + " "
                    + event.arg2 + " " + event.arg3 + (event.arg4 == 0 ? "" : " since " + event.arg4)
                    + (event.payload == null ? "" : " " + event.payload);
            case SCHED_WAKING, SCHED_WAKEUP_NEW -> comms(event) + event.otherTid + " " + event.arg0 + " " + event.arg1 + " "
                    + event.contextFlags + (event.payload == null ? "" : " " + event.payload);
            case SCHED_MIGRATE_TASK -> comms(event) + event.otherTid + " " + event.arg0 + " " + event.arg1 + " " + event.arg2;
            case TASK_NEWTASK -> comms(event) + event.otherTid + " " + event.number;
            case TASK_RENAME -> comms(event) + event.arg0 + " " + event.arg1;
            case SCHED_PROCESS_EXEC -> event.otherTid + " " + event.payload;
            case SCHED_PROCESS_EXIT -> comms(event) + event.arg0 + (event.arg1 == 0 ? "" : " last " + event.arg1);
            case INET_SOCK_SET_STATE -> event.number + " " + event.result + " " + event.arg0 + " " + event.arg1 + " " + event.arg2
                    + " " + event.arg3 + " " + event.arg4 + " " + event.arg5;
            case SIGNAL_DELIVER -> event.number + " " + event.payload;
            case EVENTS_LOST -> event.number + "";
            case RING_CREATE -> event.arg0 + " " + event.arg1 + " " + event.number;
            case RING_SUBMIT, RING_FILE -> event.arg0 + " " + event.arg1 + " " + event.number;
            case RING_READY -> event.arg0 + " " + event.arg1 + " " + event.contextFlags;
            case RING_COMPLETE -> event.arg0 + " " + event.arg1 + " " + event.result + " " + event.number + " "
                    + event.contextFlags;
            case RING_WAIT, WORK_STARTED, PAGE_FAULTED -> event.arg0 + "";
            case LOCK_CONTENDED -> event.arg0 + " " + event.number;
            case WORK_QUEUED -> event.arg0 + " " + event.contextFlags;
            case START, PROCESS_STATE, THREAD_STATE, FD_STATE, FACT, INTERVAL, END -> text(event.payload);
        };
    }

    private static String comms(TraceEvent event) {
        return event.comm0 + " " + event.comm1 + " ";
    }

    private static String text(Object payload) {
        return switch (payload) {
            case ThreadSnapshot(int tid, int tgid, String comm, char state, int syscall, long[] args, boolean sinceBegin) ->
                    tid + " " + tgid + " " + comm + state + syscall + Arrays.toString(args) + (sinceBegin ? "" : " from then on");
            case FdSnapshot fd -> fd.tgid() + " " + fd.fd() + " " + text(fd.object()) + fd.flags() + " " + fd.peerKey()
                    + fd.watched();
            case KernelObject object -> object.kind() + object.name() + object.key();
            case WindowFacts facts -> facts.startNs() + " " + facts.events() + " " + facts.syscallEvents()
                    + new TreeMap<>(facts.counters());
            case Fact.OfDescriptor(int tgid, int fd, FdSnapshot found) -> "descriptor " + tgid + " " + fd + " " + text(found);
            case ProcessSnapshot(int tgid, int ppid, String comm, String cmdline, int inside, boolean inNamespace) ->
                    "ProcessSnapshot[tgid=" + tgid + ", ppid=" + ppid + ", comm=" + comm + ", cmdline=" + cmdline + "]"
                            + (inside == tgid && !inNamespace ? "" : " inside " + inside + inNamespace);
            case Fact.OfThread(int tid, ProcessSnapshot found) -> "OfThread[tid=" + tid + ", found=" + text(found) + "]";
            case Fact.Held(FdSnapshot found) -> "held " + text(found);
            case Fact.OfOpening(int tid, long address, KernelObject found) -> "opening " + tid + " " + address + " " + text(found);
            case Fact.OfPath(int tid, int dirFd, String path, KernelObject found) ->
                    "path " + tid + " " + dirFd + " " + path + " " + text(found);
            case Fact.OfSleep(ThreadSnapshot found, String function, long sinceNs) -> text(found) + function + " " + sinceNs;
            case Fact.OfSysvIpc(int id, KernelObject found) -> "sysv " + id + " " + text(found);
            case null, default -> String.valueOf(payload);
        };
    }

    @Test
    void aCommIsCarriedWholly() {
        RecordedFiles files = new RecordedFiles(directory);
        EventSink writer = files.writer(0);
        TraceEvent event = events.of(EventType.SCHED_PROCESS_EXIT);
        event.cpu = 0;
        event.comm0 = Comm.pack("fifteen chars ok", 0);
        event.comm1 = Comm.pack("fifteen chars ok", 8);
        writer.onEvent(event);
        writer.onEvent(events.end());
        assertTrue(Heard.of(directory).getFirst().contains(" fifteen chars o:"), "the kernel cuts at fifteen");
    }
}
