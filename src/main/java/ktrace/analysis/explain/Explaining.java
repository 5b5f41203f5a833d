package ktrace.analysis.explain;

import java.util.function.Consumer;
import ktrace.analysis.ExplainedSoFar;
import ktrace.event.EventSink;
import ktrace.event.EventType;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.intervals.Intervals;

/** Explains the time of all threads, for who wants nothing else of their intervals. One thread. */
public final class Explaining implements EventSink {
    private final Explainer explainer;
    private final Intervals<Past> intervals;
    private final Consumer<ExplainedSoFar> explained;
    private int mark;

    /** @param explained is handed what has come of it at each INTERVAL, and at END, on this stage's thread */
    public Explaining(Explainer explainer, Consumer<ExplainedSoFar> explained) {
        this.explainer = explainer;
        this.explained = explained;
        intervals = new Intervals<>(0, 1, new TraceCounters(), explainer);
    }

    @Override
    public void onEvent(TraceEvent event) {
        boolean frequent = event.type == EventType.SYS_ENTER || event.type == EventType.SYS_EXIT
                || event.type == EventType.SCHED_WAKING;
        if (!frequent) {
            explainer.sees(event);
        }
        intervals.onEvent(event);
        if (!frequent) {
            explainer.seen();
        }
        switch (event.type) {
            case SYS_ENTER -> {
                Past past = explainer.isAwaited(event) ? intervals.of(event.thread) : null;
                if (past != null) {
                    explainer.enters(past, event);
                }
            }
            case INTERVAL, END -> explained.accept(new ExplainedSoFar(mark++, explainer.explanations(), explainer.graph(),
                    explainer.stuck()));
            default -> { }
        }
    }
}
