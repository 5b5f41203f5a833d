package ktrace.event;

/** One thread, told from a later one with the same number by its start. One instance for each thread: compare by reference. */
public final class ThreadId {
    private final int tid;
    private final ProcessId process;
    private final long startNs;
    private final int index;

    /**
     * @param startNs when it was born, on CLOCK_MONOTONIC, or when its observation began, for those that were there before
     * @param index counts the threads of a trace from 0: an index into tables that later stages keep
     */
    public ThreadId(int tid, ProcessId process, long startNs, int index) {
        this.tid = tid;
        this.process = process;
        this.startNs = startNs;
        this.index = index;
    }

    public int tid() {
        return tid;
    }

    public ProcessId process() {
        return process;
    }

    public long startNs() {
        return startNs;
    }

    public int index() {
        return index;
    }

    @Override
    public String toString() {
        return process.tgid() + "/" + tid + "@" + startNs;
    }
}
