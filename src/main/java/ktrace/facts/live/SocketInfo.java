package ktrace.facts.live;

import ktrace.event.ObjectKind;
import ktrace.event.SocketNames;

/**
 * What the kernel tells of a socket.
 *
 * @param name as {@link SocketNames} makes it
 * @param peerKey as in {@link ktrace.event.FdSnapshot#peerKey}
 */
record SocketInfo(ObjectKind kind, String name, long peerKey) {
}
