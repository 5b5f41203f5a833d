package ktrace.system.objects;

import java.util.List;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.system.ThreadEntry;

/**
 * What the tracker knows of one kernel object, behind the immutable {@link KernelObject} that the stamps carry: who holds it, what
 * is at its other end, which epoll sets watch it. An object seen to be made but not yet looked up stands here too, without a name;
 * when the lookup finds that it is one known already, both become one ({@link #canonical}).
 *
 * <p>It lives as long as somebody known keeps it ({@link #isKept}): a table that has it open, a process that uses it by number or
 * address, a thread at work on it. Whatever else refers to it, as a set that watches it, does not keep it; {@link ObjectTable}
 * takes it out of everything when it dies.
 *
 * <p>Written by the tracker's thread. Allocates when an object, a holder or a watcher is new.
 */
public final class TrackedObject {
    /** How it is called now; a socket gets a new name when it is connected. */
    public KernelObject object;
    /** Whether name, key and other end are as the kernel has them; otherwise the next use looks them up. */
    public boolean named;
    public boolean listening;
    /** Its number was not seen but inferred, and a lookup by somebody who waits there may find it wrong. */
    public boolean inferred;
    /** Its name was looked up some time after it was used; by then the descriptor may have meant a later one. */
    public boolean lookedUp;
    /** A unix socket that sends datagrams: what it sends waits at the receiver, of which the queue fills up. */
    public boolean datagram;
    /** A socket accepted at a loopback address, though its own name is not known. */
    public boolean loopback;
    /** Of a TCP connection; null while nobody was seen to use it. */
    public Traffic traffic;
    /** Of a connection: which end this is, and whether it has sent since it last took an answer. */
    public Dialogue dialogue = Dialogue.UNKNOWN;
    public boolean asked;
    /** Of the end that answers: whether it ever has, and whether it has taken something since. */
    public boolean answered;
    public boolean owes;
    /** Of a pipe: so many bytes were seen to be written and not to be read. */
    long unreadBytes;
    /** No lookup before this time by the same descriptor: the last one failed. */
    public long nextLookupNs = Long.MIN_VALUE;
    public long lastLookup = -1;
    /** When to ask again who holds the other end, how often it was asked; never while somebody is known to. */
    public long nextHolderLookupNs = Long.MAX_VALUE;
    public int holderLookups;
    /** The socket or terminal at the other end; null when there is none or it is not known. */
    public TrackedObject other;
    /** Who holds it, for all that lean on it; null when it must be made again. */
    public List<Peer> holderPeers;
    /** {@link #other} is the other end of many, refers to none of them, and is kept by each; and of such a one, how many these are. */
    private boolean leans;
    private int leaning;
    /** Of a socket that listens: the connecting end that woke who waited there, which the next accept(2) gives the other end of. */
    public TrackedObject nextConnection;
    /** Of a {@link ObjectKind#FILELOCK} the file, and of a file what stands for its locks, made when the first is asked for. */
    public TrackedObject file;
    public TrackedObject lock;
    /** Of a futex that somebody waits at: where FUTEX_REQUEUE last sent its waiters. */
    public TrackedObject requeuedTo;
    /** Of a ring of io_uring: what is in it, as far as the kernel tells of it. */
    public Ring ring;
    /** Where it is found, and under what number; null when it is not found by number. */
    KeyedObjects home;
    long homeKey;
    /** It is to be decided at the end of this event whether anybody keeps it. */
    boolean inDoubt;
    /** What it watches, if it is a set of epoll(7), and what sets watch it. */
    public final Watching epoll = new Watching(this);
    private final boolean standIn;
    private TrackedObject sameAs;
    private final Holders holders = new Holders();
    private boolean wasHeld;
    /** Threads at work on it, as {@code ThreadEntry.settle} counts them, and futexes whose waiters wait here now. */
    private int users;
    private int requeuedHere;

