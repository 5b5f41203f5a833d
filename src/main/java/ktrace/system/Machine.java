package ktrace.system;

import java.util.List;
import ktrace.event.Fact;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.facts.FileKeys;
import ktrace.facts.FuseKeys;
import ktrace.facts.Question;
import ktrace.facts.Question.Urgency;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.KernelSockets;
import ktrace.system.objects.ObjectTable;
import ktrace.system.objects.RingRequest;
import ktrace.system.objects.Rings;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;
import ktrace.system.objects.Works;

/**
 * What the tracker knows of the machine, as far as families need it: the tables, and what is asked of the kernel where events left
 * something open. An answer may come later than it is asked for, as an event of its own; what is given then is what is known now.
 *
 * <p>Used on the tracker's thread; allocates for what is new.
 */
public final class Machine {
    // inode(7): S_IFMT, S_IFIFO, S_IFSOCK.
    private static final int FILE_TYPE = 0170000;
    private static final int PIPE = 0010000;
    private static final int SOCKET = 0140000;
    /** All of one file system, which gives no number twice. */
    private static final ObjectKind[] SOCKETS = {ObjectKind.UNIX, ObjectKind.TCP, ObjectKind.UDP};

    private final FamilySet families;
    private final ProcessTable processes;
    private final ThreadTable threads;
    private final ObjectTable objects;
    private final Lookups lookups;
    private final Releases.RecentEnds recentEnds;
    private final FutexWords words;
    private final Works works = new Works();
    private final KernelSockets connecting = new KernelSockets();
    /** When events were lost last. */
    private long lostNs = Long.MIN_VALUE;

    Machine(FamilySet families, ProcessTable processes, ThreadTable threads, ObjectTable objects, Lookups lookups,
            Releases.RecentEnds recentEnds) {
        this.families = families;
        this.processes = processes;
        this.threads = threads;
        this.objects = objects;
        this.lookups = lookups;
        this.recentEnds = recentEnds;
        words = new FutexWords(processes, objects, lookups);
    }

    // -- processes -----------------------------------------------------------------------------------------------------------

    /** Null when it is neither observed nor otherwise known. */
    public ProcessEntry process(int tgid) {
        return processes.get(tgid);
    }

    /** Null when it is not observed. */
    public ThreadEntry thread(int tid) {
        return threads.get(tid);
    }

    /** What is waited for by wait4(2) and pidfds: the end of process {@code tgid}, known or not. */
    public TrackedObject child(int tgid) {
        return processes.child(tgid);
    }

    /** The same for the process that {@code process} calls {@code number}; null when it is in a namespace, and not known. */
    public TrackedObject child(ProcessEntry process, int number) {
        int tgid = process.outside(number);
        return tgid == 0 ? null : processes.child(tgid);
    }

    /**
     * Where no scheduler is seen: the last thread of the process that {@code parent} calls {@code number}, if that has ended since
     * {@code sinceNs}; else null.
     */
    public ThreadEntry endedSince(ProcessEntry parent, int number, long sinceNs) {
        return parent.inNamespace ? recentEnds.childSince(parent.tgid, number, sinceNs) : recentEnds.since(number, sinceNs);
    }

    /** Who is at the other end of {@code object}, as seen from {@code process}. */
    public List<Peer> peers(TrackedObject object, ProcessEntry process, Way way) {
        return PeerLists.of(this, families, object, process, way);
    }

    /**
     * Whether {@code waker}, whose CPU an interrupt uses, is who sent what the interrupt delivers to {@code object}, which is null
     * when it is not known.
     */
    public boolean delivers(ThreadEntry waker, TrackedObject object, long nowNs) {
        if (object == null || !waker.inSyscall() && waker.request() == null || !families.of(object.kind()).deliversInInterrupt()) {
            return false;
        }
        settle(waker, nowNs);
        WakeUp delivery = new WakeUp(this, families).of(waker, waker).inInterrupt(true);
        if (!delivery.isAbout(object)) {
            return false;
        }
        families.of(object.kind()).ended(delivery, object);
        return true;
    }

    /** What io_uring does. */
    public Rings rings() {
        return objects.rings;
    }

    /**
     * Who is the cause of what {@code waker} does: of what a thread of the kernel does for a ring, the thread that submitted it.
     * Not so for {@code woken} itself, which may have submitted what it waits for.
     */
    public ThreadEntry actsFor(ThreadEntry waker, ThreadEntry woken) {
        RingRequest request = waker.inSyscall() ? null : waker.request();
        ThreadEntry submitter = request == null ? null : threads.get(request.submitter());
        return submitter == null || submitter == woken ? waker : submitter;
    }

    /**
     * {@code thread} works on {@code object} for a ring, or, when that is null, no more: one of the kernel's own, which makes no
     * calls though /proc may say so, or one between its calls.
     */
    public void worksOn(ThreadEntry thread, TrackedObject object) {
        if (thread.inSyscall()) {
            thread.leaveSyscall();
        }
        thread.object = object;
        thread.settle(objects);
    }

    Family familyOf(TrackedObject object) {
        return families.of(object.kind());
    }

