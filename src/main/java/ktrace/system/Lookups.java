package ktrace.system;

import java.util.List;
import ktrace.event.Fact;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.event.SocketNames;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.facts.Question.Urgency;
import ktrace.facts.Question;
import ktrace.facts.Questions;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.ObjectTable;
import ktrace.system.objects.TrackedObject;

/**
 * Asks {@link Questions} about what the events left open, and enters the answers into the tables: {@link Fact}s, and what comes
 * unasked, as FD_STATE. Asked is when a number is used, not when it is made: most files are opened, read and closed before anybody
 * could ask.
 *
 * <p>Asking changes nothing but when it is asked again. Until an answer comes, an object is what the events say that it is.
 *
 * <p>Written by the tracker's thread; allocates with each question.
 */
final class Lookups {
    private static final long RETRY_NS = 1_000_000_000L;
    private static final long RETRY_SOON_NS = 10_000_000L;
    private static final int HOLDER_LOOKUPS = 5;
    private static final long HOLDER_RETRY_NS = 200_000_000L;

    /** What some call made that can make many kinds of things. */
    final TrackedObject made = TrackedObject.standIn(new KernelObject(ObjectKind.OTHER, "descriptor", 0));
    /** What open(2) made, by a path, and nobody has used yet in a way that matters. */
    final TrackedObject opened = TrackedObject.standIn(new KernelObject(ObjectKind.OTHER, "file", 0));
    /** A number that was looked up in vain. */
    final TrackedObject unknown = TrackedObject.standIn(new KernelObject(ObjectKind.OTHER, "unknown", 0));

    private final Questions questions;
    private boolean askedNow;
    private final FamilySet families;
    private final ObjectTable objects;
    private final ProcessTable processes;
    private final TraceCounters counters;

    Lookups(Questions questions, FamilySet families, ObjectTable objects, ProcessTable processes, TraceCounters counters) {
        this.questions = questions;
        this.families = families;
        this.objects = objects;
        this.processes = processes;
        this.counters = counters;
    }

    /** Whether a call on this descriptor should ask what it is: what one holder has closed, another may still have open. */
    boolean isDue(ProcessEntry process, int fd, long nowNs) {
        TrackedObject object = process.fds.get(fd);
        return !process.fds.isAsked(fd) && (object == null || (!object.named && object != unknown
                && (nowNs >= object.nextLookupNs || object.lastLookup != place(process, fd))));
    }

    /** One of the descriptors that an object may be looked up by. */
    private static long place(ProcessEntry process, int fd) {
        return (long) process.tgid << Integer.SIZE | fd;
    }

    /** Asks; the answer comes when it comes. */
    boolean ask(Question question, Urgency urgency) {
        return questions.ask(question, urgency);
    }

    private void askNow(Question question) {
        askedNow |= questions.ask(question, Urgency.NOW);
    }

    /** Whether something was asked that an event should wait for, since the last time that this was called. */
    boolean takeAskedNow() {
        boolean taken = askedNow;
        askedNow = false;
        return taken;
    }

    /**
     * Asks what {@code fd} of {@code process} refers to.
     *
     * @return what it refers to as far as is known now; null when that is nothing at all
     */
    TrackedObject lookUp(ProcessEntry process, int fd, long nowNs, Urgency urgency) {
        FdTable fds = process.fds;
        TrackedObject current = fds.get(fd);
        if (fd < 0 || fd >= FdTable.LIMIT || fds.isAsked(fd)) {
            return current;
        }
        if (current == null) {
            // It is open, or the call will fail: that is known with the answer.
            fds.putStandIn(fd, made);
            current = made;
        }
        if (!current.isStandIn()) {
            current.nextLookupNs = nowNs + RETRY_SOON_NS;
            current.lastLookup = place(process, fd);
        }
        if (questions.ask(new Question.OfDescriptor(process.tgid, fd), urgency)) {
            fds.asked(fd);
        }
        return current;
    }

