package ktrace.facts;

import ktrace.event.ObjectKind;

/**
 * What the kernel tells of a socket.
 *
 * @param name as {@link SocketNames} makes it
 * @param peerKey as in {@link ktrace.event.FdSnapshot#peerKey}
 */
record SocketInfo(ObjectKind kind, String name, long peerKey) {
}
