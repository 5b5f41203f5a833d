package ktrace.system;

import java.util.ArrayList;
import java.util.List;
import ktrace.event.MappingSnapshot;
import ktrace.event.Peer;
import ktrace.event.ProcessId;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongHashSet;

/**
 * A process: observed, or known only because it woke an observed thread or holds the other end of something.
 *
 * <p>Written by the tracker's thread. Allocates when something about the process is new.
 */
final class ProcessEntry {
    /** A program with more futexes than this starts over: their objects are made again when they are used again. */
    private static final int FUTEX_LIMIT = 1 << 16;

    private static final int MAPPING_LIMIT = 256;
    private static final long PAGE_MASK = 0xfff;

    final int tgid;
    int ppid;
    /** Null when the process is not observed. */
    ProcessId id;
    Peer peer;
    FdTable fds;
    /** It has become another program while observed: its memory is no copy of its parent's any more. */
    boolean execed;
    /** Threads that have not come to SCHED_PROCESS_EXIT. */
    int liveThreads;
    /** Threads in the table, those included that are closing their files on the way out. */
    int threads;
    /** What wait4(2) for this process and a pidfd of it wait for; made when the first is asked for. */
    TrackedObject child;
    /** Living children that are observed, and the list of them as peers, null when it must be made again. */
    final List<ProcessEntry> children = new ArrayList<>(0);
    private List<Peer> childPeers;
    private List<Peer> asList;
    /** Futexes, queues and semaphores that it used: it counts as a holder until it ends. */
    private final List<TrackedObject> used = new ArrayList<>(0);
    private final Long2ObjectHashMap<TrackedObject> futexes = new Long2ObjectHashMap<>();
    private final Long2ObjectHashMap<TrackedObject> sharedFutexes = new Long2ObjectHashMap<>();
    private final List<MappingSnapshot> mappings = new ArrayList<>(0);
    /** The pages that were asked about. */
    private final LongHashSet asked = new LongHashSet(0);

    ProcessEntry(int tgid, int ppid, String comm) {
        this.tgid = tgid;
        this.ppid = ppid;
        this.peer = new Peer(tgid, comm);
    }

    boolean observed() {
        return id != null;
    }

    /** The process is called differently now: wherever it stands as a peer, it does so under the new name. */
    void rename(String comm) {
        if (!peer.comm().equals(comm)) {
            peer = new Peer(tgid, comm);
            asList = null;
            fds.forgetPeers();
            used.forEach(TrackedObject::forgetPeers);
        }
    }

    /** This process alone, as a list of peers. */
    List<Peer> asList() {
        if (asList == null) {
            asList = List.of(peer);
        }
        return asList;
    }

    List<Peer> childPeers() {
        if (childPeers == null) {
            childPeers = children.stream().map(c -> c.peer).toList();
        }
        return childPeers;
    }

    void forgetChildPeers() {
        childPeers = null;
    }

    /** From its first use on the process holds {@code object}: one that is not opened, but used by number or address. */
    void use(TrackedObject object) {
        if (object.holdingOf(fds) == null) {
            object.hold(fds, true, true);
            used.add(object);
        }
    }

    /** It ended, or became another program: what it used without opening is not its any more. */
    void releaseUsed() {
        for (TrackedObject object : used) {
            object.release(fds, true, true);
        }
        used.clear();
        futexes.clear();
        sharedFutexes.clear();
        mappings.clear();
        asked.clear();
    }

    // -- futexes -------------------------------------------------------------------------------------------------------------

    TrackedObject futex(long address) {
        return futexes.get(address);
    }

    TrackedObject sharedFutex(long address) {
        return sharedFutexes.get(address);
    }

    /** The word turned out to be another, known one. */
    void forgetFutex(long address) {
        futexes.remove(address);
    }

    void putFutex(long address, TrackedObject futex) {
        put(futexes, address, futex);
    }

    void putSharedFutex(long address, TrackedObject futex) {
        put(sharedFutexes, address, futex);
    }

    private void put(Long2ObjectHashMap<TrackedObject> map, long address, TrackedObject futex) {
        if (map.size() >= FUTEX_LIMIT) {
            map.clear();
        }
        map.put(address, futex);
        use(futex);
    }

    /** A mapping known from a lookup; null when the address is in none of them. */
    MappingSnapshot mapping(long address) {
        for (int i = 0; i < mappings.size(); i++) {
            if (mappings.get(i).contains(address)) {
                return mappings.get(i);
            }
        }
        return null;
    }

    /** Whether to ask what is mapped at {@code address}: once, until something else is mapped. */
    boolean asksOf(long address) {
        if (asked.size() >= MAPPING_LIMIT) {
            asked.clear();
        }
        return asked.add(address & ~PAGE_MASK);
    }

    void putMapping(MappingSnapshot mapping) {
        if (mappings.size() >= MAPPING_LIMIT) {
            mappings.clear();
        }
        mappings.add(mapping);
    }

    /** mmap, munmap, mremap: what was known of these addresses holds no more. Costs nothing where no shared futex was looked up. */
    void unmap(long start, long lengthBytes) {
        if (!asked.isEmpty()) {
            asked.clear();
        }
        for (int i = mappings.size() - 1; i >= 0; i--) {
            if (mappings.get(i).overlaps(start, start + lengthBytes)) {
                MappingSnapshot gone = mappings.remove(i);
                sharedFutexes.keySet().removeIf(address -> gone.contains(address));
            }
        }
    }
}
