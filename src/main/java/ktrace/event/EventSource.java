package ktrace.event;

import java.util.List;
import java.util.Map;

/**
 * Where events come from: a collector of live events, or a recorded trace. The same analyses are fed by either.
 *
 * <p>All methods but {@link #wake()} are called on the pipeline's poller thread.
 */
public interface EventSource extends AutoCloseable {
    /**
     * What a source of events can see.
     *
     * @param scheduler SCHED_SWITCH and SCHED_WAKING come; without them, when a thread runs and who wakes it is not known
     * @param userMemory what the arguments of calls point to can be read
     * @param exitStatus SCHED_PROCESS_EXIT has the wait status
     * @param texts SYS_ENTER has the bytes that arguments point to, where those are paths or addresses of sockets
     * @param tracedAlone of SCHED_SWITCH only those come that concern a traced thread: what a CPU does after one that leads away from
     *     such a thread is not told
     */
    record Capabilities(boolean scheduler, boolean userMemory, boolean exitStatus, boolean texts, boolean tracedAlone) {
        /** What tracepoints tell. */
        public static final Capabilities OF_TRACEPOINTS = new Capabilities(true, false, false, false, false);
        /** The same, with what calls are given. */
        public static final Capabilities OF_TRACEPOINTS_AND_TEXTS = new Capabilities(true, false, false, true, false);
        /** What tracepoints of system calls tell, where those of the scheduler are not recorded. */
        public static final Capabilities OF_CALLS = new Capabilities(false, false, false, false, false);
        /** What stops tell. */
        public static final Capabilities OF_STOPS = new Capabilities(false, true, true, false, false);

        /** The same, of the scheduler only what concerns the traced. */
        public Capabilities ofTracedAlone() {
            return new Capabilities(scheduler, userMemory, exitStatus, texts, true);
        }
    }

    /** The name in the summary: {@code perf}, {@code ptrace}, {@code trace}. */
    String name();

    Capabilities capabilities();

    /** One stream for each origin; the list does not change. */
    List<? extends EventStream> streams();

    /** The CPUs that events can come from, ascending; one that knows of none gives them all to the first. */
    default int[] cpus() {
        return new int[] {0};
    }

    /**
     * Waits until there is much to read, {@link #wake()} is called, or the time is over.
     *
     * @param timeoutNs at most so long; 0 does not wait
     */
    void await(long timeoutNs);

    /** Ends an {@link #await} that is going on, or the next one. Any thread. */
    void wake();

    /**
     * The time up to which the streams are complete once they are refreshed: no event before it can still appear. Asked before
     * the refresh.
     */
    long completeUntilNs();

    /** No event is made after this; what is in the streams stays there to be taken. */
    void stop();

    /** When the trace ended, on CLOCK_MONOTONIC; only after {@link #stop()}. */
    long endNs();

    /** Brings the counters up to date with what the kernel lost; exact after {@link #stop()} and once the streams are empty. */
    void countLost();

    /** Of the lost events, those of each CPU that lost any; after the last {@link #countLost()}. */
    Map<Integer, Long> lostOnCpu();

    /** What this source decoded and could not decode. */
    TraceCounters counters();

    /** Closes whatever it holds open; nothing of the streams may be touched afterwards. */
    @Override
    void close();
}
