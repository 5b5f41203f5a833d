package ktrace.system.objects;

import ktrace.event.ObjectKind;

/** What an object has to do with epoll(7): as a set what it watches, and which sets watch it. Written by the tracker's thread. */
public final class Watching {
    private final TrackedObject self;
    private boolean watchesUnknown;
    private EpollSet members;
    private Memberships sets;

    Watching(TrackedObject self) {
        this.self = self;
    }

    boolean isSet() {
        return self.kind() == ObjectKind.POLL;
    }

    /** EPOLL_CTL_ADD: {@code member} is watched by this set from now on, as descriptor {@code fd}. */
    public void watch(int fd, TrackedObject member) {
        set().add(fd, member);
    }

    public void unwatch(int fd) {
        if (members != null) {
            members.remove(fd);
        }
    }

    /** EPOLL_CTL_ADD of a member that is not known. */
    public void watchUnknown() {
        watchesUnknown = true;
    }

    /** Whether the set may have members that are not known. */
    public boolean watchesUnknown() {
        return watchesUnknown || members != null && members.isAwaiting();
    }

    public int watchedCount() {
        return members == null ? 0 : members.count();
    }

    public TrackedObject watched(int index) {
        return members.get(index);
    }

    /** Whether this object is a member of {@code set}, or of a set that is a member of it, up to the kernel's EP_MAX_NESTS. */
    public boolean isWatchedBy(TrackedObject set) {
        EpollSet its = set.epoll.members;
        return its != null && its.watches(self);
    }

    /** Whether this set watches {@code object}, itself or through so many sets. */
    boolean watches(TrackedObject object, int depth) {
        return members != null && members.watches(object, depth);
    }

    EpollSet set() {
        if (members == null) {
            members = new EpollSet();
        }
        return members;
    }

    Memberships sets() {
        return sets;
    }

    void joins(Membership membership) {
        if (sets == null) {
            sets = new Memberships(false);
        }
        sets.add(membership);
    }

    void leaves(Membership membership) {
        sets.remove(membership);
    }

    /** The object turned out to be {@code known}'s. */
    void becomes(Watching known) {
        while (sets != null && sets.count() > 0) {
            Membership membership = sets.get(0);
            sets.remove(membership);
            membership.member = known.self;
            known.joins(membership);
        }
        if (members != null) {
            members.moveTo(known.set(), self);
            members = null;
        }
    }

    /** Nobody keeps the object: it leaves the sets that watch it and, as a set, what it watches. */
    void die() {
        while (sets != null && sets.count() > 0) {
            Membership membership = sets.get(sets.count() - 1);
            membership.set.remove(membership);
        }
        sets = null;
        if (members != null) {
            members.clear(self);
            members = null;
        }
    }
}
