package ktrace.ctf.write;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ktrace.event.EventType;
import ktrace.event.Fact;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.event.WindowFacts;
import ktrace.linux.SyscallTable;

/** Events with any values that a trace can carry, on CPUs 0, 1 and 5; the first event is START. */
final class RandomEvents {
    /** In this order: the golden trace is drawn from it. */
    private static final List<ObjectKind> KINDS = List.of(ObjectKind.PIPE, ObjectKind.FIFO, ObjectKind.UNIX, ObjectKind.TCP,
            ObjectKind.UDP, ObjectKind.NETLINK, ObjectKind.EVENTFD, ObjectKind.SIGNALFD, ObjectKind.TIMERFD, ObjectKind.FUTEX,
            ObjectKind.SYSVMSG, ObjectKind.SYSVSEM, ObjectKind.MQUEUE, ObjectKind.CHILD, ObjectKind.SIGNAL, ObjectKind.FILELOCK,
            ObjectKind.POLL, ObjectKind.INOTIFY, ObjectKind.TTY, ObjectKind.DISK, ObjectKind.SLEEP, ObjectKind.OTHER);
    private static final String[] NAMES = {"", "a", "postgres: writer", "日本", "/tmp/a b\n\"c\\", "pipe:[81234]"};

    /** Between START and END; signals are not recorded. */
    private static final EventType[] RECORDED = Arrays.stream(EventType.values()).filter(type -> type != EventType.START
            && type != EventType.SIGNAL_DELIVER && type != EventType.END).toArray(EventType[]::new);

    private final Random random;
    private final SyscallTable calls = SyscallTable.current();
    private long timeNs = 1_000_000_000L;
    private boolean started;

    RandomEvents(long seed) {
        random = new Random(seed);
    }

    long nextTimeNs() {
        return timeNs++;
    }

    TraceEvent next() {
        EventType type = started ? RECORDED[random.nextInt(RECORDED.length)] : EventType.START;
        started = true;
        return of(type);
    }

    TraceEvent end() {
        return of(EventType.END);
    }

