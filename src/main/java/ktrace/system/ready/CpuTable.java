package ktrace.system.ready;

import java.util.Arrays;
import ktrace.event.Comm;

/** Which thread runs on each CPU, as sched_switch tells. Written by the tracker's thread; allocates only for a CPU never seen. */
public final class CpuTable {
    public static final int UNKNOWN = -1;
    private static final int LIMIT = 1 << 16;

    private int[] tids = new int[0];
    private long[] comms = new long[0];

    /** {@code tid}, of this name, comes to run there. */
    public void runs(int cpu, int tid, long comm0, long comm1) {
        if (cpu < 0 || cpu >= LIMIT) {
            return;
        }
        if (cpu >= tids.length) {
            int before = tids.length;
            tids = Arrays.copyOf(tids, Math.max(cpu + 1, before * 2));
            comms = Arrays.copyOf(comms, tids.length * 2);
            Arrays.fill(tids, before, tids.length, UNKNOWN);
        }
        tids[cpu] = tid;
        comms[2 * cpu] = comm0;
        comms[2 * cpu + 1] = comm1;
    }

    /** The running thread, 0 for idle, or {@link #UNKNOWN}. */
    public int tid(int cpu) {
        return cpu >= 0 && cpu < tids.length ? tids[cpu] : UNKNOWN;
    }

    /** Events were lost on this CPU. */
    public void forget(int cpu) {
        if (cpu >= 0 && cpu < tids.length) {
            tids[cpu] = UNKNOWN;
        }
    }

    /** The comm of the running thread; null when {@code tid} is not the one that runs. Allocates. */
    public String comm(int cpu, int tid) {
        return tid(cpu) == tid ? Comm.text(comms[2 * cpu], comms[2 * cpu + 1]) : null;
    }

    /** The first half of that comm, or 0. */
    public long comm0(int cpu, int tid) {
        return tid(cpu) == tid ? comms[2 * cpu] : 0;
    }

    /** The second half of that comm, or 0. */
    public long comm1(int cpu, int tid) {
        return tid(cpu) == tid ? comms[2 * cpu + 1] : 0;
    }
}