    /** Asks what {@code fd} refers to, if that is not known, for an event that should wait for the answer. */
    void askNow(ProcessEntry process, int fd, long nowNs) {
        if (fd >= 0 && fd < FdTable.LIMIT && (process.fds.isAsked(fd) || isDue(process, fd, nowNs))) {
            askNow(new Question.OfDescriptor(process.tgid, fd));
        }
    }

    /** The answer about one descriptor. */
    private void answered(Fact.OfDescriptor fact, long nowNs) {
        ProcessEntry process = processes.get(fact.tgid());
        if (process == null) {
            return;
        }
        int fd = fact.fd();
        FdTable fds = process.fds;
        boolean suspect = (fds.flags(fd) & FdTable.SUSPECT) != 0;
        fds.answered(fd);
        TrackedObject current = fds.get(fd);
        FdSnapshot snapshot = fact.found();
        boolean replaceable = suspect || (current != null && current.inferred);
        if (snapshot != null && current != null && sharesNumbers(current.kind())
                && snapshot.peerKey() == FdSnapshot.PEER_UNKNOWN) {
            // Neither bound nor connected as far as the kernel tells, or too new for its last dump. It has no kind then that could
            // agree or not.
            current.nextLookupNs = nowNs + RETRY_SOON_NS;
            current.lastLookup = place(process, fd);
            return;
        }
        if (snapshot == null && current == null) {
            // Closed on both sides. A stand-in here would take a number that the kernel gives to the next that is opened.
            return;
        }
        if (snapshot == null || (!replaceable && !agrees(current, snapshot.object()))) {
            if (current.isStandIn()) {
                fds.putStandIn(fd, unknown);
            } else {
                current.nextLookupNs = nowNs + RETRY_NS;
                current.lastLookup = place(process, fd);
            }
            return;
        }
        TrackedObject found = enter(process, snapshot, nowNs);
        found.lookedUp = true;
        if (!hasKnownOtherEnd(found)) {
            findHolders(found, nowNs);
        }
    }

    /**
     * A thread waits on a descriptor whose object could not be found out: that is told, once for each. Of the many that are opened
     * and closed without anybody waiting, none is missed.
     */
    void countUnknown(ThreadEntry thread) {
        int fd = thread.call().descriptor(thread);
        if (fd < 0 || thread.object != null && thread.object.canonical().named) {
            return;
        }
        FdTable fds = thread.process.fds;
        TrackedObject object = fds.get(fd);
        if (object != null && !object.named && fds.firstTimeUnknown(fd)) {
            counters.increment(TraceCounter.UNKNOWN_FD);
        }
    }

    /** Has the whole table of a process told again: numbers were handed out that no event told. */
    void lookUpAll(ProcessEntry process) {
        if (!process.fds.allAsked) {
            process.fds.allAsked = questions.ask(new Question.OfTable(process.tgid), Urgency.SOON);
        }
    }

    private void answered(Fact.TableTold fact) {
        ProcessEntry process = processes.get(fact.tgid());
        if (process != null) {
            process.fds.allAsked = false;
            process.fds.complete = true;
        }
    }

    /** FACT. */
    void answered(Fact fact, long nowNs) {
        switch (fact) {
            case Fact.OfDescriptor descriptor -> answered(descriptor, nowNs);
            case Fact.Held(FdSnapshot held) -> enter(outsider(held.tgid()), held, nowNs);
            case Fact.TableTold table -> answered(table);
            case Fact.OfThread thread -> answered(thread);
            // The families hear of them, and others.
            case Fact.OfAddress _, Fact.OfOpening _, Fact.OfPath _, Fact.AtPath _, Fact.OfSleep _, Fact.OfSysvIpc _, Fact.Submitted _,
                    Fact.OfQuota _, Fact.OfAffinity _, Fact.OfWatch _, Fact.HeldBy _, Fact.Polled _, Fact.OfSteal _,
                    Fact.OfCollector _ -> { }
        }
    }

