package ktrace.perf;

import ktrace.event.Comm;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import ktrace.linux.FileDescriptor;
import ktrace.linux.Syscalls;
import ktrace.linux.uapi.Uapi;

/**
 * The switches of one CPU of which the tracepoint makes no record. On some virtual machines no event of perf is recorded while
 * certain tasks are current, among them the idle task of some CPUs: of a thread that sleeps 200 times alone on such a one
 * sched_switch has 200 switches out and none in (Linux 6.18). The kernel has other records of context switches, which a dummy
 * event asks for (PERF_RECORD_SWITCH_CPU_WIDE); half of them are written by who comes:
 *
 * <pre>
 *   sched_switch              T → idle                  (idle → T)
 *   records of the dummy                T goes, idle                 T comes, from idle
 *                                                       └ missing    └ is taken for it, a moment later
 * </pre>
 *
 * They come twice for each switch, so they are asked for only until the tracepoint has told of a switch from idle, and not for ever
 * on a CPU that is never idle; but for ever where a switch was found missing. The poller's thread, after those that open it.
 */
final class MissedSwitches {
    /** After so many switches none of which was from idle, it is waited until one is found missing. */
    private static final int PATIENCE = 10_000;
    /** Until something is known of the CPU, and after a loss. */
    private static final int UNKNOWN = -1;
    private final ThreadNames names;
    private final long idleComm0;
    private final long idleComm1;
    private final FileDescriptor dummy;
    private boolean enabled;
    private int running = UNKNOWN;
    private boolean recorded;
    private boolean missing;
    private int switches;

    /**
     * @param names of all CPUs
     * @param dummy the event that has the records, disabled; null when there is none
     */
    MissedSwitches(int cpu, ThreadNames names, FileDescriptor dummy) {
        this.names = names;
        this.dummy = dummy;
        String idle = "swapper/" + cpu;
        idleComm0 = Comm.pack(idle, 0);
        idleComm1 = Comm.pack(idle, Long.BYTES);
    }

    /** Asks for the records of switches, or no longer, by what has been seen until now. */
    void adjust() {
        boolean wanted = areWanted();
        if (dummy != null && wanted != enabled) {
            Syscalls.ioctl(dummy, wanted ? Uapi.PERF_EVENT_IOC_ENABLE() : Uapi.PERF_EVENT_IOC_DISABLE(), 0,
                    "change the records of context switches");
            enabled = wanted;
            names.wanted(wanted);
        }
    }

    /** Whether the records of switches tell what the tracepoint does not, or may. */
    boolean areWanted() {
        return missing || !recorded && switches < PATIENCE;
    }

    /** Each event of the CPU that comes. */
    void pass(TraceEvent event) {
        names.pass(event);
    }

    /** The tracepoint tells of a switch. */
    void switched(int prev, int next) {
        recorded |= prev == 0;
        missing |= running != UNKNOWN && running != prev;
        switches += switches < PATIENCE ? 1 : 0;
        running = next;
    }

    /** Records were lost. */
    void lost() {
        running = UNKNOWN;
    }

    /** Whether a record of a switch from {@code prev} to {@code next} is one that the tracepoint has not told. */
    boolean isMissed(int prev, int next) {
        if (next <= 0 || next == running || prev < 0 || prev != 0 && running == UNKNOWN) {
            return false;
        }
        missing |= running != UNKNOWN;
        running = next;
        return true;
    }

    /**
     * Fills {@code event} as the tracepoint would have, but for the CPU. In what state {@code prev} goes is not told; that of the
     * idle task is always the same, and others count as ready to run, of which no record tells what they do.
     */
    void fill(TraceEvent event, int prev, int next, long timeNs) {
        event.type = EventType.SCHED_SWITCH;
        event.timeNs = timeNs;
        event.tgid = prev == 0 ? 0 : -1;
        event.tid = prev;
        event.number = 0;
        event.otherTid = next;
        event.contextFlags = 0;
        event.payload = null;
        names.fill(event, prev);
        event.arg0 = prev == 0 ? idleComm0 : event.comm0;
        event.arg1 = prev == 0 ? idleComm1 : event.comm1;
        event.arg2 = event.arg3;
        event.arg4 = 0;
        names.fill(event, next);
    }
}
