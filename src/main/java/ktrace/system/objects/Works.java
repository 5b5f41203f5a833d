package ktrace.system.objects;

import ktrace.event.KernelObject;
import ktrace.event.Waker;

/**
 * Works that somebody has queued for threads of the kernel, and which thread does which: as many as there are places; a later one
 * takes the place of an earlier. Written by the tracker's thread, allocates nothing.
 */
public final class Works {
    /** Power of two. */
    private static final int PLACES = 256;

    private final long[] works = new long[PLACES];
    private final Waker[] by = new Waker[PLACES];
    private final KernelObject[] objects = new KernelObject[PLACES];
    /** By the number of the thread, the work that it has begun last and the place where that was, or none. */
    private final int[] workers = new int[PLACES];
    private final int[] places = new int[PLACES];

    private static int placeOf(long work) {
        return (int) (work * 0x9E3779B97F4A7C15L >>> 32) & PLACES - 1;
    }

    /** {@code waker} has put something into {@code object}, and queued the work; null and null when it is another's, or not known. */
    public void queued(long work, Waker waker, KernelObject object) {
        int place = placeOf(work);
        works[place] = work;
        by[place] = waker;
        objects[place] = object;
    }

    /** Thread {@code tid} does the work from now on. */
    public void started(long work, int tid) {
        int place = placeOf(work);
        workers[tid & PLACES - 1] = tid;
        places[tid & PLACES - 1] = works[place] == work && by[place] != null ? place : -1;
    }

    /** The work that {@code tid} has begun last; -1 when there is none, or it is not known. */
    public int doneBy(int tid) {
        int at = tid & PLACES - 1;
        return tid != 0 && workers[at] == tid && places[at] >= 0 && by[places[at]] != null ? places[at] : -1;
    }

    /** Who has queued it. */
    public Waker by(int work) {
        return by[work];
    }

    /** What it had put something into. */
    public KernelObject object(int work) {
        return objects[work];
    }
}
