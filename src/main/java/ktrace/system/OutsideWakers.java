package ktrace.system;

import ktrace.event.Comm;
import ktrace.event.Peer;
import ktrace.event.Waker;

/**
 * Wakers that are not observed. Each is made once, and again when it is called differently or another has taken its place here:
 * however many threads come and go, no more are kept than there are places. Written by the tracker's thread.
 */
final class OutsideWakers {
    /** Power of two. */
    private static final int PLACES = 1024;

    private final Waker[] wakers = new Waker[PLACES];
    private final long[] comms = new long[2 * PLACES];

    /** @param comm0 first half of the thread's own name, 0 when that is not known; see {@link Comm} */
    Waker get(int tid, Peer process, long comm0, long comm1) {
        int place = tid & PLACES - 1;
        Waker known = wakers[place];
        boolean isIt = known != null && known.tid() == tid && known.process() == process;
        if (isIt && (comm0 == 0 || comms[2 * place] == comm0 && comms[2 * place + 1] == comm1)) {
            return known;
        }
        comms[2 * place] = comm0;
        comms[2 * place + 1] = comm1;
        String name = comm0 != 0 ? Comm.text(comm0, comm1) : tid == process.pid() ? process.comm() : "";
        return wakers[place] = new Waker(null, tid, name, process);
    }
}
