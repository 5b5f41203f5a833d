package ktrace.system;

import java.util.Arrays;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;

/**
 * What the tracker knows of one kernel object, behind the immutable {@link KernelObject} that the stamps carry: who holds it, what
 * is at its other end, which epoll sets watch it. An object seen to be made but not yet looked up stands here too, without a name;
 * when the lookup finds that it is one known already, both become one ({@link #canonical}).
 *
 * <p>Written by the tracker's thread. Allocates when an object, a holder or a watcher is new.
 */
final class TrackedObject {
    private static final Holding[] NOBODY = {};
    private static final TrackedObject[] NONE = {};

    /** How it is called now; a socket gets a new name when it is connected. */
    KernelObject object;
    /** Whether name, key and other end are as the kernel has them; otherwise the next use looks them up. */
    boolean named;
    boolean listening;
    /** Its number was not seen but inferred, and a lookup by somebody who waits there may find it wrong. */
    boolean inferred;
    /** Its name was looked up some time after it was used; by then the descriptor may have meant a later one. */
    boolean lookedUp;
    /** A socket accepted at a loopback address, though its own name is not known. */
    boolean loopback;
    /** No lookup before this time by the same descriptor: the last one failed. */
    long nextLookupNs = Long.MIN_VALUE;
    long lastLookup = -1;
    /** When to ask again who holds the other end; never while somebody is known to. */
    long nextHolderLookupNs = Long.MAX_VALUE;
    int holderLookups;
    /** The socket or terminal at the other end; null when there is none or it is not known. */
    TrackedObject other;
    /** Of a socket that listens: the connecting end that woke who waited there, which the next accept(2) gives the other end of. */
    TrackedObject nextConnection;
    /** Of a {@link ObjectKind#FILELOCK}: the file. */
    TrackedObject file;
    /** Of a file: what stands for its locks, made when the first is asked for. */
    TrackedObject lock;
    /** Of a futex: where FUTEX_REQUEUE last sent its waiters. */
    TrackedObject requeuedTo;
    /** Where no scheduler is seen: who put data in last, and who took data out; null when that was not seen. */
    Touches.Touch written;
    Touches.Touch taken;
    private final boolean standIn;
    private TrackedObject sameAs;
    private Holding[] holdings = NOBODY;
    private int holdingCount;
    private TrackedObject[] epollSets = NONE;
    private int[] watchedFds = {};
    private TrackedObject[] watched = NONE;
    private int watchedCount;

    TrackedObject(KernelObject object, boolean named) {
        this(object, named, false);
    }

    private TrackedObject(KernelObject object, boolean named, boolean standIn) {
        this.object = object;
        this.named = named;
        this.standIn = standIn;
    }

    /**
     * Stands in many tables at once for descriptors of which only one thing is known, such as that open(2) made them; each is
     * replaced when it is looked up. Nobody holds it, so that a program that opens and closes files costs nothing.
     */
    static TrackedObject standIn(KernelObject object) {
        return new TrackedObject(object, false, true);
    }

    boolean isStandIn() {
        return standIn;
    }

    /** The one object that all which turned out to be the same go by. */
    TrackedObject canonical() {
        TrackedObject o = this;
        while (o.sameAs != null) {
            o = o.sameAs;
        }
        return o;
    }

    /** Whether its name and other end are beyond doubt. */
    boolean isSure() {
        return named && !lookedUp;
    }

    ObjectKind kind() {
        return object.kind();
    }

    /** This turned out to be {@code known}: whoever holds or watches this one holds and watches that one from now on. */
    void becomes(TrackedObject known) {
        if (known == this) {
            return;
        }
        sameAs = known;
        for (int i = 0; i < holdingCount; i++) {
            holdings[i].table.replace(this, known);
        }
        holdingCount = 0;
        for (TrackedObject set : epollSets) {
            known.watchedBy(set);
        }
        if (other != null && known.other == null) {
            known.connect(other.canonical());
        }
    }

    /** Makes two sockets, or a terminal's two sides, the ends of one connection. */
    void connect(TrackedObject peer) {
        other = peer;
        peer.other = this;
        forgetPeers();
    }

    // -- holders -------------------------------------------------------------------------------------------------------------

    int holdingCount() {
        return holdingCount;
    }

    /** Of a pipe: whether somebody known can read and somebody known can write. */
    boolean isHeldAtBothEnds() {
        boolean read = false;
        boolean written = false;
        for (int i = 0; i < holdingCount; i++) {
            read |= holdings[i].readers > 0;
            written |= holdings[i].writers > 0;
        }
        return read && written;
    }

