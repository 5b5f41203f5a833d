package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import ktrace.event.EventType;
import ktrace.event.Fact;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.facts.ObjectSource;
import ktrace.facts.Question;
import ktrace.facts.Questions;
import ktrace.system.family.Families;
import ktrace.system.objects.EpollSet;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.Holding;
import ktrace.system.objects.Membership;
import ktrace.system.objects.SharedFile;
import ktrace.system.objects.TrackedObject;
import org.junit.jupiter.api.Test;

/**
 * Whatever comes, in whatever order: the tracker does not throw, and the same stream with the same answers gives the same stamps.
 */
class AnyStreamTest {
    private static final int EVENTS = 200_000;
    private static final EventType[] TYPES = EventType.values();
    private static final List<ObjectKind> KINDS = Families.ALL.kinds();

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
        public List<FdSnapshot> holders(List<KernelObject> objects) {
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
        public KernelObject atPath(int tgid, int dirFd, String path) {
            return opening(tgid, dirFd, 0);
        }

        @Override
        public Quota quota(int tgid) {
            return random.nextInt(3) == 0 ? Quota.NONE : new Quota("/g" + random.nextInt(3), random.nextInt(1_000_000_000));
        }

        @Override
        public Affinity affinity(int tgid, int tid) {
            return random.nextInt(3) == 0 ? Affinity.ALL : new Affinity("" + random.nextInt(3), random.nextInt(1_000_000_000));
        }

        @Override
        public Sleeper sleeper(int tgid, int tid) {
            return random.nextBoolean() ? null : new Sleeper(new ThreadSnapshot(tid, tgid, "c" + tid, "SDF".charAt(random.nextInt(3)),
                    random.nextInt(400) - 2, new long[] {random.nextInt(20), 0, 0, 0, 0, 0}), random.nextBoolean() ? "" : "de_thread");
        }

        @Override
        public Polled polled(Question.OfPolled question) {
            return random.nextInt(3) == 0 ? null
                    : new Polled(random.nextBoolean(), List.of(random.nextInt(20), random.nextInt(20)));
        }

        @Override
        public KernelObject sysvIpc(ObjectKind kind, int id) {
            return random.nextBoolean() ? null : new KernelObject(kind, kind.label() + id, id);
        }
    }

