package ktrace.analysis.shard;

import java.util.Arrays;
import ktrace.analysis.StateTimes;
import ktrace.intervals.ThreadState;

/** Time in each {@link ThreadState}, and what the scheduler counted. One thread. */
final class StateSums {
    private static final int STATES = ThreadState.values().length;

    private final long[] ns = new long[STATES];
    /** Of the time in state IPC, when there was nothing to do. */
    private long idleNs;
    long switchesVoluntary;
    long switchesInvoluntary;
    long migrations;

    void add(ThreadState state, long timeNs) {
        ns[state.ordinal()] += timeNs;
    }

    void addIdle(long timeNs) {
        idleNs += timeNs;
    }

    void add(StateSums other) {
        idleNs += other.idleNs;
        for (int i = 0; i < STATES; i++) {
            ns[i] += other.ns[i];
        }
        switchesVoluntary += other.switchesVoluntary;
        switchesInvoluntary += other.switchesInvoluntary;
        migrations += other.migrations;
    }

    void clear() {
        Arrays.fill(ns, 0);
        idleNs = 0;
        switchesVoluntary = 0;
        switchesInvoluntary = 0;
        migrations = 0;
    }

    boolean isEmpty() {
        return totalNs() == 0 && switchesVoluntary == 0 && switchesInvoluntary == 0 && migrations == 0;
    }

    long totalNs() {
        long sum = 0;
        for (long part : ns) {
            sum += part;
        }
        return sum;
    }

    StateTimes times() {
        long ipc = of(ThreadState.IPC);
        long disk = of(ThreadState.DISK);
        long sleep = of(ThreadState.SLEEP);
        long pagefault = of(ThreadState.PAGEFAULT);
        long stopped = of(ThreadState.STOPPED);
        long other = of(ThreadState.OTHER);
        long throttled = of(ThreadState.THROTTLED);
        return new StateTimes(of(ThreadState.RUNNING), of(ThreadState.RUNNABLE) + throttled, throttled,
                ipc + disk + sleep + pagefault + stopped + other, of(ThreadState.UNKNOWN), ipc - idleNs, idleNs, disk, sleep,
                pagefault, stopped, other, switchesVoluntary, switchesInvoluntary, migrations);
    }

    private long of(ThreadState state) {
        return ns[state.ordinal()];
    }
}
