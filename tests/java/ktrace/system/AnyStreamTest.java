package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import ktrace.event.EventType;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.facts.Discovery;
import ktrace.facts.ObjectSource;
import ktrace.facts.RecordedSource;
import ktrace.facts.RecordingSource;
import org.junit.jupiter.api.Test;

/**
 * Whatever comes, in whatever order: the tracker does not throw, and the same stream with the same answers gives the same stamps.
 */
class AnyStreamTest {
    private static final int EVENTS = 200_000;
    private static final EventType[] TYPES = EventType.values();
    private static final ObjectKind[] KINDS = ObjectKind.values();

    /** Answers at random, as a machine would on which everything changes all the time. */
    private static final class Chaos implements ObjectSource {
        private final Random random;

        Chaos(long seed) {
            random = new Random(seed);
        }

        @Override
        public FdSnapshot fd(int tgid, int fd) {
            return random.nextInt(3) == 0 ? null : anyFd(random, tgid, fd);
        }

        @Override
        public List<FdSnapshot> fds(int tgid) {
            List<FdSnapshot> all = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                all.add(anyFd(random, tgid, random.nextInt(20)));
            }
            return all;
        }

        @Override
        public List<FdSnapshot> holders(KernelObject object) {
            return fds(random.nextInt(30));
        }

        @Override
        public ProcessSnapshot process(int tid) {
            return random.nextBoolean() ? null : new ProcessSnapshot(tid, random.nextInt(30), "c" + tid, "");
        }

        @Override
        public MappingSnapshot mapping(int tgid, long address) {
            long page = address & ~0xfffL;
            return random.nextBoolean() ? null
                    : new MappingSnapshot(page, page + 0x1000, random.nextBoolean(), 1, random.nextInt(3), 0, "/shm");
        }

        @Override
        public KernelObject opening(int tgid, int dirFd, long pathAddress) {
            return random.nextBoolean() ? null : new KernelObject(ObjectKind.FIFO, "/fifo", random.nextInt(9));
        }

