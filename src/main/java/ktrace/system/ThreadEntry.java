package ktrace.system;

import java.util.List;
import ktrace.event.Comm;
import ktrace.event.Fact;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.system.CallPairing.Place;
import ktrace.system.Family.Halt;
import ktrace.system.objects.ObjectTable;
import ktrace.system.objects.Ring;
import ktrace.system.objects.RingRequest;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;
import ktrace.system.ready.Ready;

/**
 * An observed thread and the system call it is in. Written by the tracker's thread; one for each thread, nothing per event. What is
 * public of it the calls of the families read, and write for their caller.
 */
public final class ThreadEntry {
    /** What the kernel returns for a call that restart_syscall(2) is to go on with (include/linux/errno.h). */
    private static final int ERESTART_RESTARTBLOCK = 516;
    /** Of {@link #interruptFlags}. */
    static final int ENDED = 1 << 30;

    public final int tid;
    final ThreadId id;
    public final ProcessEntry process;
    /** The six arguments of the call in flight, or, when it is in none, of the last. */
    public final long[] args = new long[6];
    /** What the call works on; null when nothing, or not known. */
    public TrackedObject object;
    /** What it works on as well: the second descriptor of splice(2). */
    public TrackedObject secondObject;
    /** What stands for the kind of waiting, where {@link #object} is not known or there is none. */
    public KernelObject standsFor;
    /** It waits for one of its two objects, and it is not known for which. */
    public boolean isEither;
    /**
     * What the last call closed. Until 6.6 close(2), and on all kernels dup2(2) and exec, let go of the file only on the way back
     * to user mode, after sys_exit (task_work, fs/file_table.c): who waits at its other end is woken then.
     */
    public TrackedObject released;
    /** It was asked what the path of the call leads to. */
    public boolean pathAsked;
    /** The path that it waits at in its call, as it stands in its memory; null when that is not known. */
    public String path;
    /** The process that it has made last, until the call that made it has returned. */
    ProcessEntry made;
    /** The call has made a child by CLONE_VFORK, and waits for it to exec or end. */
    public boolean vfork;
    /** Where no scheduler is seen: who made a call meanwhile that ends a wait as this one's; null when nobody did. */
    public ThreadEntry letOnBy;
    /** Through what, if not through the object of the call; null when that is not known. */
    public TrackedObject letOnThrough;
    boolean letOnByGuess;
    /** What the call returns if it was let on so, or 0 when that is not known. */
    public int letOnResult;

    /** The connection that it last sent a request on, and the one that it last took one from. */
    TrackedObject asks;
    TrackedObject answers;

    /** The ring of io_uring that it makes, or waits at: what is posted there ends its wait. */
    public Ring ring;
    /** The ring that it last submitted to. */
    public Ring submitsTo;
    private RingRequest request;

    /** When it last found a lock inside the kernel taken, for which it was about to sleep. */
    public long contendedNs = Long.MIN_VALUE / 2;
    /** It has begun to wait for such a lock. */
    boolean waitsForLock;

