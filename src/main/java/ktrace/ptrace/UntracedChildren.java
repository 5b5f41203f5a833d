package ktrace.ptrace;

import ktrace.linux.tracing.Ptrace;
import ktrace.linux.uapi.Uapi;

/**
 * Children that a program makes untraced (CLONE_UNTRACED of clone(2)), as behind a filter they must not be: without a tracer the
 * filtered calls fail (ENOSYS). The flag is taken from the call, and given back when the call is over. Tracer's thread; allocates
 * nothing.
 */
final class UntracedChildren {
    private final Ptrace ptrace;

    UntracedChildren(Ptrace ptrace) {
        this.ptrace = ptrace;
    }

    /**
     * Has the child traced.
     *
     * @param parent stands at the entry of its call
     * @param inMemory the call is clone3(2), whose flags come first in its arguments' structure
     */
    void trace(Tracee parent, boolean inMemory) {
        long flags = parent.cloneFlags;
        if (flags != Tracee.NOT_KNOWN && (flags & Uapi.CLONE_UNTRACED()) != 0) {
            set(parent, inMemory, flags & ~(long) Uapi.CLONE_UNTRACED());
            parent.untraces = true;
        }
    }

    /** The parent stands at the exit of that call. */
    void putBack(Tracee parent, boolean inMemory) {
        if (parent.untraces) {
            parent.untraces = false;
            set(parent, inMemory, parent.cloneFlags);
        }
    }

    private void set(Tracee parent, boolean inMemory, long flags) {
        if (inMemory) {
            ptrace.poke(parent.tid, parent.firstArgument, flags);
        } else {
            ptrace.setFirstArgument(parent.tid, flags);
        }
    }
}
