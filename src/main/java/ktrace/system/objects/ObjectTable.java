package ktrace.system.objects;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.SocketNames;

/**
 * One {@link TrackedObject} for each object of the kernel that has a number of its own, found by kind and key. What has none (epoll
 * sets, timers) lives in the descriptor tables alone.
 *
 * <p>Also the end of them all. Whoever lets go of an object, or makes one that nobody may ever hold, tells so ({@link #doubt}); at
 * the end of the event those that nobody keeps die ({@link #bury}): they are found no more, watch nothing and are watched by
 * nothing. What is forgotten when thus depends on the events alone.
 *
 * <p>Written by the tracker's thread; allocates for new objects only.
 */
public final class ObjectTable {
    /**
     * A FIFO is opened by its path again and again, and so may any file be that somebody waited to open; it is one and the same to
     * whoever reads what was waited for: so many are remembered that nobody has open.
     */
    private static final int OPENED_REMEMBERED = 256;

    private final Map<ObjectKind, KeyedObjects> byKind = new HashMap<>();
    /** Connected TCP and UDP sockets by name: the other end bears the mirrored one, even before anybody has accepted it. */
    private final Map<String, TrackedObject> connected = new HashMap<>();
    /** Memory that is shared by way of a file, as far as somebody uses futexes there. */
    private final Map<SharedFile.Id, SharedFile> sharedFiles = new HashMap<>();
    private final SequencedSet<TrackedObject> opened = new LinkedHashSet<>();
    /** The rings of io_uring, whose requests keep what they are on. */
    public final Rings rings = new Rings(this);
    private TrackedObject[] inDoubt = new TrackedObject[16];
    private int doubts;
    /** How many objects processes use without having them open, each counted for each. */
    public int uses;

    /** @param numbered for each kind with which others it has its numbers in common, itself included */
    public ObjectTable(List<List<ObjectKind>> numbered) {
        for (List<ObjectKind> kinds : numbered) {
            KeyedObjects shared = new KeyedObjects(this);
            kinds.forEach(kind -> byKind.put(kind, shared));
        }
    }

    public TrackedObject find(ObjectKind kind, long key) {
        TrackedObject known = keyed(kind).get(key);
        // What it was entered for may have turned out to be another one since.
        return known == null ? null : known.canonical();
    }

    /** The object with the kind and key of {@code found}, called as {@code found} is from now on. */
    public TrackedObject intern(KernelObject found) {
        if (found.key() == 0) {
            return new TrackedObject(found, true);
        }
        TrackedObject known = find(found.kind(), found.key());
        if (known == null) {
            known = new TrackedObject(found, true);
            enter(known, found);
            rememberName(known);
            doubt(known);
        } else {
            name(known, found);
        }
        return known;
    }

    /** A placeholder was looked up: it becomes the object known by that key, or is entered as it. */
    public TrackedObject identify(TrackedObject placeholder, KernelObject found) {
        TrackedObject known = found.key() == 0 ? null : find(found.kind(), found.key());
        if (known != null && known != placeholder) {
            name(known, found);
            forget(placeholder);
            identify(placeholder, known.object, placeholder.named);
            placeholder.becomes(known);
            known.listening |= placeholder.listening;
            known.datagram |= placeholder.datagram;
            return known;
        }
        if (found.key() != 0) {
            enter(placeholder, found);
        }
        name(placeholder, found);
        return placeholder;
    }

    /** An object that has no name yet is called so; it is still to be looked up, and has no number. */
    public void call(TrackedObject unnamed, KernelObject name) {
        if (!unnamed.named && !unnamed.isStandIn() && unnamed.kind() == name.kind()) {
            identify(unnamed, name, false);
            unnamed.object = name;
        }
    }

    private KeyedObjects keyed(ObjectKind kind) {
        KeyedObjects keyed = byKind.get(kind);
        return keyed != null ? keyed : byKind.computeIfAbsent(kind, unknown -> new KeyedObjects(this));
    }

    private void enter(TrackedObject object, KernelObject found) {
        KeyedObjects keyed = keyed(found.kind());
        if (object.home != keyed || object.homeKey != found.key()) {
            keyed.put(found.key(), object);
        }
    }

    private void name(TrackedObject tracked, KernelObject found) {
        if (!tracked.named || !tracked.object.name().equals(found.name()) || tracked.object.kind() != found.kind()) {
            connected.remove(tracked.object.name(), tracked);
            identify(tracked, found, tracked.named);
            tracked.object = found;
            tracked.named = true;
            rememberName(tracked);
        }
    }

    /** What was stamped while it had no name goes by this one as well. */
    private static void identify(TrackedObject tracked, KernelObject found, boolean named) {
        if (!named && !tracked.isStandIn() && tracked.kind() == found.kind()
                && tracked.object.canonical() != tracked.kind().unnamed()) {
            tracked.object.identify(found);
        }
    }

