package ktrace.system;

import ktrace.event.SocketNames;
import ktrace.system.SyscallRole.Target;
import ktrace.system.SyscallRole.Way;

/**
 * Who can have sent what a waiter received, where the two objects are not known to be one or each other's end: addresses in the
 * caller's memory, connections that are gone before they can be looked up. Pure functions, which allocate nothing.
 */
final class Senders {
    private Senders() {
    }

    /**
     * A connection attempt wakes who accepts at the socket that it goes to, and nobody else. The address stands in the caller's
     * memory and the connection may be gone before it can be looked up; then no other address speaks against it.
     */
    static boolean connectsTo(ThreadEntry waker, TrackedObject listening) {
        TrackedObject socket = waker.object.canonical();
        if (waker.role.effect() != SyscallRole.Effect.CONNECT || socket.kind() != listening.kind()) {
            return false;
        }
        return switch (listening.kind()) {
            case TCP -> {
                int port = SocketNames.remotePort(socket.object);
                yield port < 0 || port == SocketNames.localPort(listening.object);
            }
            // The kernel names the accepted end after the socket that listens.
            case UNIX -> socket.other == null || !socket.other.canonical().named
                    || socket.other.canonical().object.name().equals(listening.object.name())
                    || SocketNames.isUnnamed(socket.other.canonical().object);
            default -> false;
        };
    }

    /** The other way round: who waits in connect(2) for room in the queue of a socket is let on by accept(2) there. */
    static boolean acceptsFrom(ThreadEntry waker, ThreadEntry waiter, TrackedObject socket) {
        SyscallRole.Effect effect = waker.role.effect();
        return waiter.role.effect() == SyscallRole.Effect.CONNECT
                && (effect == SyscallRole.Effect.ACCEPT || effect == SyscallRole.Effect.ACCEPT4)
                && socket != null && waker.object != null && socket.kind() == waker.object.kind();
    }

    /**
     * A datagram sent to this machine arrives in the sender's own call. Where it was sent to stands in the caller's memory when its
     * socket is not connected; then its address must not be another than the one that the waiter is connected to.
     */
    static boolean sendsTo(ThreadEntry waker, TrackedObject socket) {
        TrackedObject sender = waker.object == null ? null : waker.object.canonical();
        if (socket == null || sender == null || sender == socket || socket.kind() != sender.kind()
                || (waker.role.way() != Way.WRITE && waker.role.target() != Target.CLOSED_FD)) {
            return false;
        }
        int expected = SocketNames.remotePort(socket.object);
        return switch (socket.kind()) {
            case UDP -> {
                int sentTo = SocketNames.remotePort(sender.object);
                yield (sentTo < 0 || sentTo == SocketNames.localPort(socket.object))
                        && (expected < 0 || expected == SocketNames.localPort(sender.object));
            }
            // Only a socket without a peer can be sent to by address.
            case UNIX -> (sender.other == null && socket.other == null && !socket.listening)
                    || isMissingEnd(sender, socket) || isMissingEnd(socket, sender);
            // One of the two was gone before it could be looked up; the other's peer is on this machine, in nobody else's hands.
            case TCP -> isMissingEnd(sender, socket) || isMissingEnd(socket, sender);
            default -> false;
        };
    }

    private static boolean isMissingEnd(TrackedObject unnamed, TrackedObject named) {
        return !unnamed.named && unnamed.other == null && named.other != null && named.other.canonical().holdingCount() == 0;
    }

    /**
     * Where names are in doubt because connections live shorter than it takes to look them up, the kind alone decides, if nothing
     * else can be meant: a call on a pipe or unix socket wakes, in its own context, only who waits at the same pipe or at the
     * socket's other end. What TCP delivers in softirq may come from the network, unless one of the two is bound to loopback.
     */
    static boolean canOnlyBe(ThreadEntry waker, TrackedObject object, boolean inInterrupt) {
        TrackedObject used = waker.object == null ? (waker.released == null ? null : waker.released.canonical())
                : waker.object.canonical();
        if (object == null || used == null || object.kind() != used.kind() || (object.isSure() && used.isSure())
                || object.listening || used.listening) {
            return false;
        }
        return switch (object.kind()) {
            case PIPE, UNIX -> !inInterrupt;
            case TCP -> (!object.isSure() && isLoopback(used)) || (!used.isSure() && isLoopback(object));
            default -> false;
        };
    }

    private static boolean isLoopback(TrackedObject socket) {
        return socket.loopback || SocketNames.isLoopback(socket.object);
    }
}