    private static FdSnapshot anyFd(Random random, int tgid, int fd) {
        ObjectKind kind = KINDS.get(random.nextInt(KINDS.size()));
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
            case 4 -> switch (random.nextInt(3)) {
                case 0 -> new Fact.OfWatch(random.nextInt(30), random.nextInt(4) > 0);
                case 1 -> new Fact.AtPath(random.nextInt(30), small(random), "/d" + random.nextInt(4));
                default -> new Waker.InCall(random.nextInt(400), small(random), small(random), random.nextInt(12),
                        random.nextInt(0xffff));
            };
            default -> null;
        };
    }

    private static long small(Random random) {
        return random.nextInt(10) == 0 ? random.nextLong() : random.nextInt(16);
    }

    private static String stamps(TraceEvent e) {
        return e.thread + " " + e.otherThread + " " + (e.object == null ? null : e.object.kind() + e.object.name()) + " " + e.waker
                + " "
                + e.evidence + " " + e.peers + " " + e.objectToBeConfirmed
                + (e.quotaOf == null ? "" : " " + e.quotaOf.name() + " " + e.heldBackNs)
                + (e.pinnedTo == null ? "" : " " + e.pinnedTo.name() + " " + e.idleElsewhereNs);
    }

    /** Any events, with answers that come at any time between them, or never. */
    private static List<TraceEvent> live(long seed, Targets targets, List<String> stamps) {
        List<TraceEvent> stream = new ArrayList<>();
        List<Fact> answers = new ArrayList<>();
        Random random = new Random(seed);
        Chaos chaos = new Chaos(seed + 1);
        SystemTracker tracker = new SystemTracker(targets, Families.ALL, (question, urgency) -> {
            boolean taken = random.nextInt(5) > 0;
            if (taken) {
                answers.addAll(question.answer(chaos));
            }
            return taken;
        }, Timeline.TABLE::find, new TraceCounters());
        TraceEvent event = new TraceEvent();
        for (int i = 0; i < EVENTS; i++) {
            any(random, event);
            if (tracker.asksBefore(event) || random.nextInt(4) == 0) {
                for (int n = random.nextInt(3); n > 0 && !answers.isEmpty(); n--) {
                    TraceEvent fact = new TraceEvent();
                    fact.become(EventType.FACT, event.timeNs, answers.remove(random.nextInt(answers.size())));
                    seen(tracker, fact, stream, stamps);
                }
            }
            seen(tracker, event, stream, stamps);
        }
        return stream;
    }

    private static void seen(SystemTracker tracker, TraceEvent event, List<TraceEvent> stream, List<String> stamps) {
        TraceEvent copy = new TraceEvent();
        copy.copyFrom(event);
        copy.payload = written(event.payload);
        stream.add(copy);
        tracker.onEvent(event);
        stamps.add(stamps(event));
    }

    /** As a trace has it: an object learns what it is called later, and a trace holds what was known when it was written. */
    private static Object written(Object payload) {
        return switch (payload) {
            case FdSnapshot fd -> written(fd);
            case Fact.OfDescriptor(int tgid, int fd, FdSnapshot found) ->
                    new Fact.OfDescriptor(tgid, fd, found == null ? null : written(found));
            case Fact.Held(FdSnapshot found) -> new Fact.Held(written(found));
            case Fact.OfOpening(int tid, long address, KernelObject found) -> new Fact.OfOpening(tid, address, written(found));
            case Fact.OfPath(int tid, int dirFd, String path, KernelObject found) ->
                    new Fact.OfPath(tid, dirFd, path, written(found));
            case Fact.OfSysvIpc(int id, KernelObject found) -> new Fact.OfSysvIpc(id, written(found));
            case null, default -> payload;
        };
    }

    private static FdSnapshot written(FdSnapshot fd) {
        return new FdSnapshot(fd.tgid(), fd.fd(), written(fd.object()), fd.flags(), fd.peerKey(), fd.watched());
    }

    private static KernelObject written(KernelObject object) {
        return new KernelObject(object.kind(), object.name(), object.key());
    }

    /** What was asked, and when, whether it was heard, and whether somebody was held up for it: all of it leaves no trace. */
    @Test
    void aReplayThatAsksNobodyGivesTheStampsOfTheRecording() {
        for (Targets targets : List.of(Targets.everything(29), Targets.processes(29, List.of(1, 2, 3)),
                Targets.processes(29, List.of(1, 2, 3)).withoutChildren())) {
            List<String> live = new ArrayList<>();
            List<TraceEvent> stream = live(7, targets, live);
            SystemTracker tracker = new SystemTracker(targets, Families.ALL, Questions.unheard(), Timeline.TABLE::find,
                    new TraceCounters());
            TraceEvent event = new TraceEvent();
            for (int i = 0; i < stream.size(); i++) {
                TraceEvent recorded = stream.get(i);
                event.copyFrom(recorded);
                tracker.onEvent(event);
                assertEquals(live.get(i), stamps(event), "event " + i + " " + event.type);
            }
            assertTrue(live.stream().distinct().count() > 1000);
        }
    }

    /** Whatever came before, in whatever order: when the last has ended nothing that was theirs is left. */
    @Test
    void whenEverybodyHasEndedNothingIsLeft() {
        SystemTracker tracker = new SystemTracker(Targets.everything(29), Families.ALL, Questions.unheard(), Timeline.TABLE::find,
                new TraceCounters());
        Census before = Census.take();
        for (int seed = 0; seed < 10; seed++) {
            List<TraceEvent> stream = live(seed, Targets.everything(29), new ArrayList<>());
            TraceEvent event = new TraceEvent();
            for (TraceEvent recorded : stream) {
                event.copyFrom(recorded);
                tracker.onEvent(event);
            }
            for (int tid = -1; tid < 40; tid++) {
                ends(tracker, event, tid);
            }
        }
        Census after = Census.take();
        for (Class<?> type : List.of(Holding.class, Membership.class, EpollSet.class, SharedFile.class, MappingSnapshot.class)) {
            assertEquals(before.of(type), after.of(type), type.getSimpleName());
        }
        // The FIFOs that are remembered, of which there are no more than a dozen with an other end each, and the last who ended.
        for (Class<?> type : List.of(TrackedObject.class, ThreadEntry.class, ProcessEntry.class, FdTable.class)) {
            assertTrue(after.of(type) <= before.of(type) + 24 + 64, () -> after.of(type) + " " + type.getSimpleName());
        }
        assertEquals(List.of(), tracker.observed());
    }

    /** Twice: whoever is named by two, as a process and as another's thread, ends with both. */
    private static void ends(SystemTracker tracker, TraceEvent event, int tid) {
        for (int i = 0; i < 2; i++) {
            event.become(EventType.SCHED_PROCESS_EXIT, event.timeNs, null);
            event.tid = tid;
            event.tgid = tid;
            event.arg1 = TraceEvent.LAST_OF_PROCESS;
            tracker.onEvent(event);
            event.become(EventType.SCHED_SWITCH, event.timeNs, null);
            event.tid = tid;
            event.tgid = tid;
            event.number = 0x20;
            event.otherTid = 0;
            tracker.onEvent(event);
        }
    }
}
