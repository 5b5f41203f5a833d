package ktrace.system.family;

import java.util.List;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.SocketNames;
import ktrace.system.Family;
import ktrace.system.objects.FdTable;
import ktrace.system.Machine;
import ktrace.system.objects.Objects;
import ktrace.system.PeerLists;
import ktrace.system.ProcessEntry;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.objects.RingOperations;
import ktrace.system.objects.RingRequest;
import ktrace.system.objects.TrackedObject;
import ktrace.system.WakeUp;
import ktrace.system.objects.Way;

/**
 * socket(7): unix, inet and netlink. Who receives waits for who holds the other end; who accepts, for whoever connects; and the
 * other way round when a queue is full.
 *
 * <p>What is sent to this machine arrives in a softirq of the sender's own call, so that an interrupt may be somebody's doing.
 * Where it was sent to often stands in the caller's memory, and connections are gone before they can be looked up: what speaks for
 * a sender then, and what against him, is said at each of the questions.
 */
final class Sockets implements Family {
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int AF_NETLINK = 16;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_TYPE_MASK = 0xf;
    private static final int EINPROGRESS = 115;

    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.UNIX, ObjectKind.TCP, ObjectKind.UDP, ObjectKind.NETLINK);
    }

    @Override
    public void calls(Calls calls) {
        calls.add("socket", new ChangesDescriptors((machine, thread, fd) -> thread.process.fds.put(fd,
                made(thread), FdTable.READ_WRITE | FdTable.closeOnExec(thread.args[1]))));
        calls.add("socketpair", new MakePair());
        calls.add("recv recvfrom", new OnDescriptor(0, Way.READ, "to read"));
        calls.add("recvmsg recvmmsg", new ReceiveMessage());
        calls.add("send sendto sendmsg sendmmsg", new OnDescriptor(0, Way.WRITE, "to write"));
        calls.add("accept", new Accept(false));
        calls.add("accept4", new Accept(true));
        calls.add("connect", new Connect());
        calls.add("bind", new Rename());
        calls.add("listen", new Listen());
        calls.add("shutdown", new OnDescriptor(0, Way.WRITE) {
            @Override
            public boolean isBrief() {
                return true;
            }
        });
    }

    /** What socket(2) and socketpair(2) make. */
    private static ObjectKind kind(ThreadEntry thread) {
        return switch ((int) thread.args[0]) {
            case AF_UNIX -> ObjectKind.UNIX;
            case AF_NETLINK -> ObjectKind.NETLINK;
            case AF_INET, AF_INET6 -> switch ((int) thread.args[1] & SOCK_TYPE_MASK) {
                case SOCK_STREAM -> ObjectKind.TCP;
                case SOCK_DGRAM -> ObjectKind.UDP;
                default -> ObjectKind.OTHER;
            };
            default -> ObjectKind.OTHER;
        };
    }

    private static TrackedObject made(ThreadEntry thread) {
        TrackedObject socket = Objects.placeholder(kind(thread));
        socket.datagram = ((int) thread.args[1] & SOCK_TYPE_MASK) == SOCK_DGRAM;
        return socket;
    }

    /** Inodes of sockets are numbers of one file system (sockfs), and socket(2) makes several kinds of one family of addresses. */
    @Override
    public boolean sharesNumbers() {
        return true;
    }

    // -- calls ---------------------------------------------------------------------------------------------------------------

    /** The kernel writes the two numbers into the program's memory. */
    private static final class MakePair extends SystemCall {
        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            if (result < 0 || !machine.knowsNewNumbers(thread.process, nowNs)) {
                return;
            }
            FdTable fds = thread.process.fds;
            int flags = FdTable.READ_WRITE | FdTable.closeOnExec(thread.args[1]);
            TrackedObject one = made(thread);
            TrackedObject two = made(thread);
            int first = fds.lowestFree(0);
            fds.put(first, one, flags);
            int second = fds.lowestFree(first + 1);
            fds.put(second, two, flags);
            one.inferred = true;
            two.inferred = true;
            one.connect(two);
        }
    }

    private static final class ReceiveMessage extends OnDescriptor {
        ReceiveMessage() {
            super(0, Way.READ, "to read");
        }

        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            if (result >= 0 && thread.object != null && thread.object.kind() == ObjectKind.UNIX) {
                // SCM_RIGHTS may have brought descriptors, whose numbers lie in the program's memory.
                thread.process.fds.complete = false;
            }
        }
    }

    private static final class Accept extends OnDescriptor {
        private final boolean hasFlags;

        Accept(boolean hasFlags) {
            super(0, Way.READ, "to accept on");
            this.hasFlags = hasFlags;
        }

        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            if (result < 0) {
                return;
            }
            int flags = FdTable.READ_WRITE | (hasFlags ? FdTable.closeOnExec(thread.args[3]) : 0);
            accepted(machine, thread.process, thread.canonicalObject(), (int) result, flags);
        }
    }

    /** Accepting at {@code listening}, which is null when it is not known, has given {@code fd}. */
    static void accepted(Machine machine, ProcessEntry process, TrackedObject listening, int fd, int flags) {
        if (listening == null || listening.isStandIn()) {
            process.fds.put(fd, machine.made(), flags);
            return;
        }
        listening.listening = true;
        TrackedObject accepted = Objects.placeholder(listening.kind());
        accepted.loopback = SocketNames.isLoopback(listening.object);
        process.fds.put(fd, accepted, flags);
        if (listening.nextConnection != null) {
            // Whoever waited found the queue empty: what woke it is first in the queue (inet_csk_accept, unix_accept).
            accepted.connect(listening.nextConnection.canonical());
            listening.nextConnection = null;
        }
    }

    /** The name of the socket is another one afterwards: it is looked up when it is used next. */
    private static class Rename extends OnKnownDescriptor {
        Rename() {
            this(Way.BOTH);
        }

        private Rename(Way way) {
            super(0, way);
        }

        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            if (result >= 0) {
                renamed(thread);
            }
        }

        static void renamed(ThreadEntry thread) {
            if (thread.object != null && !thread.object.isStandIn()) {
                TrackedObject socket = thread.object.canonical();
                socket.named = false;
                socket.nextLookupNs = Long.MIN_VALUE;
            }
        }

        @Override
        public ObjectKind waitsFor(ThreadEntry thread) {
            return ObjectKind.OTHER;
        }

        @Override
        public ObjectKind waitsUninterruptiblyFor(ThreadEntry thread) {
            return ObjectKind.OTHER;
        }
    }

    private static final class Listen extends Rename {
        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            super.exit(machine, thread, result, nowNs);
            if (result >= 0 && thread.object != null && !thread.object.isStandIn()) {
                thread.object.canonical().listening = true;
            }
        }
    }

    /** Waits for the other side to agree, or for room in its queue, which accept(2) there makes. */
    private static final class Connect extends OnKnownDescriptor {
        Connect() {
            super(0, Way.WRITE);
        }

        @Override
        public String verb() {
            return "to connect";
        }

        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            if (result >= 0 || result == -EINPROGRESS) {
                Rename.renamed(thread);
            }
        }

        @Override
        public boolean confirms(WakeUp wakeUp) {
            TrackedObject socket = wakeUp.waiter().canonicalObject();
            TrackedObject accepting = wakeUp.waker().canonicalObject();
            return super.confirms(wakeUp) || wakeUp.waker().call() instanceof Accept
                    && socket != null && accepting != null && socket.kind() == accepting.kind();
        }

        /** It is what a poll for connections waits for. */
        @Override
        public Acts acts() {
            return Acts.AT_ONCE;
        }
    }

    // -- how they are told -----------------------------------------------------------------------------------------------------

    @Override
    public String one(ObjectKind kind) {
        return "a " + kind.label() + " socket";
    }

    @Override
    public String many(ObjectKind kind) {
        return kind.label() + " sockets";
    }

    @Override
    public boolean fillsUp(ObjectKind kind) {
        return kind == ObjectKind.UNIX || kind == ObjectKind.TCP;
    }

    // -- who is at the other end, and who ends a wait --------------------------------------------------------------------------

    @Override
    public List<Peer> peers(Machine machine, TrackedObject socket, ProcessEntry process, Way way) {
        return PeerLists.ofOtherEnd(socket, process);
    }

    /** The network. */
    @Override
    public boolean endsInInterrupt(ObjectKind kind) {
        return kind == ObjectKind.TCP || kind == ObjectKind.UDP;
    }

    @Override
    public boolean deliversInInterrupt() {
        return true;
    }

    @Override
    public Reach reach(WakeUp wakeUp, TrackedObject socket) {
        TrackedObject used = wakeUp.waker().canonicalObject();
        if (used == null || used.kind() != socket.kind()) {
            return Reach.NO;
        }
        if (socket.listening && connects(wakeUp.waker()) && connectsTo(used, socket)) {
            return Reach.YES;
        }
        if (used != socket && used.otherEnd() == socket && isPut(wakeUp.waker()) || takesFromReceiver(wakeUp, used, socket)) {
            return Reach.YES;
        }
        boolean takes = !isPut(wakeUp.waiter()) || wakeUp.waker().call().hangsUp();
        return takes && sendsTo(wakeUp.waker(), used, socket) ? Reach.PERHAPS : Reach.NO;
    }

    private static boolean isPut(ThreadEntry thread) {
        return thread.call().way() == Way.WRITE && !(thread.call() instanceof Connect);
    }

    /**
     * Who takes a datagram from a unix socket makes room there. It wakes, in its own context, who waits to send to that one: which
     * it is then, if the sender is not known to be connected to another; where it sends to stands in its memory.
     */
    private static boolean takesFromReceiver(WakeUp wakeUp, TrackedObject receiver, TrackedObject sender) {
        return sender.kind() == ObjectKind.UNIX && sender != receiver && sender.other == null && !sender.listening
                && isReceiver(receiver) && isPut(wakeUp.waiter()) && wakeUp.waker().call().way() == Way.READ
                && !wakeUp.isInInterrupt();
    }

    /** Nobody is connected to it so that it could answer: it takes what is sent to its address. */
    private static boolean isReceiver(TrackedObject socket) {
        return !socket.listening && socket.named && (socket.other == null || socket.isOneWay());
    }

    private static boolean connects(ThreadEntry thread) {
        RingRequest request = thread.request();
        return request == null ? thread.call() instanceof Connect : request.operation() == RingOperations.CONNECT;
    }

    /**
     * A connection attempt wakes who accepts at the socket that it goes to, and nobody else. The address stands in the caller's
     * memory and the connection may be gone before it can be looked up; then no other address speaks against it.
     */
    private static boolean connectsTo(TrackedObject socket, TrackedObject listening) {
        if (listening.kind() == ObjectKind.TCP) {
            int port = SocketNames.remotePort(socket.object);
            return port < 0 || port == SocketNames.localPort(listening.object);
        }
        // The kernel names the accepted end after the socket that listens.
        TrackedObject accepted = socket.otherEnd();
        return listening.kind() == ObjectKind.UNIX && (accepted == null || !accepted.named
                || accepted.object.name().equals(listening.object.name()) || SocketNames.isUnnamed(accepted.object));
    }

    /**
     * A datagram sent to this machine arrives in the sender's own call. Where it was sent to stands in the caller's memory when its
     * socket is not connected; then its address must not be another than the one that the waiter is connected to.
     */
    private static boolean sendsTo(ThreadEntry waker, TrackedObject sender, TrackedObject socket) {
        if (sender == socket || waker.way() != Way.WRITE && !waker.call().hangsUp()) {
            return false;
        }
        if (socket.kind() == ObjectKind.UDP) {
            int expected = SocketNames.remotePort(socket.object);
            int sentTo = SocketNames.remotePort(sender.object);
            return (sentTo < 0 || sentTo == SocketNames.localPort(socket.object))
                    && (expected < 0 || expected == SocketNames.localPort(sender.object));
        }
        if (socket.kind() == ObjectKind.NETLINK) {
            return false;
        }
        // Only a unix socket without a peer can be sent to by address. Or one of the two was gone before it could be looked up; the
        // other's peer is on this machine, in nobody else's hands.
        return socket.kind() == ObjectKind.UNIX && sender.other == null && socket.other == null && !socket.listening
                || isMissingEnd(sender, socket) || isMissingEnd(socket, sender);
    }

    private static boolean isMissingEnd(TrackedObject unnamed, TrackedObject named) {
        return !unnamed.named && unnamed.other == null && named.other != null && named.otherEnd().holdingCount() == 0;
    }

    /**
     * Where names are in doubt because connections live shorter than it takes to look them up, the kind alone decides, if nothing
     * else can be meant: a call on a unix socket wakes, in its own context, only who waits at its other end. What TCP delivers in
     * softirq may come from the network, unless one of the two is bound to loopback.
     */
    @Override
    public boolean canOnlyBe(WakeUp wakeUp, TrackedObject socket) {
        TrackedObject used = wakeUp.used();
        if (used == null || used.kind() != socket.kind() || socket.isSure() && used.isSure()
                || socket.listening || used.listening) {
            return false;
        }
        if (socket.kind() == ObjectKind.UNIX) {
            return !wakeUp.isInInterrupt();
        }
        return socket.kind() == ObjectKind.TCP && (!socket.isSure() && isLoopback(used) || !used.isSure() && isLoopback(socket));
    }

    private static boolean isLoopback(TrackedObject socket) {
        return socket.loopback || SocketNames.isLoopback(socket.object);
    }

    /** A connection has arrived at a socket that listens, where nothing else was queued. */
    @Override
    public void ended(WakeUp wakeUp, TrackedObject socket) {
        if (socket.listening && wakeUp.waker().object != null && connects(wakeUp.waker())) {
            socket.nextConnection = wakeUp.waker().canonicalObject();
        }
        TrackedObject full = full(wakeUp, socket);
        if (full != null && !full.isStandIn()) {
            wakeUp.endedByWakers(full);
        }
    }

    /** What a unix socket waited for to have room, where that is not its own buffer; else null. */
    private static TrackedObject full(WakeUp wakeUp, TrackedObject socket) {
        ThreadEntry waker = wakeUp.waker();
        if (socket.kind() != ObjectKind.UNIX || socket.listening) {
            return null;
        }
        if (wakeUp.waiter().call() instanceof Connect) {
            return waker.call() instanceof Accept ? waker.canonicalObject() : null;
        }
        if (!isPut(wakeUp.waiter())) {
            return null;
        }
        if (socket.other != null) {
            return socket.datagram || socket.isOneWay() ? socket.otherEnd() : null;
        }
        TrackedObject used = waker.canonicalObject();
        return used != null && used != socket && used.kind() == ObjectKind.UNIX && waker.call().way() == Way.READ
                && (socket.datagram || isReceiver(used)) ? used : null;
    }
}