    /** Whether {@code table} is the last known to hold it in some way, so that whoever is at the other end notices when it goes. */
    boolean isLastHolder(FdTable table) {
        Holding own = holdingOf(table);
        if (own == null) {
            return false;
        }
        boolean read = own.readers > 0;
        boolean written = own.writers > 0;
        for (int i = 0; i < holdingCount; i++) {
            if (holdings[i] != own) {
                read &= holdings[i].readers == 0;
                written &= holdings[i].writers == 0;
            }
        }
        return read || written;
    }

    Holding holding(int index) {
        return holdings[index];
    }

    Holding holdingOf(FdTable table) {
        for (int i = 0; i < holdingCount; i++) {
            if (holdings[i].table == table) {
                return holdings[i];
            }
        }
        return null;
    }

    /** Counts one more reference from {@code table}, for reading, writing or both. */
    void hold(FdTable table, boolean reads, boolean writes) {
        if (standIn) {
            return;
        }
        Holding holding = holdingOf(table);
        if (holding == null) {
            holding = new Holding(table);
            if (holdingCount == holdings.length) {
                holdings = Arrays.copyOf(holdings, Math.max(2, holdingCount * 2));
            }
            holdings[holdingCount++] = holding;
        }
        holding.readers += reads ? 1 : 0;
        holding.writers += writes ? 1 : 0;
        forgetPeers();
    }

    /** Takes one reference back; gives whether nobody known is left. */
    boolean release(FdTable table, boolean reads, boolean writes) {
        for (int i = 0; i < holdingCount; i++) {
            Holding holding = holdings[i];
            if (holding.table == table) {
                holding.readers -= reads ? 1 : 0;
                holding.writers -= writes ? 1 : 0;
                if (holding.readers <= 0 && holding.writers <= 0) {
                    holdings[i] = holdings[--holdingCount];
                    holdings[holdingCount] = null;
                }
                forgetPeers();
                break;
            }
        }
        return holdingCount == 0 && !standIn;
    }

    /** The lists of peers are made anew: somebody came, went, or is called differently now. */
    void forgetPeers() {
        forgetOwnPeers();
        if (other != null) {
            other.canonical().forgetOwnPeers();
        }
    }

    private void forgetOwnPeers() {
        for (int i = 0; i < holdingCount; i++) {
            holdings[i].forgetPeers();
        }
    }

    // -- epoll ---------------------------------------------------------------------------------------------------------------

    /** EPOLL_CTL_ADD: {@code member} is watched by this set from now on, as descriptor {@code fd}. */
    void watch(int fd, TrackedObject member) {
        int at = indexOfWatched(fd);
        if (at < 0) {
            at = watchedCount++;
            if (at == watchedFds.length) {
                watchedFds = Arrays.copyOf(watchedFds, Math.max(4, at * 2));
                watched = Arrays.copyOf(watched, watchedFds.length);
            }
        } else {
            watched[at].canonical().unwatchedBy(this);
        }
        watchedFds[at] = fd;
        watched[at] = member;
        member.watchedBy(this);
    }

    /** EPOLL_CTL_DEL. */
    void unwatch(int fd) {
        int at = indexOfWatched(fd);
        if (at >= 0) {
            watched[at].canonical().unwatchedBy(this);
            watchedCount--;
            watchedFds[at] = watchedFds[watchedCount];
            watched[at] = watched[watchedCount];
            watched[watchedCount] = null;
        }
    }

    int watchedCount() {
        return watchedCount;
    }

    TrackedObject watched(int index) {
        return watched[index].canonical();
    }

    /** Whether this object is a member of {@code set}, or of a set that is a member of it, up to the kernel's EP_MAX_NESTS. */
    boolean isWatchedBy(TrackedObject set) {
        return isWatchedBy(set, 4);
    }

    private boolean isWatchedBy(TrackedObject set, int depth) {
        for (TrackedObject candidate : epollSets) {
            if (candidate != null && (candidate == set || (depth > 0 && candidate.isWatchedBy(set, depth - 1)))) {
                return true;
            }
        }
        return false;
    }

    private void watchedBy(TrackedObject set) {
        for (TrackedObject known : epollSets) {
            if (known == set) {
                return;
            }
        }
        epollSets = Arrays.copyOf(epollSets, epollSets.length + 1);
        epollSets[epollSets.length - 1] = set;
    }

    private void unwatchedBy(TrackedObject set) {
        for (int i = 0; i < epollSets.length; i++) {
            if (epollSets[i] == set) {
                TrackedObject[] rest = Arrays.copyOf(epollSets, epollSets.length - 1);
                if (i < rest.length) {
                    rest[i] = epollSets[epollSets.length - 1];
                }
                epollSets = rest;
                return;
            }
        }
    }

    private int indexOfWatched(int fd) {
        for (int i = 0; i < watchedCount; i++) {
            if (watchedFds[i] == fd) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return object.name();
    }
}
