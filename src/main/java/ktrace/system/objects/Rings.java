package ktrace.system.objects;

import java.util.Arrays;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The rings of io_uring and the requests in them, by the addresses that the kernel's events name them by; and what the last event
 * on each CPU said of one, which tells whom a wake-up that follows it is for.
 *
 * <p>Written by the tracker's thread. A request allocates nothing, once there have been as many at a time.
 */
public final class Rings {
    private static final int CPU_LIMIT = 1 << 16;

    private final ObjectTable objects;
    private final Long2ObjectHashMap<Ring> rings = new Long2ObjectHashMap<>();
    /** The one that each process made last. */
    private final Int2ObjectHashMap<Ring> latest = new Int2ObjectHashMap<>();
    private final Long2ObjectHashMap<RingRequest> requests = new Long2ObjectHashMap<>();
    /** Those that are done. */
    private RingRequest free;
    private Post[] posts = new Post[0];
    private boolean told;
    private long unnamed;

    /** What an event said, and who makes the wake-up that follows. */
    public static final class Post {
        /** A wake-up follows at once; but the virtual CPU may be stopped in between. */
        private static final long WITHIN_NS = 10_000_000;

        private int tid;
        private boolean inInterrupt;
        private long timeNs;
        private Ring ring;
        private int submitter;
        private TrackedObject object;
        private Way way;
        private Waker by;
        private boolean byInterrupt;

        public Ring ring() {
            return ring;
        }

        /** Who took the request from the queue, or 0. */
        public int submitter() {
            return submitter;
        }

        /** What the request is on; null when that is not known. */
        public TrackedObject object() {
            return object == null ? null : object.canonical();
        }

        public Way way() {
            return way;
        }

        /** Who made it ready, or did it; null when that was nobody known. */
        public Waker by() {
            return by;
        }

        /** An interrupt made it ready that was nobody's doing. */
        public boolean byInterrupt() {
            return byInterrupt;
        }

        private boolean isBefore(TraceEvent waking) {
            return ring != null && tid == waking.tid && inInterrupt == waking.inInterrupt() && waking.timeNs - timeNs < WITHIN_NS;
        }
    }

    public Rings(ObjectTable objects) {
        this.objects = objects;
    }

    /** Whether the trace tells what io_uring does, as far as something was done. */
    public boolean told() {
        return told;
    }

    /** A ring is made: what had that address before is gone. */
    public Ring create(long address, int tgid) {
        Ring before = rings.get(address);
        if (before != null) {
            close(before);
        }
        Ring ring = find(address, tgid);
        ring.raisesEventFd = false;
        return ring;
    }

    /** Made when it is not known. */
    public Ring find(long address, int tgid) {
        told = true;
        Ring ring = rings.get(address);
        if (ring == null) {
            ring = new Ring(this, address, tgid);
            rings.put(address, ring);
            ring.older = latest.put(tgid, ring);
            if (ring.older != null) {
                ring.older.newer = ring;
            }
        }
        return ring;
    }

    /** Null when it is not known. */
    public Ring find(long address) {
        return rings.get(address);
    }

    /** Null when it is not known, or done. */
    public RingRequest request(long address) {
        return requests.get(address);
    }

    /** A request begins. */
    public RingRequest begin(Ring ring, long address, int operation, int submitter) {
        RingRequest before = requests.get(address);
        if (before != null) {
            done(before);
        }
        RingRequest request = free;
        if (request == null) {
            request = new RingRequest();
        } else {
            free = request.next;
        }
        request.begin(ring, address, operation, submitter);
        requests.put(address, request);
        ring.add(request);
        return request;
    }

    /** The request is on what {@code fd} refers to. */
    public void on(RingRequest request, int fd, TrackedObject object) {
        request.on(fd, object, objects);
    }

    /** {@code by} has made the request ready, or, when that is null, an interrupt or somebody who is not known. */
    public void ready(RingRequest request, Waker by, TraceEvent event) {
        request.readiedBy = by;
        request.readiedByInterrupt = by == null && event.inInterrupt();
        post(event, request.ring, request);
    }

    /** Something is posted by {@code by}: that the request is done, or, when that is null, a message. */
    public void complete(Ring ring, RingRequest request, Waker by, TraceEvent event) {
        if (request != null && request.readiedBy == null && !request.readiedByInterrupt) {
            request.readiedBy = by;
        }
        post(event, ring, request);
    }

    private void post(TraceEvent event, Ring ring, RingRequest request) {
        int cpu = event.cpu;
        if (cpu < 0 || cpu >= CPU_LIMIT) {
            return;
        }
        if (cpu >= posts.length) {
            posts = Arrays.copyOf(posts, Math.max(cpu + 1, 2 * posts.length));
        }
        if (posts[cpu] == null) {
            posts[cpu] = new Post();
        }
        Post post = posts[cpu];
        post.tid = event.tid;
        post.inInterrupt = event.inInterrupt();
        post.timeNs = event.timeNs;
        post.ring = ring;
        post.submitter = request == null ? 0 : request.submitter;
        post.object = request == null ? null : request.object();
        post.way = request == null ? Way.READ : request.way();
        post.by = request == null ? null : request.readiedBy;
        post.byInterrupt = request != null && request.readiedByInterrupt;
    }

    /** What was said on the CPU before a wake-up, by who wakes; null when nothing was. */
    public Post before(TraceEvent waking) {
        Post post = waking.cpu >= 0 && waking.cpu < posts.length ? posts[waking.cpu] : null;
        return post != null && post.isBefore(waking) ? post : null;
    }

    /** It has been understood: no other wake-up is meant. */
    public static void spend(Post post) {
        post.ring = null;
        post.object = null;
        post.by = null;
    }

    public void done(RingRequest request) {
        requests.remove(request.address);
        request.ring.remove(request);
        request.end(objects);
        request.next = free;
        free = request;
    }

    /** A request of Linux AIO, for which the kernel has no name. */
    public RingRequest begin(Ring ring, int operation) {
        return begin(ring, ++unnamed, operation, 0);
    }

    /** The context of Linux AIO that a process calls so: an address of its own memory, where those of rings are the kernel's. */
    public Ring aio(long context, int tgid) {
        boolean wasTold = told;
        Ring ring = find((context * 31 ^ tgid) & Long.MAX_VALUE, tgid);
        told = wasTold;
        return ring;
    }

    /** All requests in it are done. */
    public void allDone(Ring ring) {
        while (ring.latest() != null) {
            done(ring.latest());
        }
        ring.underWay = 0;
        ring.told = 0;
        ring.untold = 0;
    }

    /** Events were lost: which requests are not done, is not known. */
    public void forget() {
        if (!requests.isEmpty()) {
            rings.values().forEach(this::allDone);
        }
        for (Post post : posts) {
            if (post != null) {
                spend(post);
            }
        }
    }

    /** Process {@code tgid} has ended; who shares a ring with it is told of as whose it is then. */
    public void ended(int tgid) {
        for (Ring ring = latest.get(tgid); ring != null; ring = latest.get(tgid)) {
            close(ring);
        }
    }

    void close(Ring ring) {
        allDone(ring);
        if (rings.get(ring.address) != ring) {
            return;
        }
        rings.remove(ring.address);
        if (ring.older != null) {
            ring.older.newer = ring.newer;
        }
        if (ring.newer != null) {
            ring.newer.older = ring.older;
        } else if (ring.older != null) {
            latest.put(ring.tgid, ring.older);
        } else {
            latest.remove(ring.tgid);
        }
        ring.forgetObject();
    }
}
