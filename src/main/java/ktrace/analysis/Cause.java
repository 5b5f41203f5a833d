package ktrace.analysis;

/** Why time passed, at the end of a chain of waits. The label is the name in the JSON summary. */
public enum Cause {
    /** Somebody was on a CPU. */
    COMPUTES("computes"),
    /** Somebody was ready and had no CPU. */
    NO_CPU("noCpu"),
    /** Somebody was ready, and its cgroup's quota was used up. */
    THROTTLED("throttled"),
    /** Somebody waited for storage. */
    DISK("disk"),
    /** Somebody was held still by a signal, a debugger or the freezer. */
    STOPPED("stopped"),
    /** Somebody slept by its own wish, and held what others waited for, or owed them an answer. */
    HOLDS("holds"),
    /** Somebody slept by its own wish, and had nothing to give: who waits for it is idle. */
    SLEEPS("sleeps"),
    /** It came from outside of what is observed: another machine, an unobserved process. */
    OUTSIDE("outside"),
    /** Who or what ended the wait, or what that thread did meanwhile, is not known. */
    UNKNOWN("unknown");

    private final String label;

    Cause(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** Whether time that ended so was lost: of the others it is not known, or nothing was to be done. */
    public boolean delays() {
        return this == COMPUTES || this == NO_CPU || this == THROTTLED || this == DISK || this == STOPPED || this == HOLDS;
    }
}
