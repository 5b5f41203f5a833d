package ktrace.system.objects;

import java.util.HashSet;
import java.util.Set;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * What an epoll set watches, by the numbers under which it was added (epoll_ctl(2)). As in the kernel a set is no holder of its
 * members: a member that nobody holds any more leaves all its sets, and a set that nobody holds leaves all its members.
 *
 * <p>Written by the tracker's thread; allocates for a new member.
 */
public final class EpollSet {
    /** EP_MAX_NESTS of fs/eventpoll.c. */
    private static final int MAX_NESTS = 4;

    private final Int2ObjectHashMap<Membership> byFd = new Int2ObjectHashMap<>();
    private final Memberships members = new Memberships(true);
    private int nested;
    /** What /proc listed as watched before it told what it is; null when there is none. */
    private Set<Awaited> awaited;

    /** A number of a table of descriptors. */
    private record Awaited(FdTable table, int fd) {
    }

    int count() {
        return members.count();
    }

    TrackedObject get(int index) {
        return members.get(index).member;
    }

    /** EPOLL_CTL_ADD. A number that is watched already has been closed and used again. */
    void add(int fd, TrackedObject member) {
        Membership membership = byFd.get(fd);
        if (membership == null) {
            membership = new Membership(this, fd);
            byFd.put(fd, membership);
            members.add(membership);
        } else {
            leave(membership);
        }
        membership.member = member;
        membership.nested = member.epoll.isSet();
        nested += membership.nested ? 1 : 0;
        member.epoll.joins(membership);
    }

    /** EPOLL_CTL_DEL. */
    void remove(int fd) {
        Membership known = byFd.get(fd);
        if (known != null) {
            remove(known);
        }
    }

    void remove(Membership membership) {
        byFd.remove(membership.fd);
        members.remove(membership);
        leave(membership);
    }

    private void leave(Membership membership) {
        nested -= membership.nested ? 1 : 0;
        membership.member.epoll.leaves(membership);
    }

    /** Descriptor {@code fd} of {@code table} is watched, whatever that is: the table tells when it knows. */
    void awaits(FdTable table, int fd) {
        if (awaited == null) {
            awaited = new HashSet<>();
        }
        awaited.add(new Awaited(table, fd));
    }

    boolean isAwaiting() {
        return awaited != null && !awaited.isEmpty();
    }

    void awaitsNoMore(FdTable table, int fd) {
        if (awaited != null) {
            awaited.remove(new Awaited(table, fd));
        }
    }

    /** This set turned out to be {@code known}. */
    void moveTo(EpollSet known, TrackedObject self) {
        for (int i = 0; i < members.count(); i++) {
            known.add(members.get(i).fd, members.get(i).member);
        }
        clear(self);
    }

    /** The set is gone: so are its memberships, and what it waited to be told of. */
    void clear(TrackedObject self) {
        while (members.count() > 0) {
            remove(members.get(members.count() - 1));
        }
        if (awaited != null) {
            awaited.forEach(a -> a.table.forgetAwaiting(a.fd, self));
            awaited = null;
        }
    }

    /** Whether {@code object} is a member, or a member of a set that is one. */
    boolean watches(TrackedObject object) {
        return watches(object, MAX_NESTS);
    }

    /** @param depth how many sets may lie between */
    boolean watches(TrackedObject object, int depth) {
        if (has(object)) {
            return true;
        }
        if (nested == 0 || depth == 0) {
            return false;
        }
        for (int i = 0; i < members.count(); i++) {
            if (members.get(i).nested && members.get(i).member.epoll.watches(object, depth - 1)) {
                return true;
            }
        }
        return false;
    }

    /** Looks through the shorter of the two lists: a set may have many members, and an object be in many sets. */
    private boolean has(TrackedObject object) {
        Memberships sets = object.epoll.sets();
        if (sets == null) {
            return false;
        }
        if (sets.count() <= members.count()) {
            for (int i = 0; i < sets.count(); i++) {
                if (sets.get(i).set == this) {
                    return true;
                }
            }
        } else {
            for (int i = 0; i < members.count(); i++) {
                if (members.get(i).member == object) {
                    return true;
                }
            }
        }
        return false;
    }
}