    /**
     * A thread enters a call that reads or writes {@code object}, which may be null.
     *
     * @param thread null when it is a ring of io_uring that has it done
     */
    public void uses(ThreadEntry thread, TrackedObject object, Way way, long nowNs) {
        if (object != null && object.kind().ipc()) {
            familyOf(object).used(object, way, thread == null ? null : thread.waker(), nowNs);
        }
    }

    /** Who alone can have done what an interrupt now brings to {@code object}; null when that is not known. */
    Waker delivered(TrackedObject object, Way way, boolean inCall) {
        return familyOf(object).delivered(object, way, inCall, lostNs);
    }

    /** Whether the process is known to hold what {@code object} is connected to. */
    boolean holdsOtherEnd(int pid, TrackedObject object) {
        TrackedObject end = object.otherEnd();
        ProcessEntry process = end == null ? null : process(pid);
        return process != null && end.holdingOf(process.fds) != null;
    }

    /** Events were lost: what was under way then may have ended, and others may have begun. */
    void doubt(long nowNs) {
        lostNs = nowNs;
        rings().forget();
        processes.suspectDescriptors();
    }

    /** What the thread's call works on may have become known since it was entered. */
    void settle(ThreadEntry thread, long nowNs) {
        thread.call().settle(this, thread, nowNs);
        settle(thread);
    }

    /** What its call works on may have changed. */
    public void settle(ThreadEntry thread) {
        thread.settle(objects);
    }

    /** The thread has entered its call, which works on what it is stamped with. */
    void enter(ThreadEntry thread, TraceEvent event) {
        if (thread.call() != SystemCall.UNKNOWN) {
            thread.call().enter(this, thread, event.timeNs);
            thread.stampAnew(this);
            event.object = thread.stamped;
            event.peers = thread.stampedPeers;
        }
    }

    // -- descriptors ---------------------------------------------------------------------------------------------------------

    /** What a call works on that uses descriptor {@code fd}: looked up, if it is not known yet. */
    public TrackedObject used(ProcessEntry process, int fd, long nowNs) {
        TrackedObject object = process.fds.get(fd);
        boolean suspect = (process.fds.flags(fd) & FdTable.SUSPECT) != 0;
        if (object != null && object.named && !suspect) {
            if (nowNs >= object.nextHolderLookupNs) {
                lookups.findHolders(object, nowNs);
            }
            return object;
        }
        if (fd < 0 || (!suspect && !lookups.isDue(process, fd, nowNs))) {
            return object;
        }
        return lookups.lookUp(process, fd, nowNs, object == lookups.opened ? Urgency.LATER : Urgency.SOON);
    }

    /** The same for a thread that waits there now, or wakes another. {@code known}: what it has been so far. */
    public TrackedObject settled(ProcessEntry process, int fd, TrackedObject known, long nowNs) {
        TrackedObject object = known == null ? null : known.canonical();
        if (object != null && object.named) {
            return known;
        }
        return lookups.isDue(process, fd, nowNs)
                ? lookups.lookUp(process, fd, nowNs, Urgency.SOON) : process.fds.get(fd);
    }

    /** What {@code fd} refers to, if nothing at all is known of it looked up, whatever the call does with it. */
    public TrackedObject known(ProcessEntry process, int fd, long nowNs) {
        TrackedObject object = process.fds.get(fd);
        return object == null || object.isStandIn() ? lookups.lookUp(process, fd, nowNs, Urgency.SOON) : object;
    }

    /** What {@code fd} refers to, by its name if that can be had. */
    public TrackedObject named(ProcessEntry process, int fd, long nowNs) {
        return lookups.isDue(process, fd, nowNs) ? lookups.lookUp(process, fd, nowNs, Urgency.SOON) : process.fds.get(fd);
    }

    /** Asks what {@code fd} refers to for an event that waits for the answer. {@code known}: what it has been so far. */
    public void askNow(ProcessEntry process, int fd, TrackedObject known, long nowNs) {
        if (known == null || !known.canonical().named) {
            lookups.askNow(process, fd, nowNs);
        }
    }

    /**
     * Whether the lowest free number of the process is the one that the kernel gives out next (open(2)), so that a call which
     * writes the numbers of new descriptors into the caller's memory is known to give those. Holds for the shortest-lived process,
     * of which /proc has nothing left by the time of asking. If the table is not complete it is read again: the new numbers are
     * among those that are open now, and each is entered as what it is.
     */
    public boolean knowsNewNumbers(ProcessEntry process, long nowNs) {
        if (Lives.settled(process.fds, nowNs)) {
            return true;
        }
        lookups.lookUpAll(process);
        return false;
    }

    /** Stands for what open(2) made, by a path, and nobody has used yet in a way that matters. */
    public TrackedObject opened() {
        return lookups.opened;
    }

    /** Stands for what a call made that can make many kinds of things. */
    public TrackedObject made() {
        return lookups.made;
    }

