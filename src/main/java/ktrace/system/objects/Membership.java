package ktrace.system.objects;

/**
 * That an epoll set watches an object, under the number of the descriptor that it was added by. It stands with the set and with the
 * member, knows its place in both, and leaves both at once: neither keeps the other alive.
 */
public final class Membership {
    final EpollSet set;
    final int fd;
    TrackedObject member;
    /** The member is a set itself. */
    boolean nested;
    private int placeInSet;
    private int placeInMember;

    Membership(EpollSet set, int fd) {
        this.set = set;
        this.fd = fd;
    }

    /** @param ofSet in the list of the set's members, else in that of the sets that the member is in */
    int place(boolean ofSet) {
        return ofSet ? placeInSet : placeInMember;
    }

    void place(boolean ofSet, int place) {
        if (ofSet) {
            placeInSet = place;
        } else {
            placeInMember = place;
        }
    }
}
