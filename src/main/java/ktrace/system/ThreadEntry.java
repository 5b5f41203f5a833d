package ktrace.system;

import ktrace.event.Comm;
import ktrace.event.KernelObject;
import ktrace.event.ThreadId;
import ktrace.event.Waker;

/**
 * An observed thread and the system call it is in. Written by the tracker's thread; one for each thread, nothing per event.
 */
final class ThreadEntry {
    final int tid;
    final ThreadId id;
    final ProcessEntry process;
    /** The call in flight, or {@link SyscallRole#NOTHING} when it is in none. */
    SyscallRole role = SyscallRole.NOTHING;
    int number = -1;
    final long[] args = new long[6];
    /** The call before, for restart_syscall(2), which goes on with it. */
    private SyscallRole lastRole = SyscallRole.NOTHING;
    /** When it entered the call, where no scheduler is seen. */
    long enteredNs;
    /** What the call works on; null when nothing, or not known. */
    TrackedObject object;
    /** What it works on as well: the second descriptor of splice(2). */
    TrackedObject secondObject;
    /** What the SYS_ENTER of the call was stamped with. */
    KernelObject stamped;
    /**
     * What the last call closed. Until 6.6 close(2), and on all kernels dup2(2) and exec, let go of the file only on the way back
     * to user mode, after sys_exit (task_work, fs/file_table.c): who waits at its other end is woken then.
     */
    TrackedObject released;
    /** exec has closed {@link #releasedByExec}, and the next call has not begun. */
    TrackedObject[] releasedByExec;
    /** What its last poll was guessed to have waited for, told with that waking; null when nothing was. */
    KernelObject guessed;
    /**
     * Where no scheduler is seen: who made a call meanwhile that ends a wait as this one's, through what, and whether that is a
     * guess.
     */
    ThreadEntry letOnBy;
    TrackedObject letOnThrough;
    boolean letOnByGuess;
    /** It is in a call that another's may end, see {@link Releases}. */
    boolean awaitsRelease;
    /** The signal that it sent, or 0. */
    int letOnSignal;
    /** It was asked what the path of the call leads to. */
    boolean pathAsked;
    /** From SCHED_PROCESS_EXIT on: what it wakes, it wakes by ending. */
    boolean exiting;
    private long comm0;
    private long comm1;
    /** Made when it first wakes another, and again when it or its process is called differently. */
    private Waker waker;
    private TrackedObject used;
    private TrackedObject secondUsed;

    ThreadEntry(int tid, ThreadId id, ProcessEntry process) {
        this.tid = tid;
        this.id = id;
        this.process = process;
    }

    void rename(long newComm0, long newComm1) {
        if (newComm0 != comm0 || newComm1 != comm1) {
            comm0 = newComm0;
            comm1 = newComm1;
            waker = null;
        }
    }

    void rename(String comm) {
        rename(Comm.pack(comm, 0), Comm.pack(comm, 8));
    }

    /** This thread as one that ends waits. */
    Waker waker() {
        if (waker == null || waker.process() != process.peer) {
            String name = comm0 != 0 ? Comm.text(comm0, comm1) : tid == process.tgid ? process.peer.comm() : "";
            waker = new Waker(id, tid, name, process.peer);
        }
        return waker;
    }

    boolean inSyscall() {
        return number >= 0;
    }

    int fdArgument() {
        return role.fdArgument() < 0 ? -1 : (int) args[role.fdArgument()];
    }

    void enterSyscall(SyscallRole newRole, int newNumber) {
        role = newRole.target() == SyscallRole.Target.RESTART ? lastRole : newRole;
        number = newNumber;
        object = null;
        secondObject = null;
        stamped = null;
        pathAsked = false;
        released = null;
        releasedByExec = null;
    }

    void leaveSyscall() {
        lastRole = role;
        number = -1;
        role = SyscallRole.NOTHING;
        object = null;
        secondObject = null;
        stamped = null;
    }

    /** What it works on is kept by it, until it works on something else: to be called when that may have changed. */
    void settle(ObjectTable objects) {
        used = objects.use(used, object);
        secondUsed = objects.use(secondUsed, secondObject);
    }

    /** It has ended: it refers to nothing any more, whoever still refers to it. */
    void die(ObjectTable objects) {
        object = null;
        secondObject = null;
        settle(objects);
        released = null;
        releasedByExec = null;
        letOnBy = null;
        letOnThrough = null;
        awaitsRelease = false;
    }

    /** Goes on under another number: exec by a thread that was not the leader. */
    void continueFrom(ThreadEntry before) {
        role = before.role;
        number = before.number;
        System.arraycopy(before.args, 0, args, 0, args.length);
    }
}
