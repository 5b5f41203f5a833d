package ktrace.system.objects;

import ktrace.event.Waker;

/**
 * Who has worked on one end of a connection last. What is sent reaches the other end in an interrupt: on a busy machine later, on top
 * of whatever runs then. So who sent it is told by this, if only one thread can have. Tracker's thread.
 *
 * <pre>
 *   waiter   ├─ read ─┤      ├── read ────────────┤
 *   sender                      ├─ write ─┤
 *   ksoftirqd                                 ├─ wakes
 * </pre>
 */
public final class Traffic {
    private static final Deeds NOTHING = new Deeds();

    private final Deeds sends = new Deeds();
    private final Deeds takes = new Deeds();

    /** One thing that is done: by whom, and since when by nobody else. */
    private static final class Deeds {
        private Waker by;
        private long lastNs = Long.MIN_VALUE;
        private long beforeNs = Long.MIN_VALUE;
        private long othersNs = Long.MIN_VALUE;

        void done(Waker waker, long nowNs) {
            if (by != null && by.tid() != waker.tid()) {
                othersNs = lastNs;
            }
            by = waker;
            beforeNs = lastNs;
            lastNs = nowNs;
        }

        void doneBySomebody(long nowNs) {
            othersNs = nowNs;
        }

        Waker soleSince(long sinceNs) {
            return lastNs > sinceNs && othersNs <= sinceNs ? by : null;
        }
    }

    /** A thread enters a call that works on this end. */
    public void worked(Way way, Waker by, long nowNs) {
        if (way != Way.BOTH) {
            (way == Way.WRITE ? sends : takes).done(by, nowNs);
        }
    }

    /** A ring of io_uring has something done here, now or later. */
    public void usedByRing(long nowNs) {
        sends.doneBySomebody(nowNs);
        takes.doneBySomebody(nowNs);
    }

    /**
     * Who alone can have ended a wait at the other end in an interrupt: has sent to it, or made room for it, since somebody last read or
     * wrote there.
     *
     * @param other the other end; null when nobody was seen to use it
     * @param way what is waited for there
     * @param inCall it is waited for in a call that is noted there as the last
     * @param lostNs when events were lost last: others may have been at it then
     * @return null when that was nobody, or may have been several
     */
    public Waker ended(Traffic other, Way way, boolean inCall, long lostNs) {
        Deeds here = way == Way.WRITE ? takes : sends;
        Deeds there = other == null ? NOTHING : way == Way.WRITE ? other.sends : other.takes;
        long sinceNs = inCall ? there.beforeNs : there.lastNs;
        return lostNs > sinceNs ? null : here.soleSince(sinceNs);
    }
}
