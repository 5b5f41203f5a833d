package ktrace.intervals;

import ktrace.event.TraceEvent;

/**
 * A wake-up that was recorded before the wait which it ended. The kernel takes a thread that goes to wait off its queue first, and
 * records the switch when it has chosen who comes next (1 to 3 µs later; 114 were seen, Linux 6.18): whoever wakes it in between
 * comes first, and wakes it for good. So a wake-up of a thread that is not blocked is kept until anything but the switch is seen of
 * the thread.
 *
 * <p>It may also be one that the thread answered by looking once more for what it wanted, in vain, and going to wait again. What is
 * handed over is never taken back, so a window that ends meanwhile leaves no choice: the thread counts as ready to run from the
 * switch on, but no longer than {@link #TRUSTED_NS}. If it does not run by then, it counts as blocked again. The wait that it has so
 * ended, which took no time, is told of when the thread runs, and never if it goes on: it is one wait.
 *
 * <p>One thread writes, no allocation.
 */
final class EarlyWaking extends Waking {
    /** How long a thread that was so woken may wait for its CPU, which was about to idle. */
    static final long TRUSTED_NS = 5_000_000;

    private boolean kept;
    /** It is taken to have ended the wait that followed. */
    private boolean believed;
    private long believedNs;
    /** The state of the thread if it has not. */
    private ThreadState otherwise = ThreadState.OTHER;

    void keep(TraceEvent event) {
        of(event);
        kept = true;
        believed = false;
    }

    void forget() {
        kept = false;
        believed = false;
    }

    /** Nothing was seen of the thread since. */
    boolean isKept() {
        return kept;
    }

    /** The thread went to wait, in the state {@code wait}, and would be woken already. */
    void believe(ThreadState wait, long nowNs) {
        kept = false;
        believed = true;
        otherwise = wait;
        believedNs = nowNs;
    }

    boolean isBelieved() {
        return believed;
    }

    /** When the thread went to wait. */
    long believedNs() {
        return believedNs;
    }

    long trustedUntilNs() {
        return believedNs + TRUSTED_NS;
    }

    ThreadState otherwise() {
        return otherwise;
    }
}
