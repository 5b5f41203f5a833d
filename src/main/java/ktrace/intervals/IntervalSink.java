package ktrace.intervals;

import ktrace.event.Evidence.Interrupt;
import ktrace.event.ThreadId;
import ktrace.event.TraceEvent;

/**
 * Is handed the intervals of all threads as they end, on the thread that events come on, while {@link Intervals} looks at the event
 * that ended them. Those of one thread follow each other without a gap from the begin of its observation to its end, and each is
 * handed over once when it is over; a wait whose object is a guess only when that is settled, which may be later than the next
 * ones. At the end of a window, what goes on is handed over as well, as far as it has come; see {@link Interval#provisional}.
 *
 * @param <T> what the consumer keeps of a thread
 */
public interface IntervalSink<T> {
    /** @param fromNs when the observation of the thread began: its intervals follow */
    T begins(ThreadId thread, long fromNs);

    void interval(T thread, Interval interval);

    /** The thread is over; nothing comes of it any more. */
    void ends(T thread, long nowNs);

    /** The thread's last wait, if an interrupt has ended it, came of this: its call has just returned. */
    default void interrupted(T thread, Interrupt by) {
    }

    /** A thread has entered a system call: the intervals that end with that have been handed over. */
    default void entered(T thread, TraceEvent enter) {
    }

    /** A system call returned whose entry was seen. */
    default void returned(T thread, int syscall, long lengthNs, long result) {
    }
}
