package ktrace.analysis.shard;

import ktrace.event.ThreadId;
import ktrace.intervals.Interval;
import ktrace.intervals.Interval.End;
import ktrace.intervals.IntervalSink;

/**
 * Adds up intervals: by state for each thread, and the blocked ones into the rows of their process. One thread; allocates for new
 * threads and rows.
 */
final class Sums implements IntervalSink<ObservedThread> {
    private final Population population;

    Sums(Population population) {
        this.population = population;
    }

    @Override
    public ObservedThread begins(ThreadId thread, long fromNs) {
        return population.begins(thread);
    }

    @Override
    public void ends(ObservedThread thread, long nowNs) {
        population.ends(thread, nowNs);
    }

    @Override
    public void interval(ObservedThread thread, Interval interval) {
        StateSums window = thread.states.window;
        window.add(interval.state(), interval.newNs());
        if (interval.end() == End.LEFT) {
            window.switchesVoluntary++;
        } else if (interval.end() == End.PREEMPTED) {
            window.switchesInvoluntary++;
        }
        if (!interval.state().blocked()) {
            return;
        }
        if (interval.provisional() || interval.end() == End.ONGOING) {
            thread.process.shown().show(interval, thread.comm());
        } else {
            thread.process.waits.add(interval, thread.comm());
        }
    }

    @Override
    public void returned(ObservedThread thread, int syscall, long lengthNs, long result) {
        thread.process.calls.record(syscall, lengthNs, result);
    }
}