    /** FD_STATE: of an observed process, or of an outsider at the other end of something. */
    void announced(FdSnapshot snapshot, long nowNs) {
        ProcessEntry process = outsider(snapshot.tgid());
        process.fds.announcedNs = nowNs;
        TrackedObject found = enter(process, snapshot, nowNs);
        if (process.statesOnly()) {
            findHolders(found, nowNs);
        }
    }

    /** A process that is not observed, by its number; it stands here from the first time that it matters, and is asked about. */
    ProcessEntry outsider(int tgid) {
        ProcessEntry known = processes.get(tgid);
        if (known != null) {
            return known;
        }
        questions.ask(new Question.OfThread(tgid), Urgency.SOON);
        return processes.outsider(tgid, 0, "");
    }

    /** The process of a thread that an event named without its process; null when that is not known yet. */
    ProcessEntry processOf(int tid) {
        ProcessEntry process = processes.ofThread(tid);
        if (process == null) {
            questions.ask(new Question.OfThread(tid), Urgency.SOON);
        }
        return process;
    }

    private void answered(Fact.OfThread fact) {
        ProcessSnapshot found = fact.found();
        ProcessEntry process = processes.get(found.tgid());
        if (process == null) {
            process = processes.outsider(found.tgid(), found.ppid(), found.comm());
        } else if (!process.observed()) {
            process.ppid = found.ppid();
            process.rename(found.comm());
        }
        processes.belongs(fact.tid(), process);
    }

    /** The System V queue or set with this id is not known by its name. */
    void sysvIpc(ObjectKind kind, int id) {
        questions.ask(new Question.OfSysvIpc(kind, id), Urgency.SOON);
    }

    /** Asks what a thread blocked in open(2) opens. */
    void askNow(ThreadEntry thread, int dirFd, long pathAddress) {
        askNow(thread.path == null ? new Question.OfOpening(thread.tid, thread.process.tgid, dirFd, pathAddress)
                : new Question.OfPath(thread.tid, thread.process.tgid, dirFd, thread.path));
    }

    /** Asks where a thread sleeps that is switched out at {@code sinceNs}, for an event that waits for the answer. */
    void askSleepNow(ThreadEntry thread, long sinceNs) {
        askNow(new Question.OfSleep(thread.tid, thread.process.tgid, sinceNs));
    }

    /** The same; the answer may come while it sleeps. */
    void askSleep(ThreadEntry thread, long sinceNs) {
        questions.ask(new Question.OfSleep(thread.tid, thread.process.tgid, sinceNs), Urgency.SOON);
    }

    /** Asks what was submitted to a context of Linux AIO, for an event that waits for the answer. */
    void askSubmitted(int tgid, long context, long listAddress, int count) {
        askNow(new Question.OfSubmitted(tgid, context, listAddress, count));
    }

    /** What is mapped at an address is not known. */
    void mapping(ProcessEntry process, long address) {
        if (process.memory.asksOf(address)) {
            questions.ask(new Question.OfAddress(process.tgid, address), Urgency.SOON);
        }
    }

    /** The same, for an event that should wait for the answer. */
    void askNow(ProcessEntry process, long address) {
        askNow(new Question.OfAddress(process.tgid, address));
    }

    private TrackedObject enter(ProcessEntry process, FdSnapshot snapshot, long nowNs) {
        TrackedObject current = process.fds.get(snapshot.fd());
        List<TrackedObject> sets = process.fds.takeAwaiting(snapshot.fd());
        TrackedObject found;
        if (snapshot.object().kind() == ObjectKind.CHILD) {
            found = processes.child((int) snapshot.object().key());
        } else if (current != null && !current.isStandIn() && agrees(current, snapshot.object())
                && (!current.named || isSame(current, snapshot.object()))) {
            found = objects.identify(current, snapshot.object());
        } else {
            found = objects.intern(snapshot.object());
        }
        if (found != process.fds.get(snapshot.fd())) {
            process.fds.put(snapshot.fd(), found, FdTable.flagsOfOpen(snapshot.flags()));
        }
        share(found, nowNs);
        if (snapshot.sendsTo() > 0) {
            found.sendTo(objects.receiver(found, snapshot.sendsTo()));
        } else {
            connect(found, snapshot.peerKey(), place(process, snapshot.fd()), nowNs);
        }
        watch(process, found, snapshot.watched());
        for (TrackedObject set : sets) {
            set.epoll.watch(snapshot.fd(), found);
        }
        return found;
    }