        @Override
        public KernelObject sysvIpc(ObjectKind kind, int id) {
            return random.nextBoolean() ? null : new KernelObject(kind, kind.label() + id, id);
        }
    }

    private static FdSnapshot anyFd(Random random, int tgid, int fd) {
        ObjectKind kind = KINDS[random.nextInt(KINDS.length)];
        long key = random.nextInt(12);
        String name = kind == ObjectKind.TCP && random.nextBoolean()
                ? "tcp 127.0.0.1:" + random.nextInt(3) + "→127.0.0.1:" + random.nextInt(3)
                : kind.label() + ":[" + key + "]";
        return new FdSnapshot(tgid, fd, new KernelObject(kind, name, key), random.nextInt(4) | random.nextInt(2) * 0x80000,
                random.nextInt(15) - 2, random.nextInt(8) == 0 ? List.of(random.nextInt(20), random.nextInt(20)) : List.of());
    }

    private static void any(Random random, TraceEvent event) {
        event.type = TYPES[random.nextInt(TYPES.length)];
        event.timeNs += random.nextInt(2_000_000);
        event.cpu = random.nextInt(50) == 0 ? random.nextInt() : random.nextInt(3);
        event.tid = random.nextInt(30);
        event.tgid = random.nextInt(4) == 0 ? random.nextInt(32) - 1 : event.tid;
        event.contextFlags = random.nextInt(4) == 0 ? random.nextInt(0x40) : 0;
        event.otherTid = random.nextInt(30);
        event.number = switch (event.type) {
            case SYS_ENTER, SYS_EXIT -> random.nextInt(20) == 0 ? random.nextLong() : random.nextInt(480);
            case TASK_NEWTASK -> random.nextInt(3) * 0x10000L | random.nextInt(2) * 0x400L;
            default -> random.nextInt(0x200);
        };
        event.arg0 = small(random);
        event.arg1 = small(random);
        event.arg2 = small(random);
        event.arg3 = small(random);
        event.arg4 = small(random);
        event.arg5 = small(random);
        event.result = random.nextInt(6) == 0 ? random.nextLong() : random.nextInt(24) - 4;
        event.comm0 = random.nextLong();
        event.comm1 = random.nextLong();
        event.payload = switch (random.nextInt(6)) {
            case 0 -> anyFd(random, random.nextInt(30), random.nextInt(20));
            case 1 -> new ProcessSnapshot(random.nextInt(30), random.nextInt(30), "x", "x y");
            case 2 -> new ThreadSnapshot(random.nextInt(30), random.nextInt(30), "x", "RSDZ".charAt(random.nextInt(4)),
                    random.nextInt(500) - 2, new long[random.nextInt(8)]);
            case 3 -> "/bin/x";
            default -> null;
        };
    }

    private static long small(Random random) {
        return random.nextInt(10) == 0 ? random.nextLong() : random.nextInt(16);
    }

    private static String stamps(TraceEvent e) {
        return e.thread + " " + e.otherThread + " " + (e.object == null ? null : e.object.kind() + e.object.name()) + " " + e.waker
                + " "
                + e.evidence + " " + e.peers + " " + e.objectToBeConfirmed;
    }

    private static List<String> run(long seed, Targets targets, ObjectSource source) {
        List<String> stamps = new ArrayList<>();
        SystemTracker tracker = new SystemTracker(targets, source, Timeline.TABLE::find, new TraceCounters());
        Random random = new Random(seed);
        TraceEvent event = new TraceEvent();
        for (int i = 0; i < EVENTS; i++) {
            any(random, event);
            tracker.onEvent(event);
            stamps.add(stamps(event));
        }
        return stamps;
    }

    /** As a trace has it: an object learns what it is called later, and a trace holds what was known when it was written. */
    private static Discovery written(Discovery discovery) {
        Object answer = switch (discovery.answer()) {
            case FdSnapshot fd -> written(fd);
            case List<?> list -> list.stream().map(fd -> written((FdSnapshot) fd)).toList();
            case KernelObject object -> written(object);
            case null, default -> discovery.answer();
        };
        return new Discovery(discovery.question(), discovery.number(), discovery.detail(), answer);
    }

    private static FdSnapshot written(FdSnapshot fd) {
        return new FdSnapshot(fd.tgid(), fd.fd(), written(fd.object()), fd.flags(), fd.peerKey(), fd.watched());
    }

    private static KernelObject written(KernelObject object) {
        return new KernelObject(object.kind(), object.name(), object.key());
    }

    @Test
    void aReplayGivesTheStampsOfTheRecording() {
        for (Targets targets : List.of(Targets.everything(29), Targets.processes(29, List.of(1, 2, 3)),
                Targets.processes(29, List.of(1, 2, 3)).withoutChildren())) {
            List<Discovery> discoveries = new ArrayList<>();
            List<String> live = run(7, targets, new RecordingSource(new Chaos(8), d -> discoveries.add(written((Discovery) d))));
            TraceCounters unanswered = new TraceCounters();
            RecordedSource recorded = new RecordedSource(discoveries.iterator(), unanswered);
            List<String> replayed = run(7, targets, recorded);
            assertEquals(0, unanswered.get(TraceCounter.UNANSWERED));
            for (int i = 0; i < EVENTS; i++) {
                assertEquals(live.get(i), replayed.get(i), "event " + i);
            }
            assertTrue(live.stream().distinct().count() > 1000);
        }
    }

    private static Discovery process(int tid) {
        return new Discovery(Discovery.Question.PROCESS, tid, 0, new ProcessSnapshot(tid, 1, "c" + tid, "x"));
    }

    @Test
    void aRecordingHasNoAnswerToAnotherQuestion() {
        TraceCounters counters = new TraceCounters();
        RecordedSource recorded = new RecordedSource(List.of(process(5)).iterator(), counters);
        assertEquals(null, recorded.process(6));
        assertEquals(1, counters.get(TraceCounter.UNANSWERED));
        assertEquals("c5", recorded.process(5).comm());
        assertEquals(null, recorded.process(5));
    }

    /** Who lacks the begin of a trace asks more, and not all that was asked; what both ask is answered. */
    @Test
    void aReplayThatKnowsLessFindsItsAnswersAhead() {
        TraceCounters counters = new TraceCounters();
        RecordedSource recorded = new RecordedSource(IntStream.range(0, 1000).mapToObj(AnyStreamTest::process).iterator(),
                counters);
        for (int tid = 0; tid < 1000; tid += 10) {
            assertEquals(null, recorded.process(5000 + tid));
            assertEquals("c" + tid, recorded.process(tid).comm());
        }
        assertEquals(null, recorded.process(3), "asked too late");
        assertEquals(101, counters.get(TraceCounter.UNANSWERED));
    }

    /** Questions that nobody asks again do not block those behind them for ever. */
    @Test
    void aRecordingOfOtherQuestionsIsPassedOver() {
        RecordedSource recorded = new RecordedSource(IntStream.range(0, 200).mapToObj(AnyStreamTest::process).iterator(),
                new TraceCounters());
        for (int i = 0; i < 200; i++) {
            recorded.process(9999);
        }
        assertEquals("c199", recorded.process(199).comm());
    }
}
