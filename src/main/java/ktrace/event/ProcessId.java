package ktrace.event;

/**
 * One process, told from a later one with the same number by its start. One instance for each process: compare by reference.
 * Only identity is here; what changes (comm, command line) travels with the events.
 */
public final class ProcessId {
    private final int tgid;
    private final int ppid;
    private final long startNs;
    private final int index;
    private final boolean statesOnly;

    /**
     * @param startNs when it was born, on CLOCK_MONOTONIC, or when its observation began, for those that were there before
     * @param index counts the processes of a trace from 0: for tables
     */
    public ProcessId(int tgid, int ppid, long startNs, int index) {
        this(tgid, ppid, startNs, index, false);
    }

    /** @param statesOnly see {@link #statesOnly} */
    public ProcessId(int tgid, int ppid, long startNs, int index, boolean statesOnly) {
        this.tgid = tgid;
        this.ppid = ppid;
        this.startNs = startNs;
        this.index = index;
        this.statesOnly = statesOnly;
    }

    public int tgid() {
        return tgid;
    }

    public int ppid() {
        return ppid;
    }

    public long startNs() {
        return startNs;
    }

    public int index() {
        return index;
    }

    /** It was not asked for and is watched for its states, since it is waited for; nothing is known of its calls. */
    public boolean statesOnly() {
        return statesOnly;
    }

    @Override
    public String toString() {
        return tgid + "@" + startNs;
    }
}
