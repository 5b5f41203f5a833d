package ktrace.system.objects;

import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;

/** Objects that need no lookup: the placeholders of what was only just made. */
public final class Objects {
    private Objects() {
    }

    /** An object of which the kind is known and no more: the next use looks it up. */
    public static TrackedObject placeholder(ObjectKind kind) {
        return new TrackedObject(new KernelObject(kind, kind.label(), 0), false);
    }

    /** A set or timer that the kernel gives no number of its own: called by its descriptor. */
    public static TrackedObject called(ObjectKind kind, String what, int fd) {
        return new TrackedObject(KernelObject.ofDescriptor(kind, what, fd), true);
    }
}
