package ktrace.export;

import ktrace.event.EventSink;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounters;
import ktrace.intervals.Interval;
import ktrace.intervals.IntervalSink;
import ktrace.intervals.Intervals;

/** Hands an export each wait of all threads, once, when all is known of it. */
public final class WaitsOfTrace implements IntervalSink<ThreadId> {
    private final TraceExport export;

    private WaitsOfTrace(TraceExport export) {
        this.export = export;
    }

    /** What is to be fed with the stamped events. */
    public static EventSink to(TraceExport export, TraceCounters counters) {
        return new Intervals<>(counters, new WaitsOfTrace(export));
    }

    @Override
    public ThreadId begins(ThreadId thread, long fromNs) {
        return thread;
    }

    @Override
    public void interval(ThreadId thread, Interval interval) {
        if (interval.state().blocked() && !interval.provisional()) {
            export.onWait(interval);
        }
    }

    @Override
    public void ends(ThreadId thread, long nowNs) {
        // What it waited for was handed over before.
    }
}
