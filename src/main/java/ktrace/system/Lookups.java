package ktrace.system;

import java.util.List;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.facts.ObjectSource;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Asks the {@link ObjectSource} for what the events left open, and enters the answers into the tables; also those that come
 * unasked, as FD_STATE. Lookups are made when a number is used, not when it is made: most files are opened, read and closed before
 * anybody could ask. All are bounded per second of trace.
 *
 * <p>Written by the tracker's thread; allocates with each lookup.
 */
final class Lookups {
    private static final long RETRY_NS = 1_000_000_000L;
    private static final long RETRY_SOON_NS = 50_000_000L;
    private static final int HOLDER_LOOKUPS = 5;
    private static final long HOLDER_RETRY_NS = 200_000_000L;
    /** Reserve of a lookup for a thread that is blocked, or wakes another. */
    static final int URGENT = 0;
    /** Reserve of a lookup for a call on a pipe or socket. */
    static final int USED = 300;
    /** Reserve of a lookup for a call on something that open(2) made, a plain file most often. */
    static final int OPENED = 1500;
    private static final int O_CLOEXEC = 0x80000;

    /** What some call made that can make many kinds of things. */
    final TrackedObject made = TrackedObject.standIn(new KernelObject(ObjectKind.OTHER, "descriptor", 0));
    /** What open(2) made, by a path, and nobody has used yet in a way that matters. */
    final TrackedObject opened = TrackedObject.standIn(new KernelObject(ObjectKind.OTHER, "file", 0));
    /** A number that was looked up in vain. */
    final TrackedObject unknown = TrackedObject.standIn(new KernelObject(ObjectKind.OTHER, "unknown", 0));

    private final ObjectSource source;
    private final ObjectTable objects;
    private final ProcessTable processes;
    private final TraceCounters counters;
    private final TokenBucket fdTokens = new TokenBucket(2000, 3000);
    private final TokenBucket holderTokens = new TokenBucket(10, 10);
    private final TokenBucket processTokens = new TokenBucket(1000, 1000);
    /** Descriptors of epoll sets that were listed before they themselves were: who waits for them to appear, by process. */
    private final Int2ObjectHashMap<Int2ObjectHashMap<TrackedObject>> awaited = new Int2ObjectHashMap<>();

    Lookups(ObjectSource source, ObjectTable objects, ProcessTable processes, TraceCounters counters) {
        this.source = source;
        this.objects = objects;
        this.processes = processes;
        this.counters = counters;
    }

    /** Whether a call on this descriptor should look it up first: what one holder has closed, another may still have open. */
    boolean isDue(ProcessEntry process, int fd, long nowNs) {
        TrackedObject object = process.fds.get(fd);
        return object == null || (!object.named && object != unknown
                && (nowNs >= object.nextLookupNs || object.lastLookup != place(process, fd)));
    }

    /** One of the descriptors that an object may be looked up by. */
    private static long place(ProcessEntry process, int fd) {
        return (long) process.tgid << Integer.SIZE | fd;
    }

    /**
     * Looks up {@code fd} of {@code process}.
     *
     * @param reserve how many lookups must be left for what matters more: one of the constants here
     * @return what the number refers to as far as is known now; null when that is nothing at all
     */
    TrackedObject lookUp(ProcessEntry process, int fd, long nowNs, int reserve) {
        TrackedObject current = process.fds.get(fd);
        if (fd < 0 || !fdTokens.take(nowNs, reserve)) {
            return current;
        }
        FdSnapshot snapshot = source.fd(process.tgid, fd);
        boolean suspect = (process.fds.flags(fd) & FdTable.SUSPECT) != 0;
        if (suspect) {
            process.fds.trust(fd);
        }
        boolean replaceable = suspect || (current != null && current.inferred && reserve == URGENT);
        if (snapshot != null && current != null && ObjectTable.isSocket(current.kind())
                && snapshot.peerKey() == FdSnapshot.PEER_UNKNOWN) {
            // Neither bound nor connected as far as the kernel tells, or too new for its last dump. It has no kind then that could
            // agree or not.
            current.nextLookupNs = nowNs + RETRY_SOON_NS;
            current.lastLookup = place(process, fd);
            return current;
        }
        if (snapshot == null || (!replaceable && !agrees(current, snapshot.object()))) {
            if (current == null || current.isStandIn()) {
                process.fds.put(fd, unknown, FdTable.READ | FdTable.WRITE);
                return unknown;
            }
            current.nextLookupNs = nowNs + RETRY_NS;
            current.lastLookup = place(process, fd);
            return current;
        }
        TrackedObject found = enter(process, snapshot, nowNs);
        found.lookedUp = true;
        if (!hasKnownOtherEnd(found)) {
            findHolders(found, nowNs);
        }
        return found;
    }

