package ktrace.analysis;

/** Why time passed, at the end of a chain of waits. The label is the name in the JSON summary. */
public enum Cause {
    /** Somebody was on a CPU. */
    COMPUTES("computes"),
    /** Somebody was ready and had no CPU. */
    QUEUE("queue"),
    /** Somebody was ready, and its cgroup's quota was used up. */
    THROTTLED("throttled"),
    /** Somebody waited for storage. */
    DISK("disk"),
    /** Somebody slept by its own wish; of who is waited for, it held what others wanted, or owed them an answer. */
    SLEEPS("sleeps"),
    /** Somebody was held still by a signal, a debugger or the freezer. */
    STOPPED("stopped"),
    /** Who is waited for slept by its own wish and had nothing to give: nothing was to be done. */
    IDLE("idle"),
    /** It came from outside of what is observed: another machine, an unobserved process. */
    OUTSIDE("outside"),
    /** The wait had not ended when the trace did. */
    GOES_ON("goesOn"),
    /** What somebody did is longer ago, or lies behind more waits, than is followed. */
    FURTHER_BACK("furtherBack"),
    /** Who or what ended the wait, or what that thread did meanwhile, is not known. */
    UNKNOWN("unknown");

    private final String label;

    Cause(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** Whether whoever waited for that lost time by it. */
    public boolean delays() {
        return switch (this) {
            case COMPUTES, QUEUE, THROTTLED, DISK, SLEEPS, STOPPED -> true;
            case IDLE, OUTSIDE, GOES_ON, FURTHER_BACK, UNKNOWN -> false;
        };
    }
}
