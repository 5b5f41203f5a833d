package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.ShardSnapshot;
import ktrace.analysis.WaitSummary;
import ktrace.analysis.shard.ProcessShard;
import ktrace.ctf.read.CtfReader;
import ktrace.ctf.write.RecordedFiles;
import ktrace.event.EventSink;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.ObjectKind;
import ktrace.event.TraceCounters;
import ktrace.event.WindowFacts;
import ktrace.facts.ObjectSource;
import ktrace.facts.Questions;
import ktrace.linux.Errno;
import ktrace.pipeline.Replay;
import ktrace.system.family.Families;
import ktrace.system.family.Parrots;
import ktrace.system.ToldWait.Words;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kind of wait that {@link Parrots} and one line make known: it is waited for, ended, told, recorded and read back as others. */
class ParrotsTest {
    private static final int A = 100;
    private static final int B = 200;
    /** The line. */
    private static final FamilySet FAMILIES = Families.ALL.and(new Parrots());

    @TempDir
    private Path directory;

    private final Timeline line = new Timeline(Targets.processes(99_999, List.of(A, B)), FAMILIES, ObjectSource.nothing());

    private void begin(boolean scheduler) {
        line.event.number = scheduler ? 0 : 1;
        line.push(EventType.START, 0, -1, null);
        line.process(A, 1, "p100");
        line.process(B, 1, "p200");
        line.fd(A, 3, Parrots.PARROT, "parrot:[7]", 7, Timeline.O_RDWR);
        line.fd(B, 4, Parrots.PARROT, "parrot:[7]", 7, Timeline.O_RDWR);
    }

    private void listenAndTalk() {
        begin(true);
        line.blocks(A, "read", 3);
        line.enter(B, "getcpu", 4);
        line.wakes(B, A);
        line.exit(B, "getcpu", 0);
        line.exit(A, "read", 5);
    }

    @Test
    void whoTalksEndsTheWait() {
        begin(true);
        assertEquals("parrot:[7] | p200(200)", line.blocks(A, "read", 3));
        assertEquals(Parrots.PARROT, line.event.waitsFor);
        line.enter(B, "getppid");
        assertEquals("waker | p200(200) | - | p200(200)", line.wakes(B, A));
        line.enter(B, "getcpu", 4);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
    }

    @Test
    void andDoesSoWhereNoSchedulerIsSeen() {
        begin(false);
        line.enter(A, "read", 3);
        assertEquals(Parrots.PARROT, line.event.waitsFor);
        line.call(B, "getcpu", 0, 4);
        line.exit(A, "read", 5);
        assertEquals(Evidence.OBJECT, line.event.evidence);
        assertEquals(B, line.event.waker.pid());
    }

    @Test
    void itIsPolledAndWatchedAsOthersAre() {
        begin(true);
        line.blocks(A, "poll", 0x7000, 1, -1);
        line.enter(B, "getcpu", 4);
        assertEquals("object | p200(200) | parrot:[7]? | p200(200)", line.wakes(B, A));
        line.exit(B, "getcpu", 0);
        line.exit(A, "poll", 1);
        line.call(A, "epoll_create1", 9, 0);
        line.call(A, "epoll_ctl", 0, 9, 1, 3);
        line.blocks(A, "epoll_wait", 9);
        line.enter(B, "getcpu", 4);
        assertEquals("object | p200(200) | parrot:[7] | p200(200)", line.wakes(B, A));
    }

    @Test
    void itHasItsWords() {
        assertEquals(new Words("for", "parrot:[7]", " to speak"), FAMILIES.words(Parrots.PARROT, "read", "parrot:[7]"));
        assertEquals(new Words("for a parrot to speak", "", ""), FAMILIES.words(Parrots.PARROT, "read", "parrot"));
        assertEquals(new Words("in poll for", "parrot:[7]", ""), FAMILIES.words(Parrots.PARROT, "poll", "parrot:[7]"));
        assertEquals("5 parrots", FAMILIES.many(5, Parrots.PARROT));
    }

    @Test
    void itIsRecordedAndReadBack() {
        EventSink writer = new RecordedFiles(directory).writer(0);
        line.reader = writer;
        listenAndTalk();
        line.push(EventType.END, 0, -1, new WindowFacts(0, 1, 1, Map.of()));
        WaitSummary wait = waitInRead(FAMILIES);
        assertEquals(Parrots.PARROT, wait.kind());
        assertEquals("parrot:[7]", wait.object());
        assertEquals(Evidence.OBJECT, wait.evidence());
        assertEquals(B, wait.waker().pid());
        assertEquals(ObjectKind.OTHER, waitInRead(Families.ALL).kind(), "who does not know it yet");
    }

    private WaitSummary waitInRead(FamilySet families) {
        List<ShardSnapshot> snapshots = new ArrayList<>();
        try (CtfReader trace = CtfReader.open(directory, families)) {
            SystemTracker tracker = new SystemTracker(Targets.processes(99_999, List.of(A, B)), families, Questions.unheard(),
                    trace.syscalls()::find, new TraceCounters());
            ProcessShard shard = new ProcessShard(trace.syscalls()::name, Errno::name, new TraceCounters(), snapshots::add);
            new Replay(trace, tracker, List.of(shard)).run();
        }
        ProcessSummary listener = snapshots.getLast().soFar().stream().filter(p -> p.pid() == A).findFirst().orElseThrow();
        return listener.waits().stream().filter(wait -> "read".equals(wait.syscall())).findFirst().orElseThrow();
    }
}
