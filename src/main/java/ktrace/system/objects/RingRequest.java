package ktrace.system.objects;

import ktrace.event.ObjectKind;
import ktrace.event.Waker;

/** A request of io_uring that is not done yet. Used again for another one when it is. Written by the tracker's thread. */
public final class RingRequest {
    /** What it does is not known: it was submitted before the trace began, or its beginning was lost. */
    public static final int UNKNOWN = -1;

    private static final int NOBODY = -1;

    Ring ring;
    long address;
    RingRequest next;
    RingRequest before;
    /** One of IORING_OP_, or {@link #UNKNOWN}. */
    int operation;
    /** The thread that took it from the queue, or 0 when that is not known: it is woken when the request can go on. */
    int submitter;
    /** The thread that works on it, or {@link #NOBODY}. */
    private int worker = NOBODY;
    private int fd;
    private TrackedObject object;
    private TrackedObject used;
    /** Who made it ready; null when that is nobody, or not known. */
    Waker readiedBy;
    /** It was made ready in an interrupt that was nobody's doing. */
    boolean readiedByInterrupt;

    void begin(Ring newRing, long newAddress, int newOperation, int newSubmitter) {
        ring = newRing;
        address = newAddress;
        operation = newOperation;
        submitter = newSubmitter;
        worker = NOBODY;
        fd = -1;
        object = null;
        readiedBy = null;
        readiedByInterrupt = false;
    }

    public Ring ring() {
        return ring;
    }

    public int operation() {
        return operation;
    }

    public int submitter() {
        return submitter;
    }

    /** Thread {@code tid} works on it from now on, until it is done. */
    public void workedOnBy(int tid) {
        worker = tid;
    }

    public boolean isWorkedOnBy(int tid) {
        return worker == tid;
    }

    /** The descriptor that it was made for, or -1. */
    public int fd() {
        return fd;
    }

    /** What it is on; null when that is nothing, or not known. */
    public TrackedObject object() {
        return object == null ? null : object.canonical();
    }

    /** It is on what {@code newFd} refers to. */
    void on(int newFd, TrackedObject newObject, ObjectTable objects) {
        fd = newFd;
        object = newObject;
        used = objects.use(used, newObject);
    }

    /** Who waits for it waits for such a thing. */
    public ObjectKind kind() {
        TrackedObject on = object();
        return on != null && on.kind() != ObjectKind.OTHER ? on.kind() : RingOperations.kind(operation);
    }

    /** Whether it takes data from its object or puts data into it. */
    public Way way() {
        return RingOperations.way(operation);
    }

    /** It has posted something, and goes on. */
    public void again() {
        readiedBy = null;
        readiedByInterrupt = false;
    }

    void end(ObjectTable objects) {
        used = objects.use(used, null);
        object = null;
        ring = null;
        readiedBy = null;
        worker = NOBODY;
    }
}
