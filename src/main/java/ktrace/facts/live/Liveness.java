package ktrace.facts.live;

/** Whether a process runs. Looks at /proc/PID/stat, which waits for nobody. Belongs to one thread. */
public final class Liveness {
    private final ProcFs proc = new ProcFs("/proc");

    /** It is there, and no zombie, or one whose threads go on. */
    public boolean isAlive(int tgid) {
        ProcStat stat = proc.stat(tgid);
        return stat != null && !stat.isProcessOver();
    }
}
