package ktrace.ptrace;

import java.util.Arrays;
import ktrace.linux.tracing.Ptrace;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Those that have stopped or ended, collected until there is none left, before any of them goes on: else the first in the kernel's
 * list would keep the last waiting as long as it makes calls. Tracer's thread; allocates nothing but room for more threads.
 *
 * <p>The kernel looks through all traced threads for one that has stopped. Where many have, it is cheaper to ask for each of them.
 */
final class Stopped {
    private static final int ROOM = 1024;
    /** With one or two there is nobody to wait too long. */
    private static final int FEW = 2;
    /** Asked one by one when of so many the part below had stopped the last time. */
    private static final int MANY = 16;
    private static final int WORTHWHILE_PART = 8;

    private final Ptrace ptrace;
    private final Int2ObjectHashMap<Tracee> tracees;
    private int[] tids = new int[ROOM];
    private int[] statuses = new int[ROOM];
    private int count;

    Stopped(Ptrace ptrace, Int2ObjectHashMap<Tracee> tracees) {
        this.ptrace = ptrace;
        this.tracees = tracees;
    }

    /**
     * After {@link Ptrace#await} has given {@code first}: that and whoever else has stopped.
     *
     * @return how many
     */
    int collect(int first) {
        boolean oneByOne = tracees.size() > MANY && count >= tracees.size() / WORTHWHILE_PART;
        count = 0;
        if (oneByOne) {
            add(first);
            askEach(first);
        } else {
            int tid = first;
            while (tid > 0) {
                add(tid);
                tid = tracees.size() > FEW ? ptrace.await(false) : 0;
            }
        }
        return count;
    }

    private void askEach(int first) {
        for (Int2ObjectHashMap<Tracee>.KeyIterator each = tracees.keySet().iterator(); each.hasNext();) {
            int tid = each.nextInt();
            if (tid != first && ptrace.hasStopped(tid)) {
                add(tid);
            }
        }
    }

    private void add(int tid) {
        if (count == tids.length) {
            tids = Arrays.copyOf(tids, 2 * count);
            statuses = Arrays.copyOf(statuses, 2 * count);
        }
        tids[count] = tid;
        statuses[count++] = ptrace.waitStatus();
    }

    int tid(int index) {
        return tids[index];
    }

    /** The wait status, wait(2). */
    int status(int index) {
        return statuses[index];
    }
}
