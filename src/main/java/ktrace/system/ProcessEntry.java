package ktrace.system;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import ktrace.event.KernelObject;
import ktrace.event.Peer;
import ktrace.event.ProcessId;
import ktrace.system.objects.AddressSpace;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.ObjectTable;
import ktrace.system.objects.Owner;
import ktrace.system.objects.TrackedObject;
import ktrace.system.ready.Ready;
import ktrace.system.wide.WideView;

/**
 * A process: observed, or known only because it woke an observed thread or holds the other end of something.
 *
 * <p>Written by the tracker's thread. Allocates when something about the process is new.
 */
public final class ProcessEntry implements Owner {
    /** So many of the objects that it used last without opening them are remembered, and so many in all processes together. */
    private static final int USED_LIMIT = 1 << 12;
    private static final int USED_LIMIT_OF_ALL = 1 << 17;

    private static final int KTHREADD = 2;

    public final int tgid;
    public int ppid;
    /** Null when the process is not observed. */
    ProcessId id;
    Peer peer;
    public FdTable fds;
    public final AddressSpace memory;
    /** What its paths have led to. */
    public final Paths paths = new Paths();
    /** It has become another program while observed: its memory is no copy of its parent's any more. */
    public boolean execed;
    final Ready.Bond bond = new Ready.Bond();
    final WideView.Place place = new WideView.Place();
    /** Threads that have not come to SCHED_PROCESS_EXIT. */
    public int liveThreads;
    /**
     * Whether the last thread that is known of it is its last: its birth was seen, or an exec, or it was told of its leader.
     * Before that others of it may be known while most are not.
     */
    boolean threadsKnown;
    /** What the kernel said when one of its threads last began to exit, see {@link ktrace.event.TraceEvent#LAST_OF_PROCESS}. */
    int lastExit;
    /** The number that its parent knows it by; 0 when that is not known. */
    int inside;
    /** The numbers in its calls are those of a pid namespace, and not those of events. */
    boolean inNamespace;
    /** It has set a timer that tells it by a signal when it goes off. */
    public boolean setsTimers;
    /** The kernel has taken its events away, and none of its calls has been seen since. */
    boolean eventsTaken;
    /** The message queue that tells it by a signal when a message comes, mq_notify(3); null when none does. */
    public TrackedObject notifier;
    /** Who sent it the last signal that stops, alone; empty when that is nobody known. */
    public List<Peer> stopper = List.of();
    /** Those included that are closing their files on the way out. */
    final SequencedSet<ThreadEntry> threads = new LinkedHashSet<>(2);
    /** What wait4(2) for this process and a pidfd of it wait for; made when the first is asked for. */
    public TrackedObject child;
    /** Among whose children it is; null when that is nobody known. */
    private ProcessEntry parent;
    /** Living children that are observed, and the list of them as peers, null when it must be made again. */
    private final SequencedSet<ProcessEntry> children = new LinkedHashSet<>(2);
    private List<Peer> childPeers;
    private List<Peer> asList;
    private final ObjectTable objects;
    /** Futexes, queues and semaphores that it used, the last one last. */
    private final SequencedSet<TrackedObject> used = new LinkedHashSet<>(2);

    /**
     * What paths have led to at which its threads have waited, the latest of them, as they come again: for a while, for another
     * file may come to stand there. Those that begin at a descriptor are not kept.
     */
    public static final class Paths {
        private static final int CURRENT = -100;
        private static final int LIMIT = 64;
        private static final long GOOD_NS = 5_000_000_000L;
        private static final long AGAIN_NS = 1_000_000_000L;

        private static final class Led {
            private KernelObject to;
            private long sinceNs;
            private long askedNs;
        }

        private final SequencedMap<String, Led> led = new LinkedHashMap<>(2);

        /** Null when that is not known, or not any more. */
        public KernelObject at(int dirFd, String path, long nowNs) {
            Led found = find(dirFd, path);
            return found == null || nowNs - found.sinceNs > GOOD_NS ? null : found.to;
        }

        public void leads(int dirFd, String path, KernelObject to, long nowNs) {
            if (isKept(dirFd, path)) {
                Led found = led.computeIfAbsent(path, absent -> new Led());
                // As it is called now: it may come to be called otherwise.
                found.to = new KernelObject(to.kind(), to.name(), to.key());
                found.sinceNs = nowNs;
                found.askedNs = nowNs;
                if (led.size() > LIMIT) {
                    led.pollFirstEntry();
                }
            }
        }

