package ktrace.system.objects;

import org.agrona.collections.Long2ObjectHashMap;

/**
 * Sockets by the kernel's address of them, from the call that has one connect until its connection is made: that comes in an
 * interrupt, and brings its addresses. Written by the tracker's thread; allocates when there are more than there ever were.
 */
public final class KernelSockets {
    /** So many connections can be under way; of further ones the addresses are looked up. */
    private static final int LIMIT = 4096;

    private final Long2ObjectHashMap<TrackedObject> sockets = new Long2ObjectHashMap<>();

    /** It begins to connect. */
    public void put(long address, TrackedObject socket) {
        if (sockets.size() < LIMIT || sockets.containsKey(address)) {
            sockets.put(address, socket);
        }
    }

    /** It is connected, or will not be; null when it is not known. */
    public TrackedObject take(long address) {
        TrackedObject socket = sockets.isEmpty() ? null : sockets.remove(address);
        return socket == null ? null : socket.canonical();
    }
}
