package ktrace.analysis;

import ktrace.event.ThreadId;

/**
 * A thread that computed while others waited for it: as an event loop does that computes between a read and the write of its answer,
 * when meanwhile others ask it.
 *
 * @param thread whose process and names {@link Verdict} has
 * @param comm the name of the process; empty while that is not known
 * @param threadComm that of the thread; empty while that is not known
 * @param times how often it computed for a millisecond or longer while somebody waited
 * @param totalNs how long, all together
 * @param totalAwaitedNs how long others waited meanwhile, all together
 * @param greatest the time that others waited longest for
 */
public record Computing(ThreadId thread, String comm, String threadComm, int times, long totalNs, long totalAwaitedNs, Greatest greatest) {
    /**
     * @param from the call that returned before
     * @param to the one that was made after it
     * @param ns how long it was on a CPU between them
     * @param lengthNs how long that took
     * @param waiters how many waited meanwhile
     * @param awaitedNs how long they did, all together
     */
    public record Greatest(Call from, Call to, long ns, long lengthNs, int waiters, long awaitedNs) {
    }

    /**
     * @param syscall its name
     * @param object the name of what it was about, unescaped; empty of a call about many
     */
    public record Call(String syscall, String object) {
    }
}
