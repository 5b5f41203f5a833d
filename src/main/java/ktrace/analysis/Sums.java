package ktrace.analysis;

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
        if (interval.state().blocked()) {
            waited(thread, interval);
        }
    }

    private static void waited(ObservedThread thread, Interval interval) {
        boolean isShown = interval.provisional() || interval.end() == End.ONGOING;
        IpcWaits waits = isShown ? thread.process.shown() : thread.process.waits;
        WaitRow row = waits.row(interval.kind(), interval.object(), interval.syscall(), interval.waker(), interval.evidence());
        row.seen(interval.waker(), interval.peers(), interval.nowNs());
        WaitPair pair = waits.pair(row, thread.id, interval.waker());
        pair.seen(thread.comm(), interval.waker(), interval.nowNs());
        if (isShown) {
            boolean goesOn = interval.end() == End.ONGOING;
            pair.show(goesOn, !goesOn, interval.lengthNs(), interval.newNs(), !interval.late());
        } else if (interval.end() == End.CUT) {
            pair.addTime(interval.lengthNs(), interval.newNs());
        } else if (interval.late()) {
            pair.recordLate(interval.lengthNs());
        } else {
            pair.record(interval.lengthNs(), interval.newNs());
        }
    }

    @Override
    public void returned(ObservedThread thread, int syscall, long lengthNs, long result) {
        thread.process.calls.record(syscall, lengthNs, result);
    }
}
