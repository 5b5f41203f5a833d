package ktrace.ctf.write;

import java.util.Arrays;
import ktrace.event.Comm;
import ktrace.event.EventType;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceEvent;

/**
 * The switches that nobody recorded, told for other readers: they take who is on a CPU from its last sched_switch, and give a call
 * to the wrong thread where another one turns out to be at work there. Such a switch says no more than the event behind it shows:
 * that by then the CPU had gone from the one to the other. ktrace's own reader passes it over.
 *
 * <p>One thread; allocates nothing per event.
 */
final class InferredSwitches {
    /** No switch of the CPU was told of: then nothing is wrong, either. */
    private static final int UNKNOWN = -1;
    /** Of so many threads, by the last digits of their numbers, names are known. */
    private static final int NAMES = 4096;
    /** The idle task runs where nobody else is ready. */
    private static final int SLEEPS = 1;
    private static final int USUAL_PRIORITY = 120;

    private final int[] running;
    /** Behind those of threads stand those of the idle tasks, by CPU. */
    private final int[] tids;
    private final long[] comm0;
    private final long[] comm1;
    private final int[] priorities;
    private final TraceEvent inferred = new TraceEvent();
    private long count;

    /** @param cpus numbers beyond the last one are none */
    InferredSwitches(int cpus) {
        running = new int[cpus];
        Arrays.fill(running, UNKNOWN);
        tids = new int[NAMES + cpus];
        comm0 = new long[NAMES + cpus];
        comm1 = new long[NAMES + cpus];
        priorities = new int[NAMES + cpus];
        for (int cpu = 0; cpu < cpus; cpu++) {
            comm0[NAMES + cpu] = Comm.pack("swapper/" + cpu, 0);
            comm1[NAMES + cpu] = Comm.pack("swapper/" + cpu, Long.BYTES);
            priorities[NAMES + cpu] = USUAL_PRIORITY;
        }
    }

    /**
     * Takes note of an event that is about to be written.
     *
     * @return the switch to be written before it, to be read before the next event; null: none is missing, or of what is it is not
     *     known how the thread is called
     */
    TraceEvent before(TraceEvent event) {
        if (event.cpu < 0 || event.cpu >= running.length) {
            learn(event);
            return null;
        }
        boolean isMissing = running[event.cpu] != UNKNOWN && isInContext(event) && event.tid != running[event.cpu]
                && infer(event, running[event.cpu]);
        if (event.type == EventType.SCHED_SWITCH) {
            running[event.cpu] = event.otherTid;
        } else if (isMissing) {
            running[event.cpu] = event.tid;
        }
        learn(event);
        return isMissing ? inferred : null;
    }

    /**
     * Takes note of a switch that was not told as it happened, and is to be written at its own time; gives whether who comes by it has not
     * been found at work on that CPU before.
     */
    boolean isNews(TraceEvent late) {
        learn(late);
        if (late.cpu < 0 || late.cpu >= running.length || running[late.cpu] == late.otherTid) {
            return false;
        }
        running[late.cpu] = late.otherTid;
        count++;
        return true;
    }

    /** Whether {@link TraceEvent#tid} is who was at work on the CPU. */
    private boolean isInContext(TraceEvent event) {
        return switch (event.type) {
            case SCHED_PROCESS_EXEC -> {
                // Who has taken the number of its process's first thread is the same as before.
                if (running[event.cpu] == event.otherTid) {
                    running[event.cpu] = event.tid;
                }
                yield true;
            }
            case SYS_ENTER, SYS_EXIT, SCHED_SWITCH, SCHED_WAKING, SCHED_WAKEUP_NEW, SCHED_MIGRATE_TASK, TASK_NEWTASK,
                    SCHED_PROCESS_EXIT, INET_SOCK_SET_STATE, RING_CREATE, RING_SUBMIT, RING_FILE, RING_READY, RING_COMPLETE,
                    RING_WAIT, LOCK_CONTENDED, WORK_QUEUED, WORK_STARTED, PAGE_FAULTED -> true;
            case TASK_RENAME, SIGNAL_DELIVER, EVENTS_LOST, THREAD_STATE, FD_STATE, PROCESS_STATE, FACT, START, INTERVAL, END ->
                    false;
        };
    }

    private boolean infer(TraceEvent event, int before) {
        if (event.type == EventType.SCHED_SWITCH) {
            name(event.tid, event.arg0, event.arg1, event.arg2);
        }
        int from = place(before, event.cpu);
        int to = place(event.tid, event.cpu);
        if (!isNamed(before, from) || !isNamed(event.tid, to)) {
            return false;
        }
        inferred.become(EventType.SCHED_SWITCH, event.timeNs, null);
        inferred.cpu = event.cpu;
        inferred.tid = before;
        inferred.tgid = UNKNOWN;
        inferred.arg0 = comm0[from];
        inferred.arg1 = comm1[from];
        inferred.arg2 = priorities[from];
        inferred.number = event.tid == 0 ? SLEEPS : 0;
        inferred.otherTid = event.tid;
        inferred.comm0 = comm0[to];
        inferred.comm1 = comm1[to];
        inferred.arg3 = priorities[to];
        count++;
        return true;
    }

    private void learn(TraceEvent event) {
        switch (event.type) {
            case SCHED_SWITCH -> {
                name(event.tid, event.arg0, event.arg1, event.arg2);
                name(event.otherTid, event.comm0, event.comm1, event.arg3);
            }
            case SCHED_WAKING, SCHED_WAKEUP_NEW -> name(event.otherTid, event.comm0, event.comm1, event.arg1);
            case TASK_NEWTASK -> name(event.otherTid, event.comm0, event.comm1, USUAL_PRIORITY);
            case TASK_RENAME -> name(event.tid, event.comm0, event.comm1,
                    isNamed(event.tid, event.tid & NAMES - 1) ? priorities[event.tid & NAMES - 1] : USUAL_PRIORITY);
            case THREAD_STATE -> {
                if (event.payload instanceof ThreadSnapshot thread) {
                    name(thread.tid(), Comm.pack(thread.comm(), 0), Comm.pack(thread.comm(), Long.BYTES), USUAL_PRIORITY);
                }
            }
            default -> { }
        }
    }

    private void name(int tid, long first, long second, long priority) {
        if (tid == 0) {
            return;
        }
        int place = tid & NAMES - 1;
        tids[place] = tid;
        comm0[place] = first;
        comm1[place] = second;
        priorities[place] = (int) priority;
    }

    private static int place(int tid, int cpu) {
        return tid == 0 ? NAMES + cpu : tid & NAMES - 1;
    }

    private boolean isNamed(int tid, int place) {
        return tids[place] == tid && comm0[place] != 0;
    }

    /** How many there were. */
    long count() {
        return count;
    }
}
