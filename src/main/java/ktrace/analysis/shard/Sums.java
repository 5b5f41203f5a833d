package ktrace.analysis.shard;

import ktrace.analysis.explain.Explainer;
import ktrace.analysis.waits.Reasons;
import ktrace.event.Evidence.Interrupt;
import ktrace.event.ThreadId;
import ktrace.event.TraceEvent;
import ktrace.event.TraceEvent.Expects;
import ktrace.intervals.Interval;
import ktrace.intervals.Interval.End;
import ktrace.intervals.IntervalSink;
import ktrace.intervals.ThreadState;

/**
 * Adds up intervals: by state for each thread, and the blocked ones into the rows of their process. One thread; allocates for new
 * threads and rows.
 */
final class Sums implements IntervalSink<ObservedThread> {
    private final Population population;
    private final Explainer explainer;

    /** @param explainer is handed the intervals, too; or null */
    Sums(Population population, Explainer explainer) {
        this.population = population;
        this.explainer = explainer;
    }

    @Override
    public ObservedThread begins(ThreadId thread, long fromNs) {
        ObservedThread observed = population.begins(thread);
        if (explainer != null) {
            observed.past = explainer.begins(thread, fromNs);
        }
        return observed;
    }

    @Override
    public void ends(ObservedThread thread, long nowNs) {
        if (explainer != null) {
            explainer.ends(thread.past, nowNs);
        }
        population.ends(thread, nowNs);
    }

    @Override
    public void interval(ObservedThread thread, Interval interval) {
        if (explainer != null) {
            explainer.interval(thread.past, interval);
        }
        StateSums window = thread.states.window;
        window.add(interval.state(), interval.newNs());
        if (interval.state().blocked()) {
            waited(thread, interval);
        } else if (interval.end() == End.LEFT) {
            window.switchesVoluntary++;
        } else if (interval.end() == End.PREEMPTED) {
            window.switchesInvoluntary++;
        }
    }

    private void waited(ObservedThread thread, Interval interval) {
        Reasons reasons = explainer == null ? null : explainer.reasons();
        if (interval.toldState() != interval.state()) {
            thread.states.retell(interval.toldState(), interval.state(), interval.lengthNs() - interval.newNs());
        }
        if (reasons != null && interval.state() == ThreadState.IPC) {
            idle(thread, interval, reasons);
        }
        thread.tells = explainer != null;
        if (interval.provisional() || interval.end() == End.ONGOING) {
            thread.process.shown().show(interval, thread.comm(), reasons);
        } else {
            thread.process.waits.add(interval, thread.comm(), thread.lastWait, reasons);
        }
    }

    /** Who waits for work is idle all the time; else that is idle in which nobody had anything to hand over. */
    private static void idle(ObservedThread thread, Interval interval, Reasons reasons) {
        boolean isWhole = interval.expects() == Expects.WORK;
        long ns = isWhole ? interval.lengthNs() : reasons.idleNs();
        if (ns > 0) {
            boolean isNew = interval.newNs() == interval.lengthNs();
            long newNs = isWhole ? interval.newNs() : isNew ? ns : (long) ((double) interval.newNs() / interval.lengthNs() * ns);
            thread.states.idle(ns, newNs, interval.provisional());
        }
    }

    @Override
    public void interrupted(ObservedThread thread, Interrupt by) {
        thread.lastWait.interrupted(by);
    }

    @Override
    public void entered(ObservedThread thread, TraceEvent enter) {
        if (explainer != null) {
            thread.tells |= explainer.enters(thread.past, enter);
        }
    }

    @Override
    public void returned(ObservedThread thread, int syscall, long lengthNs, long result) {
        if (thread.tells) {
            explainer.returned(thread.past, syscall, lengthNs, result);
            thread.tells = false;
        }
        thread.process.calls.record(syscall, lengthNs, result);
    }
}
