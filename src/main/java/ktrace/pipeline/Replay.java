package ktrace.pipeline;

import java.util.List;
import java.util.Map;
import ktrace.event.EventSink;
import ktrace.event.EventSource;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;

/**
 * Carries a recorded trace through the stages, on the calling thread and as fast as it can be read. A trace that ktrace recorded
 * has its START, INTERVAL and END events in it, and the stages see what they saw live; where a trace has none, as one of another
 * tracer or of a ktrace that was killed, it begins with its first event and ends with its last.
 *
 * <p>Allocates nothing per event.
 */
public final class Replay {
    private final EventSource source;
    private final EventSink tracker;
    private final List<EventSink> readers;
    private final TraceCounters counters = new TraceCounters();
    private final EventMerger merger;
    private final TraceEvent slot = new TraceEvent();
    private long startNs;
    private long events;
    private long syscallEvents;
    private boolean started;
    /** The trace itself told how it began. */
    private boolean whole;
    private boolean ended;
    private volatile boolean stopRequested;

    /**
     * @param source streams that hold all there is; closed by its owner
     * @param tracker stamps each event
     * @param readers see each event once it is stamped
     */
    public Replay(EventSource source, EventSink tracker, List<? extends EventSink> readers) {
        this.source = source;
        this.tracker = tracker;
        this.readers = List.copyOf(readers);
        merger = new EventMerger(source.streams(), counters);
    }

    /** Nobody wants more: {@link #run} returns after the event it is at, and there is no END. Any thread. */
    public void requestStop() {
        stopRequested = true;
    }

    /** Replays the whole trace, unless asked to stop. Once only. */
    public void run() {
        merger.refresh();
        while (merger.hasNext(Long.MAX_VALUE - 1)) {
            while (merger.hasNext(Long.MAX_VALUE - 1)) {
                if (stopRequested) {
                    return;
                }
                merger.take(slot);
                deliver();
            }
            merger.release();
            merger.refresh();
        }
        if (!started) {
            startNs = Math.max(0, source.endNs());
            put(EventType.START, startNs, null);
        }
        if (!ended) {
            source.countLost();
            put(EventType.END, Math.max(slot.timeNs, source.endNs()), new WindowFacts(startNs, events, syscallEvents, nonZero()));
        }
    }

    private void deliver() {
        switch (slot.type) {
            case START -> {
                startNs = slot.timeNs;
                started = true;
                whole = true;
                slot.number = source.capabilities().scheduler() ? 0 : 1;
            }
            case INTERVAL -> countWhatIsThere();
            case END -> {
                ended = true;
                countWhatIsThere();
                tellOfDamage();
            }
            default -> {
                if (slot.type != EventType.EVENTS_LOST || slot.number > 0) {
                    events++;
                }
                if (slot.type == EventType.SYS_ENTER || slot.type == EventType.SYS_EXIT) {
                    syscallEvents++;
                }
                if (!started) {
                    begin();
                }
            }
        }
        pass();
    }

    /**
     * Marks of a trace whose begin is missing count from the begin of the recording. What was lost is not known of a part of it.
     */
    private void countWhatIsThere() {
        if (!started) {
            begin();
        }
        if (!whole && slot.payload instanceof WindowFacts facts) {
            slot.payload = new WindowFacts(startNs, events, syscallEvents, facts.counters(), facts.lostOnCpu());
        }
    }

    /** The event at hand is the first. */
    private void begin() {
        started = true;
        startNs = slot.timeNs;
        TraceEvent first = new TraceEvent();
        first.copyFrom(slot);
        put(EventType.START, startNs, null);
        slot.copyFrom(first);
    }

    /**
     * The END that was recorded knows what went wrong then; what is wrong with the trace now is added. Of a whole trace that is
     * nothing.
     */
    private void tellOfDamage() {
        Map<TraceCounter, Long> values = nonZero();
        if (!values.isEmpty() && slot.payload instanceof WindowFacts facts) {
            facts.counters().forEach((counter, value) -> values.merge(counter, value, Long::sum));
            slot.payload = new WindowFacts(facts.startNs(), facts.events(), facts.syscallEvents(), values, facts.lostOnCpu());
        }
    }

    private void pass() {
        tracker.onEvent(slot);
        for (EventSink reader : readers) {
            reader.onEvent(slot);
        }
    }

    private void put(EventType type, long timeNs, Object payload) {
        slot.become(type, timeNs, payload);
        slot.number = type == EventType.START && !source.capabilities().scheduler() ? 1 : 0;
        pass();
    }

    private Map<TraceCounter, Long> nonZero() {
        Map<TraceCounter, Long> values = source.counters().nonZero();
        counters.nonZero().forEach((counter, value) -> values.merge(counter, value, Long::sum));
        return values;
    }
}