    private void connect(TrackedObject socket, long peerKey, long place, long nowNs) {
        if (peerKey == FdSnapshot.LISTENING) {
            socket.listening = true;
        } else if (peerKey == FdSnapshot.PEER_UNKNOWN) {
            // The number is known, the addresses are not yet.
            socket.named = false;
            socket.nextLookupNs = nowNs + RETRY_SOON_NS;
            socket.lastLookup = place;
        } else if (socket.other == null || socket.isOneWay() || socket.other.canonical() == socket) {
            TrackedObject other = objects.otherEnd(socket, peerKey);
            if (other != null && other != socket) {
                socket.connect(other);
            }
        } else if (!socket.other.canonical().named && peerKey > 0) {
            // The other end of a socketpair, which its maker may have closed already: it is known by what this end says.
            TrackedObject other = objects.otherEnd(socket, peerKey);
            socket.connect(objects.identify(socket.other.canonical(), other.object));
        }
    }

    /** Of one that shares its other end with others, by what its number says: enters that end, and asks who holds it. */
    void share(TrackedObject object, long nowNs) {
        long key = families.of(object.kind()).sharedEnd(object.object);
        if (key != 0 && object.other == null) {
            object.leanOn(objects.otherEnd(object, key));
            if (!hasKnownOtherEnd(object)) {
                findHolders(object, nowNs);
            }
        }
    }

    private void watch(ProcessEntry process, TrackedObject set, List<Integer> fds) {
        for (int fd : fds) {
            TrackedObject member = process.fds.get(fd);
            if (member != null && !member.isStandIn()) {
                set.epoll.watch(fd, member);
            } else {
                process.fds.await(fd, set);
            }
        }
    }

    private boolean hasKnownOtherEnd(TrackedObject object) {
        return families.of(object.kind()).isOtherEndKnown(object);
    }

    /**
     * Asks who holds the other end, when nobody known does: a few times, at growing intervals, for whoever holds it may come later.
     */
    void findHolders(TrackedObject object, long nowNs) {
        if (hasKnownOtherEnd(object)) {
            object.nextHolderLookupNs = Long.MAX_VALUE;
            return;
        }
        if (object.holderLookups == HOLDER_LOOKUPS) {
            counters.increment(TraceCounter.UNKNOWN_PEER);
            object.nextHolderLookupNs = Long.MAX_VALUE;
            return;
        }
        object.nextHolderLookupNs = nowNs + (HOLDER_RETRY_NS << object.holderLookups);
        object.holderLookups++;
        TrackedObject wanted = object.other == null ? object : object.other.canonical();
        questions.ask(new Question.OfHolders(wanted.object), Urgency.SOON);
    }

    private boolean sharesNumbers(ObjectKind kind) {
        return families.of(kind).sharesNumbers();
    }

    /** Whether an answer can be about what was seen to be made: else the number has been used again since. */
    private boolean agrees(TrackedObject current, KernelObject found) {
        if (current == opened) {
            return families.of(found.kind()).isOpened(found);
        }
        if (current == null || current.isStandIn()) {
            return true;
        }
        if (current.kind() == found.kind()) {
            return current.named || current.object.key() != 0 || !SocketNames.isConnected(current.object)
                    || SocketNames.isSame(current.object, found);
        }
        return current.kind() == ObjectKind.OTHER
                || sharesNumbers(current.kind()) && families.of(current.kind()) == families.of(found.kind());
    }

    private static boolean isSame(TrackedObject current, KernelObject found) {
        return current.kind() == found.kind() && current.object.key() == found.key()
                && (found.key() != 0 || current.object.name().equals(found.name()));
    }
}
