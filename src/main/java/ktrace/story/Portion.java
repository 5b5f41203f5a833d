package ktrace.story;

import ktrace.analysis.StateTimes;

/** What the time of a thread or a process divides into, in the order in which it is shown. */
public enum Portion {
    RUN,
    QUEUE,
    IPC,
    DISK,
    /** By its own wish, or because there was nothing to do. */
    SLEEP,
    /** Page faults and stops too: they have no column of their own. */
    OTHER,
    UNKNOWN;

    public long ofNs(StateTimes states) {
        return switch (this) {
            case RUN -> states.runningNs();
            case QUEUE -> states.runnableNs();
            case IPC -> states.ipcNs();
            case DISK -> states.diskNs();
            case SLEEP -> states.sleepNs() + states.idleNs();
            case OTHER -> states.pagefaultNs() + states.stoppedNs() + states.otherNs();
            case UNKNOWN -> states.unknownNs();
        };
    }

    /** Most traces have none of it: no column of figures then. */
    public boolean isRare() {
        return this == OTHER || this == UNKNOWN;
    }
}