    /**
     * A thread waits on a descriptor whose object could not be found out: that is told, once for each. Of the many that are opened
     * and closed without anybody waiting, none is missed.
     */
    void countUnknown(ProcessEntry process, int fd) {
        FdTable fds = process.fds;
        TrackedObject object = fds.get(fd);
        if (object != null && !object.named && fds.firstTimeUnknown(fd)) {
            counters.increment(TraceCounter.UNKNOWN_FD);
        }
    }

    /** Reads the whole table of a process again: numbers were handed out that no event told. */
    void lookUpAll(ProcessEntry process, long nowNs) {
        if (!fdTokens.take(nowNs, 0)) {
            return;
        }
        List<FdSnapshot> snapshots = source.fds(process.tgid);
        for (FdSnapshot snapshot : snapshots) {
            TrackedObject current = process.fds.get(snapshot.fd());
            if (current == null || !current.named) {
                enter(process, snapshot, nowNs);
            }
        }
        process.fds.complete = !snapshots.isEmpty();
    }

    /** FD_STATE: of an observed process, or of an outsider at the other end of something. */
    void announced(FdSnapshot snapshot, long nowNs) {
        ProcessEntry process = processes.get(snapshot.tgid());
        if (process == null) {
            process = outsider(snapshot.tgid(), nowNs);
        }
        process.fds.announcedNs = nowNs;
        enter(process, snapshot, nowNs);
    }

    /** A process that is not observed, by its number; it stands here from the first time that it matters. */
    ProcessEntry outsider(int tgid, long nowNs) {
        ProcessEntry known = processes.get(tgid);
        if (known != null) {
            return known;
        }
        ProcessSnapshot snapshot = processTokens.take(nowNs, 0) ? source.process(tgid) : null;
        return snapshot == null
                ? processes.outsider(tgid, 0, "")
                : processes.outsider(tgid, snapshot.ppid(), snapshot.comm());
    }

    /** The process of a thread that an event named without its process, or null. */
    ProcessSnapshot process(int tid, long nowNs) {
        return processTokens.take(nowNs, 0) ? source.process(tid) : null;
    }

    KernelObject sysvIpc(ObjectKind kind, int id, long nowNs) {
        return fdTokens.take(nowNs, 0) ? source.sysvIpc(kind, id) : null;
    }

    /** What a thread blocked in open(2) opens; null when it cannot be told. */
    TrackedObject opening(ProcessEntry process, int dirFd, long pathAddress, long nowNs) {
        KernelObject found = fdTokens.take(nowNs, USED) ? source.opening(process.tgid, dirFd, pathAddress) : null;
        return found == null ? null : objects.intern(found);
    }

    MappingSnapshot mapping(ProcessEntry process, long address, long nowNs) {
        return fdTokens.take(nowNs, 0) ? source.mapping(process.tgid, address) : null;
    }

