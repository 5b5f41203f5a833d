package ktrace;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ktrace.event.Collector;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import ktrace.linux.SyscallTable;

/** What was taken of the rings of a collector of kernel events, which is drained by hand, so that it can be late. */
public final class RingTally {
    private static final int GETPPID = SyscallTable.current().number("getppid");

    private final Map<EventType, Long> events = new HashMap<>();
    private final Map<Integer, Long> getppids = new HashMap<>();
    private final Map<Integer, Long> births = new HashMap<>();
    private final TraceEvent event = new TraceEvent();
    private long enters;
    private long last;
    private long lost;

    /** Reads a workload's events until it has ended, and stops the collector. */
    public static RingTally follow(ReadyWorkload workload, Collector collector) throws Exception {
        RingTally tally = new RingTally();
        workload.go();
        while (workload.runs()) {
            collector.await(1_000_000);
            tally.drain(collector);
        }
        tally.drainStopped(collector);
        return tally;
    }

    /** Reads now and then, so that a small ring has no room for all, until the workload has ended; and stops the collector. */
    public static RingTally followLate(ReadyWorkload workload, Collector collector) throws Exception {
        RingTally tally = new RingTally();
        workload.go();
        for (int round = 0; workload.runs(); round++) {
            Thread.sleep(1 + round % 7);
            tally.drain(collector);
        }
        tally.drainStopped(collector);
        return tally;
    }

    /** Reads nothing until the workload has ended, and stops the collector. */
    public static RingTally followInTheEnd(ReadyWorkload workload, Collector collector) throws Exception {
        RingTally tally = new RingTally();
        workload.go();
        while (workload.runs()) {
            Thread.sleep(1);
        }
        tally.drainStopped(collector);
        return tally;
    }

    public void drainStopped(Collector collector) {
        collector.stop();
        drain(collector);
        collector.countLost();
    }

    public void drain(Collector collector) {
        List<? extends EventStream> streams = collector.streams();
        streams.forEach(EventStream::refresh);
        long[] before = new long[streams.size()];
        long[] outOfOrder = new long[streams.size()];
        long[] all = new long[streams.size()];
        for (int next = earliest(streams); next >= 0; next = earliest(streams)) {
            streams.get(next).take(event);
            outOfOrder[next] += event.timeNs < before[next] ? 1 : 0;
            before[next] = event.timeNs;
            all[next]++;
            count();
        }
        for (int i = 0; i < all.length; i++) {
            // Where an interrupt comes between the time of a record and its room, and writes one as well.
            assertTrue(outOfOrder[i] <= 2 + all[i] / 1000, outOfOrder[i] + " of " + all[i] + " stand behind later ones");
            streams.get(i).release();
        }
    }

    /** Which stream has the next event by time, or -1. */
    private static int earliest(List<? extends EventStream> streams) {
        int earliest = -1;
        long timeNs = EventStream.NOTHING;
        for (int i = 0; i < streams.size(); i++) {
            if (streams.get(i).nextTimeNs() < timeNs) {
                timeNs = streams.get(i).nextTimeNs();
                earliest = i;
            }
        }
        return earliest;
    }

    private void count() {
        events.merge(event.type, 1L, Long::sum);
        switch (event.type) {
            case SYS_ENTER -> enters += event.number == GETPPID ? 1 : 0;
            case SYS_EXIT -> {
                if (event.number == GETPPID) {
                    getppids.merge(event.tid, 1L, Long::sum);
                    last = event.result;
                }
            }
            case TASK_NEWTASK -> births.merge(event.tgid, 1L, Long::sum);
            case EVENTS_LOST -> lost += event.number;
            default -> { }
        }
    }

    /** How many of a type. */
    public long events(EventType type) {
        return events.getOrDefault(type, 0L);
    }

    /** How many were born by threads of a process; others' births are told as well. */
    public long birthsBy(int tgid) {
        return births.getOrDefault(tgid, 0L);
    }

    public long syscallEvents() {
        return events(EventType.SYS_ENTER) + events(EventType.SYS_EXIT);
    }

    /** How often getppid was entered. */
    public long enters() {
        return enters;
    }

    /** By thread, how often getppid returned. */
    public Map<Integer, Long> getppids() {
        return getppids;
    }

    public long exits() {
        return getppids.values().stream().mapToLong(count -> count).sum();
    }

    /** What getppid returned last. */
    public long last() {
        return last;
    }

    /** How many were told as lost on the way. */
    public long lost() {
        return lost;
    }

    @Override
    public String toString() {
        return events.toString();
    }
}
