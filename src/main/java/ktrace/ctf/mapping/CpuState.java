package ktrace.ctf.mapping;

/** What the events of one CPU tell of those after them. Written by the thread that reads the trace. */
public final class CpuState {
    /** No switch has been seen on this CPU. */
    public static final int UNKNOWN = -1;

    public final int cpu;
    /** The thread that runs. */
    public int tid = UNKNOWN;
    /** Whether it serves an interrupt: the flags of {@link ktrace.event.TraceEvent}. */
    public int contextFlags;

    CpuState(int cpu) {
        this.cpu = cpu;
    }

    /** No switch happens within an interrupt: whatever end of one was not seen, is over. */
    public void switchedTo(int nextTid) {
        tid = nextTid;
        contextFlags = 0;
    }
}