    /** @param named whether it is as the kernel has it; otherwise the next use looks it up */
    public TrackedObject(KernelObject object, boolean named) {
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
    public static TrackedObject standIn(KernelObject object) {
        return new TrackedObject(object, false, true);
    }

    public boolean isStandIn() {
        return standIn;
    }

    /** The one object that all which turned out to be the same go by. */
    public TrackedObject canonical() {
        TrackedObject o = this;
        while (o.sameAs != null) {
            o = o.sameAs;
        }
        return o;
    }

    /** What it is worked on through: a lock, through its file. */
    public TrackedObject base() {
        TrackedObject canonical = canonical();
        return canonical.file == null ? canonical : canonical.file.canonical();
    }

    public TrackedObject otherEnd() {
        return other == null ? null : other.canonical();
    }

    /** Whether its name and other end are beyond doubt. */
    public boolean isSure() {
        return named && !lookedUp;
    }

    public ObjectKind kind() {
        return object.kind();
    }

    /** This turned out to be {@code known}: whoever holds, watches or is at work on this one does so on that one from now on. */
    public void becomes(TrackedObject known) {
        if (known == this) {
            return;
        }
        sameAs = known;
        for (int i = 0; i < holders.count(); i++) {
            holders.get(i).table.replace(holders.get(i), this, known);
        }
        holders.clear();
        known.users += users;
        users = 0;
        known.leaning += leaning;
        leaning = 0;
        known.requeuedHere += requeuedHere;
        requeuedHere = 0;
        if (requeuedTo != null && known.requeuedTo == null) {
            known.requeue(requeuedTo);
        }
        requeueNoMore();
        epoll.becomes(known.epoll);
        if (known.dialogue == Dialogue.UNKNOWN) {
            known.dialogue = dialogue;
            known.asked = asked;
            known.answered = answered;
            known.owes = owes;
        }
        if (ring != null && known.ring == null) {
            ring.is(known);
        }
        if (lock != null && known.lock == null) {
            known.lock = lock;
            lock.file = known;
        }
        if (known.traffic == null) {
            known.traffic = traffic;
        }
        if (leans) {
            known.leanOn(other);
            leanNoMore();
        } else if (other != null) {
            handOver(other, known);
            other = null;
        }
    }

    /** {@code end} is at its other end from now on, as at that of many. */
    public void leanOn(TrackedObject end) {
        if (other == null) {
            other = end.canonical();
            other.leaning++;
            leans = true;
        }
    }

    private void leanNoMore() {
        TrackedObject end = otherEnd();
        other = null;
        leans = false;
        end.leaning--;
        end.mayDie();
    }

    private void handOver(TrackedObject end, TrackedObject known) {
        boolean mutual = end.other == this;
        if (known.other == null) {
            end.other = mutual ? null : end.other;
            known.connect(end);
        } else if (mutual && end.wasHeld) {
            // It is the same end as known.other, which is to be found out yet; until then it knows where it goes.
            end.other = known;
        } else if (mutual) {
            end.isNoEnd();
        }
    }

    /** Makes two sockets, or a terminal's two sides, the ends of one connection; what they were connected to they are no more. */
    public void connect(TrackedObject peer) {
        disconnect();
        peer.disconnect();
        other = peer;
        peer.other = this;
        forgetPeers();
    }

    /**
     * What is sent here arrives at {@code receiver}, which others send to as well, and which sends nothing back: it takes datagrams, or
     * listens, and this connection waits to be accepted. One that was seen to be accepted does so no more, whatever was asked before.
     */
    public void sendTo(TrackedObject receiver) {
        boolean isAccepted = kind() == ObjectKind.TCP && other != null && !leans;
        if (!isAccepted && (!leans || otherEnd() != receiver)) {
            disconnect();
            leanOn(receiver);
            forgetPeers();
        }
    }

    /** What is sent here arrives at a socket that is not connected to this one. */
    public boolean isOneWay() {
        return leans;
    }

    private void disconnect() {
        if (leans) {
            leanNoMore();
        } else if (other != null && other.other == this) {
            other.isNoEnd();
        }
        other = null;
    }

    private void isNoEnd() {
        other = null;
        holders.forgetPeers();
        mayDie();
    }

    // -- life ----------------------------------------------------------------------------------------------------------------

    /** Whether somebody known has it open, uses it or is at work on it. */
    boolean isKept() {
        return holders.count() > 0 || users > 0 || requeuedHere > 0 || leaning > 0;
    }

    /** Known only as the other end of something kept: who holds it, is still to be found out. */
    boolean isKeptByOtherEnd() {
        return !wasHeld && !leans && other != null && other.isKept();
    }

    void use() {
        users++;
    }

    /** One thread less; gives whether it was the last. */
    boolean unuse() {
        if (--users > 0) {
            return false;
        }
        requeueNoMore();
        return true;
    }

    /** Nobody may keep it any more: what is found by number must be found no more then. */
    private void mayDie() {
        if (home != null) {
            home.doubt(this);
        }
    }

    /** Waiters of this futex wait at {@code word} now, which is kept for them as long as there are any. */
    public void requeue(TrackedObject word) {
        TrackedObject to = word.canonical();
        to.requeuedHere++;
        requeueNoMore();
        requeuedTo = to;
    }

    private void requeueNoMore() {
        if (requeuedTo != null) {
            TrackedObject word = requeuedTo.canonical();
            requeuedTo = null;
            word.requeuedHere--;
            word.mayDie();
        }
    }

    /** Nobody keeps it: it leaves the sets that watch it and, as a set, what it watches. */
    void die() {
        epoll.die();
        if (ring != null) {
            ring.close();
            ring = null;
        }
        // A pair goes when both are gone: whoever waits at this one's other end is woken by its closing. But no chain of such.
        if (leans) {
            leanNoMore();
        } else if (other != null && other.other != this) {
            other = null;
        }
        nextConnection = null;
        asked = false;
        owes = false;
    }

    // -- holders -------------------------------------------------------------------------------------------------------------

    public int holdingCount() {
        return holders.count();
    }

    public Holding holding(int index) {
        return holders.get(index);
    }

    /** How {@code table} holds it; null when it does not. */
    public Holding holdingOf(FdTable table) {
        return holders.of(table);
    }

    /** Of a pipe: whether somebody known can read and somebody known can write. */
    public boolean isHeldAtBothEnds() {
        return holders.readAndWrite();
    }

    /** Whether {@code table} is the last known to hold it in some way, so that whoever is at the other end notices when it goes. */
    public boolean isLastHolder(FdTable table) {
        return holders.isLast(table);
    }

    /**
     * Counts one more reference from {@code table}, for reading, writing or both.
     *
     * @param fd the descriptor, or -1 when it is used without one
     */
    public void hold(FdTable table, int fd, boolean reads, boolean writes) {
        if (!standIn) {
            holders.add(table, fd, reads, writes);
            wasHeld = true;
            forgetPeers();
        }
    }

    /** Takes one reference back; gives whether nobody known is left. */
    public boolean release(FdTable table, boolean reads, boolean writes) {
        if (standIn) {
            return false;
        }
        holders.remove(table, reads, writes);
        forgetPeers();
        return holders.count() == 0;
    }

    /** The lists of peers are made anew: somebody came, went, or is called differently now. */
    public void forgetPeers() {
        holderPeers = null;
        holders.forgetPeers();
        if (other != null) {
            other.canonical().holders.forgetPeers();
        }
    }

    @Override
    public String toString() {
        return object.name();
    }
}