    /** What it polls for in its call; null when that is not known. */
    public Fact.Polled polled;
    private SystemCall call = SystemCall.UNKNOWN;
    private int number = -1;
    /** The call that the kernel asked to go on with, by restart_syscall(2). */
    private SystemCall interrupted = SystemCall.UNKNOWN;
    /** Where it is, and when it entered the call: written by {@link CallPairing}. */
    Place place = Place.UNKNOWN;
    long enteredNs;
    /** The entry was before the trace: when the call began is not known. */
    boolean atAttach;
    /** Somebody in view that was asked for has waited for it, or for one that has waited for it. */
    boolean awaited;
    /** Its birth was seen. */
    boolean born;
    /** It exec'd in a call whose entry was not seen. */
    boolean execed;
    /** Since when it has run without the return that must come next, as far as it is told by {@link CallPairing}. */
    long runsSinceNs;
    /** How long it had run so before. */
    long ranNs;
    /** A return must come next, of exec or of the fork that made it. */
    boolean returnDue;
    /** What the call works on as its SYS_ENTER was stamped, or as has become known since, and who is at the other end. */
    KernelObject stamped;
    List<Peer> stampedPeers = List.of();
    /** exec has closed these, and the next call has not begun. */
    TrackedObject[] releasedByExec;
    final Guesses.OfThread guess = new Guesses.OfThread();
    /** It is in a call that another's may end, see {@link Releases}. */
    boolean awaitsRelease;
    /** From SCHED_PROCESS_EXIT on: what it wakes, it wakes by ending. */
    boolean exiting;
    /** When it was last seen to be woken or switched in: what was said of its sleep before that is over. */
    long awakeNs = Long.MIN_VALUE;
    /** Its last wait in this call was ended in interrupt context, or unseen: the flags of that event, and one that says so. Else 0. */
    int interruptFlags;
    final Ready.Turn turn = new Ready.Turn();
    final LongWaits.Asked holderAsked = new LongWaits.Asked();
    /** In which state it waits, {@link ktrace.linux.PrevState}, and since when; 0 when it does not. */
    long waitsIn;
    long waitsSinceNs;
    /** And what for, when it does so in a call; else null. */
    ObjectKind waitsFor;
    /** Where it sleeps, as far as /proc told. */
    Fact.OfSleep sleep;
    /** The kernel's function that it sleeps in, where that is what it waits for; else null. */
    KernelObject sleepsIn;
    /** What holds it still; null when it waits for what it does, or does not wait. */
    Halt halt;
    /** Not before then it is asked again where it sleeps. */
    long nextSleepAskNs = Long.MIN_VALUE / 2;
    /** The number of the call in which it was asked. */
    int sleepAskedIn = -1;
    /** The process that traces it, alone; empty when that is none, or not known. */
    public List<Peer> tracer = List.of();
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
    public Waker waker() {
        if (waker == null || waker.process() != process.peer) {
            String name = comm0 != 0 ? Comm.text(comm0, comm1) : tid == process.tgid ? process.peer.comm() : "";
            waker = new Waker(id, tid, name, process.peer);
        }
        return waker;
    }

    /** The call that made a process returns {@code number}: a namespace's, if it is not the one that its birth was told with. */
    public void hasMade(int number) {
        if (made != null) {
            made.inside = number;
            process.inNamespace |= number != made.tgid;
            made = null;
        }
    }

    public boolean inSyscall() {
        return number >= 0;
    }

    /** It is known to be in no call. */
    public boolean isOutsideCalls() {
        return place == Place.OUTSIDE;
    }

    /** Where nobody was seen to wake it, as the kernel writes nothing on some virtual machines while a CPU idles, its time may be up. */
    void runs(long nowNs) {
        interruptFlags = waitsIn != 0 && inSyscall() ? ENDED : interruptFlags;
        awakes(nowNs);
    }

    /** It runs, or is about to. */
    void awakes(long nowNs) {
        awakeNs = nowNs;
        waitsIn = 0;
        waitsFor = null;
        sleep = null;
        sleepsIn = null;
        halt = null;
        if (process.statesOnly()) {
            // Nothing will tell of the call's end, nor of the next, nor what becomes of the descriptor behind it.
            process.fds.suspect(call.descriptor(this));
            leaveSyscall();
            place = Place.UNKNOWN;
        }
    }

    /** The number of the call in flight, or -1. */
    public int number() {
        return number;
    }

    /** The call in flight; {@link SystemCall#UNKNOWN} also when it is in none. */
    public SystemCall call() {
        return call;
    }

    /** When it entered the call. */
    public long enteredNs() {
        return enteredNs;
    }

    /** What the call works on, as its events are stamped; null when that is not known. */
    public KernelObject worksOn() {
        return stamped;
    }

    /** {@link #object}, by the one entry that all which turned out to be the same go by; null when there is none. */
    public TrackedObject canonicalObject() {
        return object == null ? null : object.canonical();
    }