    private void rememberName(TrackedObject tracked) {
        if (SocketNames.isConnected(tracked.object)) {
            connected.put(tracked.object.name(), tracked);
        }
    }

    /**
     * The object at the other end of {@code socket}, entered if it is new.
     *
     * @param peerKey its key if the kernel told it, else 0: then it is found by the mirrored name, if it is known
     */
    public TrackedObject otherEnd(TrackedObject socket, long peerKey) {
        String mirrored = SocketNames.mirror(socket.object);
        if (peerKey > 0) {
            TrackedObject other = find(socket.kind(), peerKey);
            if (other == null) {
                String name = mirrored == null ? SocketNames.ofInode(socket.kind(), peerKey) : mirrored;
                other = intern(new KernelObject(socket.kind(), name, peerKey));
            }
            return other;
        }
        return mirrored == null ? null : connected.get(mirrored);
    }

    /** The socket with this key, which is not connected to {@code sender}, though what that sends arrives there. */
    public TrackedObject receiver(TrackedObject sender, long key) {
        TrackedObject known = find(sender.kind(), key);
        return known != null ? known : intern(new KernelObject(sender.kind(), SocketNames.ofInode(sender.kind(), key), key));
    }

    // -- shared memory -------------------------------------------------------------------------------------------------------

    /** Whether nobody is known to share memory. */
    public boolean sharesNothing() {
        return sharedFiles.isEmpty();
    }

    /** One more mapping of the file is known, until {@link #unmapped}. */
    SharedFile mapped(MappingSnapshot mapping) {
        SharedFile file = sharedFiles.computeIfAbsent(new SharedFile.Id(mapping.device(), mapping.inode()),
                id -> new SharedFile(id, this));
        file.mappings++;
        return file;
    }

    void unmapped(SharedFile file) {
        file.mappings--;
        drop(file);
    }

    private void drop(SharedFile file) {
        if (file.isUnused()) {
            sharedFiles.remove(file.id);
        }
    }

    // -- life ----------------------------------------------------------------------------------------------------------------

    /**
     * A thread that was at work on {@code before} is so on {@code now}; either may be null, and neither need be what it goes by.
     *
     * @return what to give as {@code before} next time
     */
    public TrackedObject use(TrackedObject before, TrackedObject now) {
        TrackedObject used = now == null || now.isStandIn() ? null : now.base();
        if (used == before) {
            return before;
        }
        if (used != null) {
            used.use();
        }
        if (before != null) {
            unuse(before.canonical());
        }
        return used;
    }

    private void unuse(TrackedObject object) {
        if (object.unuse()) {
            doubt(object);
        }
    }

    /** Nobody may keep {@code object} any more: that is decided at the end of the event. */
    public void doubt(TrackedObject object) {
        if (object.inDoubt || object.isStandIn() || object.isKept()) {
            return;
        }
        object.inDoubt = true;
        if (doubts == inDoubt.length) {
            inDoubt = Arrays.copyOf(inDoubt, 2 * doubts);
        }
        inDoubt[doubts++] = object;
    }

    /** The event is over: what nobody keeps now dies. */
    public void settle() {
        for (int i = 0; i < doubts; i++) {
            TrackedObject object = inDoubt[i];
            inDoubt[i] = null;
            object.inDoubt = false;
            if (object.isKept() || object.isKeptByOtherEnd()) {
                continue;
            }
            if (object.home != null && (object.kind() == ObjectKind.FIFO || opened.contains(object))) {
                object.die();
                remember(object);
            } else {
                bury(object);
            }
        }
        doubts = 0;
    }

    /** {@code object} was opened by its path, and may be again when nobody has it open. */
    public void remember(TrackedObject object) {
        opened.addLast(object);
        if (opened.size() > OPENED_REMEMBERED) {
            TrackedObject oldest = opened.removeFirst();
            if (!oldest.isKept()) {
                bury(oldest);
            }
        }
    }

    private void bury(TrackedObject object) {
        forget(object);
        if (!object.named && object.object.key() == 0 && object.object.name().equals(object.kind().label())) {
            // What it was called will never be known: it goes by its kind, together with all others of which that is so.
            object.object.identify(object.kind().unnamed());
            object.named = true;
        }
        TrackedObject end = object.other;
        object.die();
        if (end != null && end.home != null) {
            doubt(end);
        }
    }

    /** It is found neither by number nor by name. */
    private void forget(TrackedObject object) {
        connected.remove(object.object.name(), object);
        SharedFile file = object.home == null ? null : object.home.file;
        KeyedObjects.leave(object);
        if (file != null) {
            drop(file);
        }
    }

    /** IPC_RMID: the number may be given to another object, and nobody uses this one any more. */
    public void remove(ObjectKind kind, long key) {
        TrackedObject gone = find(kind, key);
        if (gone == null) {
            return;
        }
        forget(gone);
        for (int i = gone.holdingCount() - 1; i >= 0; i--) {
            gone.holding(i).table.owners().forEach(owner -> owner.useNoMore(gone));
        }
    }
}
