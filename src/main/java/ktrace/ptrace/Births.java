package ktrace.ptrace;

import ktrace.linux.uapi.Uapi;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Who is whose child. A new thread may stop before its parent's event is seen; it then stands still until that comes. Tracer's
 * thread; allocates for each birth.
 */
final class Births {
    private final Int2ObjectHashMap<Tracee> tracees;
    private final EventWriter events;
    private final ProcFacts facts;
    private final boolean follow;
    /** How many stand still and wait for their parent's event. */
    int strangers;

    Births(Int2ObjectHashMap<Tracee> tracees, EventWriter events, ProcFacts facts, boolean follow) {
        this.tracees = tracees;
        this.events = events;
        this.facts = facts;
        this.follow = follow;
    }

    /**
     * The parent's event has come.
     *
     * @return the child, if it stands still and is to go on
     */
    Tracee told(Tracee parent, int tid, int event) {
        Tracee known = tracees.get(tid);
        boolean stands = known != null && known.waitsForParent;
        if (known != null && !stands) {
            // Attached to by number while its parent stood in this event.
            return null;
        }
        long flags = parent.inCall && parent.cloneFlags != Tracee.NOT_KNOWN ? parent.cloneFlags : flags(parent, tid, event);
        Tracee child = stands ? known : new Tracee(tid, Tracee.UNKNOWN);
        child.newborn = true;
        tracees.put(tid, child);
        return begin(parent, child, flags) && stands ? child : null;
    }

    /** The parent was killed before it could tell. Gives the child, which is to go on. */
    Tracee orphan(Tracee child) {
        int tgid = facts.status(child.tid, "Tgid");
        int ppid = tgid == child.tid ? facts.status(child.tid, "PPid") : tgid;
        Tracee parent = tracees.get(ppid);
        if (parent == null) {
            parent = new Tracee(Math.max(ppid, 0), Math.max(ppid, 0));
        }
        begin(parent, child, tgid == child.tid ? Uapi.SIGCHLD() : Uapi.CLONE_THREAD() | Uapi.CLONE_SIGHAND() | Uapi.CLONE_VM());
        return child;
    }

    private boolean begin(Tracee parent, Tracee child, long flags) {
        if (child.waitsForParent) {
            child.waitsForParent = false;
            strangers--;
        }
        boolean thread = (flags & Uapi.CLONE_THREAD()) != 0;
        child.tgid = thread ? parent.tgid : child.tid;
        child.nameLike(parent);
        child.unwanted = !thread && !follow;
        events.born(parent, child, flags);
        return true;
    }

    /** The entry of the call was not seen: what the kind of event says, and whose thread the child is. */
    private long flags(Tracee parent, int tid, int event) {
        if (event == Uapi.PTRACE_EVENT_FORK()) {
            return Uapi.SIGCHLD();
        }
        if (event == Uapi.PTRACE_EVENT_VFORK()) {
            return Uapi.CLONE_VFORK() | Uapi.CLONE_VM() | Uapi.SIGCHLD();
        }
        return facts.status(tid, "Tgid") == parent.tgid ? Uapi.CLONE_THREAD() | Uapi.CLONE_SIGHAND() | Uapi.CLONE_VM() : 0;
    }
}