    /** It is about to end: in exit(2), or on the way out. */
    public boolean ends() {
        return exiting || call.endsCaller();
    }

    /** It has begun to end: its files are closed, and who waits for its end is woken, on this way. */
    public boolean isExiting() {
        return exiting;
    }

    /** It lets go of many descriptors, and what it wakes it may wake by that. */
    public boolean letsGo() {
        return exiting || call.letsGo();
    }

    /** The request of a ring that it works on; null when there is none. */
    public RingRequest request() {
        return request != null && request.isWorkedOnBy(tid) ? request : null;
    }

    /** Whether what it does takes data or puts data: its call, or the request that it works on. */
    public Way way() {
        RingRequest now = request();
        return now == null ? call.way() : now.way();
    }

    /** What it does may end waits for what it is not at work on, see {@link SystemCall#sends}. */
    public boolean sends() {
        RingRequest now = request();
        return now == null ? call.sends() : now.way() == Way.WRITE;
    }

    /** It works on this request from now on; null: on none. */
    public void worksOn(RingRequest newRequest) {
        request = newRequest;
        if (newRequest != null) {
            newRequest.workedOnBy(tid);
        }
    }

    void enterSyscall(SystemCall newCall, int newNumber) {
        call = newCall;
        number = newNumber;
        workOnNothing();
        waitsFor = null;
        pathAsked = false;
        path = null;
        vfork = false;
        polled = null;
        released = null;
        releasedByExec = null;
    }

    /** Those of the call that it has entered. */
    void takeArguments(TraceEvent enter) {
        for (int i = 0; i < args.length; i++) {
            args[i] = enter.argument(i);
        }
    }

    /** restart_syscall(2): the call that was interrupted goes on. */
    void restartSyscall(int newNumber) {
        enterSyscall(interrupted, newNumber);
    }

    /** The call returns, and may be gone on with. */
    void returns(long result) {
        if (result == -ERESTART_RESTARTBLOCK) {
            interrupted = call;
        }
    }

    void leaveSyscall() {
        number = -1;
        call = SystemCall.UNKNOWN;
        workOnNothing();
    }

    private void workOnNothing() {
        ring = null;
        request = null;
        object = null;
        secondObject = null;
        standsFor = null;
        isEither = false;
        stamped = null;
        stampedPeers = List.of();
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
        ring = null;
        submitsTo = null;
        request = null;
        released = null;
        releasedByExec = null;
        letOnBy = null;
        letOnThrough = null;
        asks = null;
        answers = null;
        awaitsRelease = false;
    }

    /** What the call is stamped with: its object, or what stands for its kind of waiting. */
    KernelObject stamp() {
        TrackedObject waited = waitedFor();
        return waited == null || waited.isStandIn() ? standsFor : waited.object;
    }

    /** Of two objects the one that can make the thread wait for somebody; null when both can. */
    TrackedObject waitedFor() {
        if (isEither) {
            return null;
        }
        if (secondObject != null && (object == null || !object.kind().ipc()) && secondObject.kind().ipc()) {
            secondObject = secondObject.canonical();
            return secondObject;
        }
        if (object != null) {
            object = object.canonical();
        }
        return object;
    }

    /** Who is at the other end of {@link #waitedFor}. Allocates only when somebody came or went. */
    List<Peer> peers(Machine machine) {
        return call.peers(machine, this, waitedFor());
    }

    /** Stamps from now on with what has become known, if there is anything; gives whether that is new. */
    boolean stampAnew(Machine machine) {
        KernelObject now = stamp();
        if (now == null || now == stamped) {
            return false;
        }
        stamped = now;
        stampedPeers = peers(machine);
        return true;
    }

    /** Goes on under another number: exec by a thread that was not the leader. */
    void continueFrom(ThreadEntry before) {
        call = before.call;
        number = before.number;
        place = before.place;
        enteredNs = before.enteredNs;
        atAttach = before.atAttach;
        System.arraycopy(before.args, 0, args, 0, args.length);
    }
}
