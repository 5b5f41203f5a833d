package ktrace.system.objects;

import ktrace.event.Peer;

/** A process, as far as its descriptors go. Tracker's thread. */
public interface Owner {
    /** What others are told of who holds an object. */
    Peer peer();

    /** Whether it is a child of process {@code tgid}. */
    boolean isChildOf(int tgid);

    /** Whether its calls are seen. */
    boolean isHeard();

    /** {@code object} is gone, or was used too long ago: whoever used it without opening it lets go of it. */
    void useNoMore(TrackedObject object);
}
