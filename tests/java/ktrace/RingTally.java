package ktrace;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
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

    public void drainStopped(Collector collector) {
        collector.stop();
        drain(collector);
        collector.countLost();
    }

    public void drain(Collector collector) {
        for (EventStream stream : collector.streams()) {
            stream.refresh();
            long before = 0;
            long outOfOrder = 0;
            long all = 0;
            while (stream.nextTimeNs() != EventStream.NOTHING) {
                stream.take(event);
                outOfOrder += event.timeNs < before ? 1 : 0;
                before = event.timeNs;
                all++;
                count();
            }
            // Where an interrupt comes between the time of a record and its room, and writes one as well.
            assertTrue(outOfOrder <= 2 + all / 1000, outOfOrder + " of " + all + " stand behind later ones");
            stream.release();
        }
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
            case EVENTS_LOST -> lost += event.number;
            default -> { }
        }
    }

    /** How many of a type. */
    public long events(EventType type) {
        return events.getOrDefault(type, 0L);
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
