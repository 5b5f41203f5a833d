package ktrace.ptrace;

import ktrace.decode.Call;

/** A traced thread, as the tracer knows it. Written by the tracer's thread alone; one for each thread, nothing per stop. */
final class Tracee {
    /** {@link #tgid} of a thread that stopped before it was told whose child it is. */
    static final int UNKNOWN = 0;
    /** {@link #cloneFlags} of a call whose arguments were not seen. */
    static final long NOT_KNOWN = -1;

    final int tid;
    int tgid;
    /** Its name, as {@link ktrace.event.Comm}. */
    long comm0;
    long comm1;
    /** It stands still, and waits to be told whose child it is. */
    boolean waitsForParent;
    /** Only because the kernel attaches what a traced thread makes: it is let go at its first stop. */
    boolean unwanted;
    /** Attached while it ran; its calls are reported from its first stop on. */
    boolean stopsAtCalls;
    /** Its next entry goes on with a call that ktrace interrupted by attaching. */
    boolean restarts;
    boolean inCall;
    /** The number of its call on the native ABI, or what stands for it. */
    int number = -1;
    long firstArgument;
    /** Where its call leaves its result, of one that does not return it; else 0. */
    long resultAt;
    /** The flags of the clone(2), clone3(2), fork(2) or vfork(2) that it is in. */
    long cloneFlags = NOT_KNOWN;
    /** Its call is to make a child untraced, and was kept from it ({@link UntracedChildren}). */
    boolean untraces;
    /** It has not run yet. */
    boolean newborn;
    boolean exitReported;
    /** Of its last execve(2), where that was seen; else null. */
    String execPath;
    /** The call in flight, when its text is wanted. */
    Call call;
    /** Whether {@link #call} is that of the call it is in. */
    boolean callWanted;

    Tracee(int tid, int tgid) {
        this.tid = tid;
        this.tgid = tgid;
    }

    /** Goes on under the leader's number: exec by a thread that was not the leader. */
    void continueFrom(Tracee caller) {
        nameLike(caller);
        stopsAtCalls = caller.stopsAtCalls;
        inCall = caller.inCall;
        number = caller.number;
        firstArgument = caller.firstArgument;
        resultAt = caller.resultAt;
        execPath = caller.execPath;
        call = caller.call;
        callWanted = caller.callWanted;
    }

    void nameLike(Tracee other) {
        comm0 = other.comm0;
        comm1 = other.comm1;
    }
}
