package ktrace.system.objects;

import ktrace.event.ObjectKind;

/**
 * A ring of io_uring, and the requests in it that are not done. Who waits there waits for what these are on.
 *
 * <p>Written by the tracker's thread.
 */
public final class Ring {
    /** Of more requests than that it is not looked what they have in common. */
    private static final int LOOK_AT = 64;

    private final Rings rings;
    final long address;
    /** The process that made it, as far as is known, and its others. */
    public final int tgid;
    Ring older;
    Ring newer;
    private TrackedObject object;
    /** It raises an eventfd when something is posted, or is not known not to. */
    public boolean raisesEventFd = true;
    /** The thread that waited here last, or 0. */
    public int waiter;
    /** Of a context of Linux AIO: how many requests are under way, of how many of them it was told what they are. */
    public int underWay;
    public int told;
    /** And of how many it was not, by the list that they were submitted by. */
    public int untold;
    public long untoldList;
    private RingRequest latest;

    Ring(Rings rings, long address, int tgid) {
        this.rings = rings;
        this.address = address;
        this.tgid = tgid;
    }

    /** What its descriptors refer to; null when that is not known. */
    public TrackedObject object() {
        return object == null ? null : object.canonical();
    }

    /** Its descriptors refer to {@code newObject}: when that dies, so does the ring. */
    public void is(TrackedObject newObject) {
        object = newObject;
        newObject.ring = this;
    }

    void add(RingRequest request) {
        request.before = null;
        request.next = latest;
        if (latest != null) {
            latest.before = request;
        }
        latest = request;
    }

    void remove(RingRequest request) {
        if (request.before == null) {
            latest = request.next;
        } else {
            request.before.next = request.next;
        }
        if (request.next != null) {
            request.next.before = request.before;
        }
        request.next = null;
        request.before = null;
    }

    /** The one that was submitted last; null when all are done. */
    public RingRequest latest() {
        return latest;
    }

    public static RingRequest next(RingRequest request) {
        return request.next;
    }

    /**
     * The one request that is waited for, or one of several on the very same object; null when there are different ones, or none.
     */
    public RingRequest sole() {
        RingRequest sole = null;
        int looked = 0;
        for (RingRequest request = latest; request != null; request = request.next) {
            if (++looked > LOOK_AT) {
                return null;
            }
            if (sole == null || RingOperations.isTimeout(sole.operation)) {
                sole = request;
            } else if (!RingOperations.isTimeout(request.operation)
                    && (request.object() == null || request.object() != sole.object())) {
                return null;
            }
        }
        return sole;
    }

    /** What kind of thing is waited for; {@link ObjectKind#IO_URING} when that may be different ones, or nothing is under way. */
    public ObjectKind kind() {
        RingRequest sole = sole();
        if (sole != null || latest == null) {
            return sole == null ? ObjectKind.IO_URING : sole.kind();
        }
        ObjectKind kind = latest.kind();
        int looked = 0;
        for (RingRequest request = latest; request != null; request = request.next) {
            boolean same = request.kind() == kind || RingOperations.isTimeout(request.operation);
            if (++looked > LOOK_AT || !same) {
                return ObjectKind.IO_URING;
            }
        }
        // Of several pipes none is known to be the one; files are all on disk.
        return kind == ObjectKind.DISK || kind == ObjectKind.FUTEX ? kind : ObjectKind.IO_URING;
    }

    /** The request on {@code on}; null when there is none. */
    public RingRequest on(TrackedObject on) {
        int looked = 0;
        for (RingRequest request = latest; request != null && looked < LOOK_AT; request = request.next, looked++) {
            if (request.object() == on) {
                return request;
            }
        }
        return null;
    }

    /** Whether some request waits at a futex. */
    public boolean awaitsFutex() {
        int looked = 0;
        for (RingRequest request = latest; request != null && looked < LOOK_AT; request = request.next, looked++) {
            if (RingOperations.isFutex(request.operation)) {
                return true;
            }
        }
        return false;
    }

    /** Whether who waits for {@code awaited} is woken by what is posted here: this ring, its eventfd, or a set with one of them. */
    public boolean tells(TrackedObject awaited) {
        TrackedObject own = object();
        if (awaited == own) {
            return true;
        }
        if (!awaited.epoll.isSet()) {
            return raisesEventFd && awaited.kind() == ObjectKind.EVENTFD;
        }
        return own != null && own.epoll.isWatchedBy(awaited) || raisesEventFd && watchesEventFd(awaited);
    }

    private static boolean watchesEventFd(TrackedObject set) {
        for (int i = 0; i < Math.min(set.epoll.watchedCount(), LOOK_AT); i++) {
            if (set.epoll.watched(i).kind() == ObjectKind.EVENTFD) {
                return true;
            }
        }
        return false;
    }

    void forgetObject() {
        if (object != null && object.ring == this) {
            object.ring = null;
        }
        object = null;
    }

    /** Nobody has it any more. */
    void close() {
        rings.close(this);
    }
}
