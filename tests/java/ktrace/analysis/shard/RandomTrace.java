package ktrace.analysis.shard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.system.family.Families;

/**
 * A trace without rhyme or reason: threads are born, work, wait, poll and end; a share of the events contradicts what came before.
 * Remembers from when to when each thread was there.
 */
public final class RandomTrace {
    static final String[] CALLS = {"read", "write", "poll", "epoll_wait", "futex", "nanosleep", "fsync", "wait4", "getppid",
            "rt_sigreturn", "exit_group", "clone", "openat", "restart_syscall", "select", "flock", "fcntl"};
    private static final char[] STATES = {'S', 'S', 'S', 'D', 'R', 'R', 'T'};

    public final Timeline timeline = new Timeline();
    public final Map<ThreadId, Long> endNs = new HashMap<>();
    public final List<ThreadId> all = new ArrayList<>();
    public long nowNs;
    private final Random random;
    private final List<ThreadId> live = new ArrayList<>();
    private final List<KernelObject> objects = new ArrayList<>();
    private final Map<ThreadId, String> inCall = new HashMap<>();
    private int tid = 10;

    public RandomTrace(long seed, int length) {
        random = new Random(seed);
        for (ObjectKind kind : Families.ALL.kinds()) {
            objects.add(Timeline.object(kind, kind.label()));
        }
        begin();
        for (int i = 0; i < length; i++) {
            if (random.nextInt(4) > 0) {
                nowNs += random.nextInt(100);
            }
            timeline.at(nowNs);
            step();
        }
        timeline.at(nowNs + random.nextInt(50)).end();
        nowNs = timeline.events.getLast().timeNs;
    }

    private void begin() {
        if (live.isEmpty() || random.nextInt(3) == 0) {
            tid++;
            ThreadId thread = timeline.thread(random.nextBoolean() || live.isEmpty() ? tid : any().process().tgid(), tid);
            live.add(thread);
            all.add(thread);
            switch (random.nextInt(4)) {
                case 0 -> timeline.threadState(thread, STATES[random.nextInt(STATES.length)],
                        random.nextBoolean() ? call() : "", object(), 3, random.nextInt(3));
                case 1 -> timeline.rename(thread, "t" + tid);
                default -> timeline.fork(any(), thread, random.nextBoolean() ? 0x4000 : 0, "t" + tid);
            }
        }
    }

    private void step() {
        ThreadId thread = any();
        int cpu = random.nextInt(3);
        switch (random.nextInt(30)) {
            case 0 -> begin();
            case 1 -> {
                if (live.size() > 1 && live.remove(thread)) {
                    if (random.nextBoolean()) {
                        timeline.exited(thread);
                    } else {
                        timeline.out(cpu, thread, 'Z');
                    }
                    endNs.put(thread, nowNs);
                }
            }
            case 2 -> timeline.interval();
            case 3 -> {
                if (random.nextInt(4) == 0) {
                    timeline.lost();
                }
            }
            case 4 -> timeline.migrate(thread);
            case 5 -> timeline.wakeupNew(thread);
            case 6 -> timeline.exec(thread, thread, "/bin/x");
            case 7 -> ended(cpu);
            case 8, 9, 10, 11 -> timeline.out(cpu, thread, STATES[random.nextInt(STATES.length)]);
            case 12, 13, 14 -> timeline.in(cpu, thread);
            case 15, 16 -> timeline.switched(cpu, thread, STATES[random.nextInt(STATES.length)], any());
            case 17, 18, 19 -> waking(thread);
            case 20, 21, 22, 23, 24 -> {
                String call = call();
                inCall.put(thread, call);
                timeline.enter(thread, call, object(), random.nextInt(3), random.nextInt(14));
            }
            default -> {
                String call = inCall.getOrDefault(thread, "read");
                timeline.exit(thread, random.nextInt(20) == 0 ? -1 : Timeline.SYSCALLS.number(call), random.nextInt(700) - 530);
            }
        }
    }

    /** What still comes of a thread after its end. */
    private void ended(int cpu) {
        if (!endNs.isEmpty()) {
            ThreadId thread = endNs.keySet().stream().min((a, b) -> Integer.compare(b.index(), a.index())).orElseThrow();
            timeline.out(cpu, thread, 'Z');
        }
    }

    private void waking(ThreadId thread) {
        Peer waker = random.nextInt(3) == 0 ? null : new Peer(500 + random.nextInt(3), "w");
        if (waker != null && random.nextInt(3) == 0) {
            timeline.wakingByGuess(thread, waker, objects.get(random.nextInt(objects.size())));
        } else {
            timeline.waking(thread, Evidence.values()[random.nextInt(4)], waker, e -> {
                e.object = object();
                if (waker != null && random.nextBoolean()) {
                    int tid = random.nextInt(3);
                    e.waker = new Waker(null, tid, "w" + tid, waker);
                }
            });
        }
    }

    private ThreadId any() {
        return live.isEmpty() ? null : live.get(random.nextInt(live.size()));
    }

    private String call() {
        return CALLS[random.nextInt(CALLS.length)];
    }

    private KernelObject object() {
        return random.nextBoolean() ? null : objects.get(random.nextInt(objects.size()));
    }

    /** So that wakers are threads that are observed themselves. */
    public static void nameWakers(RandomTrace trace) {
        for (TraceEvent event : trace.timeline.events) {
            if (event.type == EventType.SCHED_WAKING && event.evidence != Evidence.NONE && event.evidence != Evidence.INTERRUPT) {
                ThreadId waker = trace.all.get(Math.floorMod(event.timeNs, trace.all.size()));
                Peer peer = new Peer(waker.process().tgid(), "p");
                event.waker = new Waker(waker, waker.tid(), "t", peer);
            }
        }
    }
}