    TraceEvent of(EventType type) {
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
                event.arg4 = random.nextInt(4) == 0 ? random.nextLong() : 0;
                event.payload = event.arg4 == 0 ? payload(type) : null;
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
            case INET_SOCK_SET_STATE -> {
                event.number = random.nextInt(13);
                event.result = random.nextInt(13);
                event.arg0 = random.nextLong();
                event.arg1 = random.nextInt() & 0xffffffffL;
                event.arg2 = random.nextLong();
                event.arg3 = random.nextLong();
                event.arg4 = random.nextLong();
                event.arg5 = random.nextLong();
                event.contextFlags = random.nextInt(256);
            }
            case SCHED_PROCESS_EXEC -> event.payload = name();
            case SCHED_PROCESS_EXIT -> {
                event.arg0 = random.nextInt();
                event.arg1 = event.arg0 & 1;
            }
            case EVENTS_LOST -> event.number = random.nextLong(1 << 30);
            case RING_CREATE -> ring(event, random.nextInt(), random.nextInt() & 0xffffffffL);
            case RING_SUBMIT -> ring(event, random.nextInt(256), random.nextLong());
            case RING_FILE -> ring(event, random.nextInt(), random.nextLong());
            case RING_READY -> {
                ring(event, 0, random.nextLong());
                event.contextFlags = random.nextInt(256);
            }
            case RING_COMPLETE -> {
                ring(event, random.nextInt() & 0xffffffffL, random.nextLong());
                event.result = random.nextInt();
                event.contextFlags = random.nextInt(256);
            }
            case RING_WAIT -> ring(event, 0, 0);
            case LOCK_CONTENDED -> ring(event, random.nextInt() & 0xffffffffL, 0);
            case WORK_QUEUED -> {
                ring(event, 0, 0);
                event.contextFlags = random.nextInt(256);
            }
            case WORK_STARTED, PAGE_FAULTED -> ring(event, 0, 0);
            case START, PROCESS_STATE, THREAD_STATE, FD_STATE, FACT, INTERVAL, END -> {
                event.cpu = -1;
                event.payload = payload(type);
            }
        }
        return event;
    }

    private void ring(TraceEvent event, long number, long second) {
        event.number = number;
        event.arg0 = random.nextLong();
        event.arg1 = second;
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
            case THREAD_STATE -> thread();
            case FD_STATE -> fd();
            case FACT -> fact();
            case SCHED_WAKING, SCHED_SWITCH -> random.nextInt(3) > 0 ? null : new Waker.InCall(random.nextInt(), random.nextLong(),
                    random.nextLong(), random.nextLong(), random.nextInt());
            case INTERVAL -> new WindowFacts(random.nextLong(), random.nextLong(), random.nextLong(),
                    Map.of(TraceCounter.LOST_EVENTS, random.nextLong(1L << 60), TraceCounter.values()[random.nextInt(5, 20)], 1L));
            case END -> new WindowFacts(random.nextLong(), random.nextLong(), random.nextLong(), Map.of());
            default -> null;
        };
    }

    private Fact fact() {
        return switch (random.nextInt(12)) {
            case 11 -> new Fact.OfCollector(name(), random.nextLong(), random.nextLong());
            case 9 -> new Fact.OfSteal(random.nextInt(), random.nextLong());
            case 8 -> new Fact.Submitted(random.nextInt(), random.nextLong(), random.nextLong(), random.nextInt(),
                    random.nextInt());
            case 0 -> new Fact.OfDescriptor(random.nextInt(), random.nextInt(), null);
            case 1 -> {
                FdSnapshot fd = fd();
                yield new Fact.OfDescriptor(fd.tgid(), fd.fd(), fd);
            }
            case 2 -> new Fact.Held(fd());
            case 3 -> new Fact.TableTold(random.nextInt());
            case 4 -> new Fact.OfThread(random.nextInt(), process());
            case 5 -> new Fact.OfAddress(random.nextInt(), random.nextLong(), new MappingSnapshot(random.nextLong(),
                    random.nextLong(), random.nextBoolean(), random.nextInt(), random.nextLong(), random.nextLong(), name()));
            case 6 -> new Fact.OfOpening(random.nextInt(), random.nextLong(), object());
            case 7 -> new Fact.OfSleep(thread(), name(), random.nextLong());
            default -> {
                int number = random.nextInt();
                KernelObject object = object();
                yield switch (Math.floorMod(number, 8)) {
                    case 0 -> new Fact.OfQuota(number, object.name(), object.key());
                    case 1 -> new Fact.OfAffinity(number, object.name(), object.key());
                    case 2 -> new Fact.HeldBy(number, object.key(), random.nextInt(), random.nextInt(), object.name(), name(),
                            random.nextBoolean());
                    case 3 -> new Fact.Polled(number, object.key(), (number & 4) != 0, List.of(number, 7));
                    case 4 -> new Fact.OfWatch(number, random.nextBoolean());
                    case 5 -> new Fact.OfPath(number, random.nextInt(), name(), object);
                    case 6 -> new Fact.AtPath(number, random.nextLong(), name());
                    default -> new Fact.OfSysvIpc(number, object);
                };
            }
        };
    }

    private ThreadSnapshot thread() {
        return new ThreadSnapshot(random.nextInt(), random.nextInt(), "kworker/0:1", "RSDTtZXIF".charAt(random.nextInt(9)),
                random.nextInt(-2, 400), random.longs(random.nextInt(7)).toArray());
    }

    private ProcessSnapshot process() {
        int tgid = random.nextInt();
        return new ProcessSnapshot(tgid, random.nextInt(), name(), name().repeat(random.nextInt(100)), tgid / 2, tgid % 2 != 0);
    }

    private FdSnapshot fd() {
        return new FdSnapshot(random.nextInt(), random.nextInt(), object(), random.nextInt(), random.nextLong(),
                random.ints(random.nextInt(5)).boxed().toList());
    }

    private KernelObject object() {
        return new KernelObject(KINDS.get(random.nextInt(KINDS.size())), name(), random.nextLong());
    }
}
