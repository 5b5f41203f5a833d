package ktrace.system;

import java.util.HashMap;
import java.util.Map;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.SocketNames;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * One {@link TrackedObject} for each object of the kernel that has a number of its own, found by kind and key. What has none (epoll
 * sets, timers) lives in the descriptor tables alone. Forgets an object when nobody known holds it any more.
 *
 * <p>Written by the tracker's thread; allocates for new objects only.
 */
final class ObjectTable {
    /** Beyond this many all are forgotten, and made again when they are used again. */
    private static final int SHARED_FUTEX_LIMIT = 1 << 16;

    /** Is in the key of every System V queue and set: ids begin at 0, and a key of 0 means that there is none. */
    static final long SYSV_KEY = 1L << 32;

    private final Map<ObjectKind, Long2ObjectHashMap<TrackedObject>> byKind = new HashMap<>();
    /** Connected TCP and UDP sockets by name: the other end bears the mirrored one, even before anybody has accepted it. */
    private final Map<String, TrackedObject> connected = new HashMap<>();
    private final Map<SharedAddress, TrackedObject> sharedFutexes = new HashMap<>();

    /** Where a shared futex word lies, whatever addresses it is mapped at. */
    record SharedAddress(int device, long inode, long offsetBytes) {
    }

    ObjectTable() {
        Long2ObjectHashMap<TrackedObject> sockets = new Long2ObjectHashMap<>();
        for (ObjectKind kind : ObjectKind.values()) {
            // Inodes of sockets are numbers of one file system (sockfs), whatever their family.
            byKind.put(kind, isSocket(kind) ? sockets : new Long2ObjectHashMap<>());
        }
    }

    static boolean isSocket(ObjectKind kind) {
        return switch (kind) {
            case UNIX, TCP, UDP, NETLINK -> true;
            default -> false;
        };
    }

    TrackedObject find(ObjectKind kind, long key) {
        return byKind.get(kind).get(key);
    }

    /** The object with the kind and key of {@code found}, called as {@code found} is from now on. */
    TrackedObject intern(KernelObject found) {
        if (found.key() == 0) {
            return new TrackedObject(found, true);
        }
        TrackedObject known = find(found.kind(), found.key());
        if (known == null) {
            known = new TrackedObject(found, true);
            byKind.get(found.kind()).put(found.key(), known);
            rememberName(known);
        } else {
            name(known, found);
        }
        return known;
    }

    /** A placeholder was looked up: it becomes the object known by that key, or is entered as it. */
    TrackedObject identify(TrackedObject placeholder, KernelObject found) {
        TrackedObject known = found.key() == 0 ? null : find(found.kind(), found.key());
        if (known != null && known != placeholder) {
            name(known, found);
            identify(placeholder, known.object, placeholder.named);
            placeholder.becomes(known);
            known.listening |= placeholder.listening;
            return known;
        }
        if (found.key() != 0) {
            byKind.get(found.kind()).put(found.key(), placeholder);
        }
        name(placeholder, found);
        return placeholder;
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
                && tracked.object.canonical() != Objects.unnamed(tracked.kind())) {
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
    TrackedObject otherEnd(TrackedObject socket, long peerKey) {
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

    TrackedObject sharedFutex(SharedAddress at) {
        return sharedFutexes.get(at);
    }

    void putSharedFutex(SharedAddress at, TrackedObject futex) {
        if (sharedFutexes.size() >= SHARED_FUTEX_LIMIT) {
            sharedFutexes.clear();
        }
        sharedFutexes.put(at, futex);
    }

    /** IPC_RMID: the number may be given to another object. */
    void remove(ObjectKind kind, long key) {
        byKind.get(kind).remove(key);
    }

    /** Nobody known holds {@code object} any more. */
    void abandon(TrackedObject object) {
        forget(object);
        if (!object.named && object.object.key() == 0) {
            // What it was called will never be known: it goes by its kind, together with all others of which that is so.
            object.object.identify(Objects.unnamed(object.kind()));
            object.named = true;
        }
        if (object.other != null && object.other.holdingCount() == 0) {
            forget(object.other);
        }
    }

    private void forget(TrackedObject object) {
        connected.remove(object.object.name(), object);
        Long2ObjectHashMap<TrackedObject> map = byKind.get(object.kind());
        if (object.object.key() != 0 && map.get(object.object.key()) == object) {
            map.remove(object.object.key());
        }
    }
}