    private TrackedObject enter(ProcessEntry process, FdSnapshot snapshot, long nowNs) {
        TrackedObject current = process.fds.get(snapshot.fd());
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
            process.fds.put(snapshot.fd(), found, flags(snapshot.flags()));
        }
        connect(found, snapshot.peerKey(), place(process, snapshot.fd()), nowNs);
        watch(process, found, snapshot.watched());
        fulfil(process, snapshot.fd(), found);
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
        } else if (socket.other == null || socket.other.canonical() == socket) {
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

    private void watch(ProcessEntry process, TrackedObject set, List<Integer> fds) {
        for (int fd : fds) {
            TrackedObject member = process.fds.get(fd);
            if (member != null && !member.isStandIn()) {
                set.watch(fd, member);
            } else {
                awaited.computeIfAbsent(process.tgid, t -> new Int2ObjectHashMap<>()).put(fd, set);
            }
        }
    }

    private void fulfil(ProcessEntry process, int fd, TrackedObject member) {
        Int2ObjectHashMap<TrackedObject> ofProcess = awaited.get(process.tgid);
        TrackedObject set = ofProcess == null ? null : ofProcess.remove(fd);
        if (set != null) {
            set.watch(fd, member);
            if (ofProcess.isEmpty()) {
                awaited.remove(process.tgid);
            }
        }
    }

    private static boolean hasKnownOtherEnd(TrackedObject object) {
        return switch (object.kind()) {
            case UNIX, TCP, UDP, TTY -> object.other == null || object.other.canonical().holdingCount() > 0;
            case PIPE, FIFO -> object.isHeldAtBothEnds();
            default -> true;
        };
    }

    /**
     * Asks who holds the other end, when nobody known does. The first answers may be empty because the search goes on beside the
     * tracker: it is asked again a few times, at growing intervals.
     */
    void findHolders(TrackedObject object, long nowNs) {
        if (hasKnownOtherEnd(object) || object.holderLookups >= HOLDER_LOOKUPS) {
            object.nextHolderLookupNs = Long.MAX_VALUE;
            return;
        }
        if (!holderTokens.take(nowNs, 0)) {
            return;
        }
        TrackedObject wanted = object.other == null ? object : object.other.canonical();
        for (FdSnapshot holder : source.holders(wanted.object)) {
            ProcessEntry process = processes.get(holder.tgid());
            enter(process == null ? outsider(holder.tgid(), nowNs) : process, holder, nowNs);
        }
        object.nextHolderLookupNs = nowNs + (HOLDER_RETRY_NS << object.holderLookups);
        if (++object.holderLookups == HOLDER_LOOKUPS && !hasKnownOtherEnd(object)) {
            counters.increment(TraceCounter.UNKNOWN_PEER);
        }
    }

    /** Whether an answer can be about what was seen to be made: else the number has been used again since. */
    private boolean agrees(TrackedObject current, KernelObject found) {
        if (current == opened) {
            return switch (found.kind()) {
                // A pipe has a path in /dev/fd.
                case DISK, FIFO, PIPE, TTY, MQUEUE -> true;
                case OTHER -> found.name().startsWith("/");
                default -> false;
            };
        }
        if (current == null || current.isStandIn() || current.kind() == found.kind()) {
            return true;
        }
        // socket(2) of a family that has several kinds, and what only the lookup tells apart.
        return current.kind() == ObjectKind.OTHER || (ObjectTable.isSocket(current.kind()) && ObjectTable.isSocket(found.kind()));
    }

    private static boolean isSame(TrackedObject current, KernelObject found) {
        return current.kind() == found.kind() && current.object.key() == found.key()
                && (found.key() != 0 || current.object.name().equals(found.name()));
    }

    static int flags(int openFlags) {
        return access(openFlags) | ((openFlags & O_CLOEXEC) != 0 ? FdTable.CLOSE_ON_EXEC : 0);
    }

    /** The access mode of open(2)'s flags; the special mode 3 counts as both. */
    private static int access(int openFlags) {
        return switch (openFlags & 3) {
            case 0 -> FdTable.READ;
            case 1 -> FdTable.WRITE;
            default -> FdTable.READ | FdTable.WRITE;
        };
    }
}