    /** The file that is mapped at an address of a process; null when it is none, or not known. */
    public TrackedObject mappedAt(ProcessEntry process, long address, long nowNs) {
        MappingSnapshot mapping = process.memory.mapping(address);
        if (mapping == null || mapping.inode() == 0) {
            return null;
        }
        boolean isServed = find(ObjectKind.FUSE, FuseKeys.ofServer(mapping.device())) != null;
        return internOpened(isServed
                ? new KernelObject(ObjectKind.FUSE, mapping.path(), FuseKeys.ofFile(mapping.device(), mapping.path()))
                : new KernelObject(ObjectKind.DISK, mapping.path(), FileKeys.of(mapping.device(), mapping.inode())), nowNs);
    }

    /** Asks what is mapped at an address of a process, if that is not known, for an event that waits for the answer. */
    public void askMapped(ProcessEntry process, long address) {
        if (process.memory.mapping(address) == null) {
            lookups.askNow(process, address);
        }
    }

    // -- other objects -------------------------------------------------------------------------------------------------------

    /**
     * Asks what a thread polls for that is about to block.
     *
     * @param isBits whether the set is given as those of select(2) are
     */
    public void askPolled(ThreadEntry thread, boolean isBits, long nowNs) {
        Waits.askPolled(thread, isBits, nowNs, lookups);
    }

    /** The answer has come. */
    public void polls(Fact.Polled fact) {
        Waits.polls(threads.get(fact.tid()), fact);
    }

    /** Asks what a thread in open(2) opens, for an event that waits for the answer: as long as it is blocked its path stays. */
    public void askOpening(ThreadEntry thread, int dirFd, long pathAddress) {
        lookups.askNow(thread, dirFd, pathAddress);
    }

    /** Asks again what a path leads to that a thread waits at, and of which it is known what it led to. */
    public void askPathAgain(ThreadEntry thread, int dirFd) {
        lookups.ask(new Question.OfPath(thread.tid, thread.process.tgid, dirFd, thread.path), Urgency.SOON);
    }

    /** Asks what {@code process} submitted to a context of Linux AIO, for an event that waits for the answer. */
    public void askSubmitted(ProcessEntry process, long context, long listAddress, int count) {
        lookups.askSubmitted(process.tgid, context, listAddress, count);
    }

    /** The object with this number, if it has been used before; else null. */
    public TrackedObject find(ObjectKind kind, long key) {
        return objects.find(kind, key);
    }

    /** The pipe or socket of this inode, if it is known; null for all other sorts of files, whose inodes are not theirs alone. */
    TrackedObject ofInode(long inode, int mode) {
        if ((mode & FILE_TYPE) == PIPE) {
            return objects.find(ObjectKind.PIPE, inode);
        }
        for (int i = 0; (mode & FILE_TYPE) == SOCKET && i < SOCKETS.length; i++) {
            TrackedObject socket = objects.find(SOCKETS[i], inode);
            if (socket != null) {
                return socket;
            }
        }
        return null;
    }

    /** The object with the kind and key of {@code found}, called as {@code found} is from now on. */
    public TrackedObject intern(KernelObject found) {
        return objects.intern(found);
    }

    /** The same for what a path has led to. */
    public TrackedObject internOpened(KernelObject found, long nowNs) {
        TrackedObject object = objects.intern(found);
        if (found.kind() == ObjectKind.DISK || found.kind() == ObjectKind.FUSE) {
            objects.remember(object);
        }
        lookups.share(object, nowNs);
        return object;
    }

    /** The number may be given to another object. */
    public void forget(ObjectKind kind, long key) {
        objects.remove(kind, key);
    }

    /** Whether the wait of the thread that has just polled may have ended through what its next call is on. */
    boolean mayHaveEnded(ThreadEntry thread) {
        TrackedObject object = thread.canonicalObject();
        return object != null && !object.isStandIn() && object.kind().ipc()
                && (!thread.guess.isInInterrupt() || familyOf(object).endsInInterrupt(object));
    }

    /** Sockets that are being connected. */
    public KernelSockets connecting() {
        return connecting;
    }

    /**
     * The socket is called so, as an event has told: that stands wherever it was told of, and will be. What else there is to know
     * of it is still to be looked up. Nothing if it is known already.
     */
    public void call(TrackedObject socket, String name) {
        objects.call(socket, new KernelObject(socket.kind(), name, 0));
    }

    /** Asks how a System V queue or semaphore set is called. */
    public void askSysvIpc(ObjectKind kind, int id) {
        lookups.sysvIpc(kind, id);
    }

    /** What was queued for threads of the kernel. */
    public Works works() {
        return works;
    }

    /** The thread has queued a work, by what it puts into its object, if that is of the kind {@code of}. */
    public void queues(ThreadEntry thread, long work, ObjectKind of, long nowNs) {
        if (thread != null) {
            settle(thread, nowNs);
        }
        TrackedObject object = thread == null ? null : thread.canonicalObject();
        boolean puts = object != null && object.kind() == of;
        works.queued(work, puts ? thread.waker() : null, puts ? object.object : null);
    }

    /** The words that futexes lie at. */
    public FutexWords words() {
        return words;
    }
}