        /** Whether it is to be asked again, which the caller does now. */
        public boolean isDue(int dirFd, String path, long nowNs) {
            Led found = find(dirFd, path);
            boolean isDue = found != null && nowNs - found.askedNs > AGAIN_NS;
            if (isDue) {
                found.askedNs = nowNs;
            }
            return isDue;
        }

        /** It has another root or current directory. */
        public void forget() {
            led.clear();
        }

        private Led find(int dirFd, String path) {
            return isKept(dirFd, path) ? led.get(path) : null;
        }

        private static boolean isKept(int dirFd, String path) {
            return dirFd == CURRENT || path.startsWith("/");
        }
    }

    ProcessEntry(int tgid, int ppid, String comm, ObjectTable objects) {
        this.tgid = tgid;
        this.ppid = ppid;
        this.peer = new Peer(tgid, comm);
        this.objects = objects;
        fds = new FdTable(this, objects);
        memory = new AddressSpace(objects);
    }

    /** It is one of the kernel's own: all but the first are its children. */
    boolean isKernels() {
        return tgid == KTHREADD || ppid == KTHREADD;
    }

    /** Threads besides one of it that have not ended. */
    public boolean hasOtherThreads() {
        return threads.size() > 1;
    }

    boolean observed() {
        return id != null;
    }

    /** It is observed since it is waited for, and its calls are not. */
    public boolean statesOnly() {
        return id != null && id.statesOnly();
    }

    /** The process is called differently now: wherever it stands as a peer, it does so under the new name. */
    void rename(String comm) {
        if (!peer.comm().equals(comm)) {
            peer = new Peer(tgid, comm);
            asList = null;
            fds.forgetPeers();
            used.forEach(TrackedObject::forgetPeers);
            if (child != null) {
                child.forgetPeers();
            }
            if (parent != null) {
                parent.childPeers = null;
            }
        }
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public boolean isChildOf(int parentTgid) {
        return ppid == parentTgid;
    }

    @Override
    public boolean isHeard() {
        return observed() && !statesOnly();
    }

    /** The number of the process that this one calls {@code number}, as far as its children go; 0 when that is not known. */
    int outside(int number) {
        if (!inNamespace) {
            return number;
        }
        for (ProcessEntry child : children) {
            if (child.inside == number) {
                return child.tgid;
            }
        }
        return 0;
    }

    /** This process alone, as a list of peers. */
    public List<Peer> asList() {
        if (asList == null) {
            asList = List.of(peer);
        }
        return asList;
    }

    /** Its living children, as far as they are observed. */
    public List<Peer> childPeers() {
        if (childPeers == null) {
            childPeers = children.stream().map(c -> c.peer).toList();
        }
        return childPeers;
    }

    /** It is a living child of {@code newParent}, and no other's, from now on; null when it has ended. */
    void becomeChildOf(ProcessEntry newParent) {
        if (parent != null) {
            parent.children.remove(this);
            parent.childPeers = null;
        }
        parent = newParent;
        if (parent != null) {
            parent.children.addLast(this);
            parent.childPeers = null;
        }
    }

    /** It has a table of its own from now on, if it has shared one until now: unshare(2), close_range(2), exec. */
    public void unshareDescriptors() {
        if (fds.owners().size() > 1) {
            FdTable shared = fds;
            fds = shared.copyFor(this);
            for (TrackedObject object : used) {
                object.hold(fds, -1, true, true);
                object.release(shared, true, true);
            }
            shared.leave(this);
        }
    }

    /**
     * The process uses {@code object} by number or address, without opening it. From then on it holds it, until it ends, becomes
     * another program, or has used very many since.
     */
    public void use(TrackedObject object) {
        int before = used.size();
        used.addLast(object);
        if (used.size() > before) {
            object.hold(fds, -1, true, true);
            objects.uses++;
            if (used.size() > USED_LIMIT || objects.uses > USED_LIMIT_OF_ALL) {
                useNoMore(used.getFirst());
            }
        }
    }

    @Override
    public void useNoMore(TrackedObject object) {
        if (used.remove(object)) {
            release(object);
        }
    }

    /** It ended, or became another program: what it used without opening is not its any more. */
    void releaseUsed() {
        memory.clear();
        used.forEach(this::release);
        used.clear();
    }

    private void release(TrackedObject object) {
        objects.uses--;
        if (object.release(fds, true, true)) {
            objects.doubt(object);
        }
    }

    /** It has ended: it refers to nothing any more, whoever still refers to it. */
    void die() {
        becomeChildOf(null);
        while (!children.isEmpty()) {
            children.getFirst().becomeChildOf(null);
        }
        releaseUsed();
        notifier = null;
        objects.rings.ended(tgid);
        fds.leave(this);
    }
}
