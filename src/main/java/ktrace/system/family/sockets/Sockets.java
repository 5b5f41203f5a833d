package ktrace.system.family.sockets;

import java.util.List;
import ktrace.event.EventType;
import ktrace.event.Evidence.Interrupt;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.SocketNames;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.system.Family;
import ktrace.system.Machine;
import ktrace.system.PeerLists;
import ktrace.system.ProcessEntry;
import ktrace.system.ThreadEntry;
import ktrace.system.WakeUp;
import ktrace.system.objects.RingOperations;
import ktrace.system.objects.RingRequest;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Traffic;
import ktrace.system.objects.Way;
import ktrace.text.InetAddresses;

/**
 * socket(7): unix, inet and netlink. Who receives waits for who holds the other end; who accepts, for whoever connects; and the
 * other way round when a queue is full.
 *
 * <p>What is sent to this machine arrives in a softirq of the sender's own call, so that an interrupt may be somebody's doing.
 * Where it was sent to often stands in the caller's memory, and connections are gone before they can be looked up: what speaks for
 * a sender then, and what against him, is said at each of the questions.
 */
public final class Sockets implements Family {
    private static final int ESTABLISHED = 1;
    private static final int SYN_SENT = 2;
    private static final int LISTEN = 10;

    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.UNIX, ObjectKind.TCP, ObjectKind.UDP, ObjectKind.NETLINK, ObjectKind.PACKET);
    }

    @Override
    public void calls(Calls calls) {
        SocketCalls.add(calls);
    }

    /** Inodes of sockets are numbers of one file system (sockfs), and socket(2) makes several kinds of one family of addresses. */
    @Override
    public boolean sharesNumbers() {
        return true;
    }

    @Override
    public Interrupt interruptedBy(KernelObject socket) {
        return SocketNames.otherMachine(socket.name()) != null ? Interrupt.NETWORK : Interrupt.UNKNOWN;
    }

    // -- addresses -----------------------------------------------------------------------------------------------------------

    /**
     * Connections often live shorter than it takes to look up what they are called. The kernel tells their addresses as it changes
     * their state, but of the socket only an address of its own: which one it is, is known where it does so in a call on it.
     *
     * <pre>
     *   connect(3)  ├─ SYN_SENT ─┤ … ESTABLISHED        accept(4) = 5   read(5)   close(5) ├─ LAST_ACK ─┤
     *                  3 is S        S has the addresses                                      5 has the addresses
     * </pre>
     */
    @Override
    public void heard(Machine machine, TraceEvent event) {
        if (event.type != EventType.INET_SOCK_SET_STATE) {
            return;
        }
        ThreadEntry thread = machine.thread(event.tid);
        TrackedObject worksOn = thread == null || event.inInterrupt() ? null : worksOn(thread);
        switch ((int) event.number) {
            case SYN_SENT -> {
                if (worksOn != null && thread.call() instanceof SocketCalls.Connect) {
                    machine.connecting().put(event.arg0, worksOn);
                }
            }
            case ESTABLISHED -> call(machine, machine.connecting().take(event.arg0), event);
            case LISTEN -> {
                if (worksOn != null && thread.call() instanceof SocketCalls.Listen) {
                    call(machine, worksOn, event);
                }
            }
            default -> {
                if (event.result == SYN_SENT) {
                    machine.connecting().take(event.arg0);
                } else if (worksOn != null && !worksOn.listening && closes(thread)) {
                    call(machine, worksOn, event);
                }
            }
        }
    }

    private static TrackedObject worksOn(ThreadEntry thread) {
        TrackedObject object = thread.object;
        return object == null || object.isStandIn() || object.kind() != ObjectKind.TCP ? null : object.canonical();
    }

    private static boolean closes(ThreadEntry thread) {
        return thread.call().hangsUp() || thread.call() instanceof SocketCalls.Shutdown;
    }

    private static void call(Machine machine, TrackedObject socket, TraceEvent event) {
        if (socket == null || socket.named) {
            return;
        }
        String local = InetAddresses.six(event.arg2, event.arg3) + ':' + (event.arg1 >>> 16 & 0xffff);
        machine.call(socket, event.number == LISTEN ? SocketNames.unconnected(ObjectKind.TCP, local, "")
                : SocketNames.connected(ObjectKind.TCP, local, InetAddresses.six(event.arg4, event.arg5) + ':' + (event.arg1 & 0xffff),
                        ""));
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
    public boolean endsInInterrupt(TrackedObject socket) {
        return socket.kind() != ObjectKind.UNIX;
    }

    @Override
    public boolean deliversInInterrupt() {
        return true;
    }

    @Override
    public Reach reach(WakeUp wakeUp, TrackedObject socket) {
        if (socket.kind() == ObjectKind.NETLINK || socket.kind() == ObjectKind.PACKET) {
            boolean isSent = !wakeUp.isInInterrupt() || socket.object.name().startsWith(SocketNames.LOOPBACK_PACKETS);
            return isSent && Tunnels.isKernelsWord(wakeUp, socket) ? Reach.YES : Reach.NO;
        }
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
        return thread.call().way() == Way.WRITE && !(thread.call() instanceof SocketCalls.Connect);
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
        return request == null ? thread.call() instanceof SocketCalls.Connect : request.operation() == RingOperations.CONNECT;
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
        if (SocketNames.isConnected(socket.object) && SocketNames.isConnected(used.object)) {
            return SocketNames.areEnds(socket.object, used.object);
        }
        return socket.kind() == ObjectKind.TCP && (!socket.isSure() && isLoopback(used) || !used.isSure() && isLoopback(socket));
    }

    @Override
    public void used(TrackedObject socket, Way way, Waker by, long nowNs) {
        if (socket.kind() != ObjectKind.TCP || socket.listening) {
            return;
        }
        TrackedObject known = socket.canonical();
        if (known.traffic == null) {
            known.traffic = new Traffic();
        }
        if (by == null) {
            known.traffic.usedByRing(nowNs);
        } else {
            known.traffic.worked(way, by, nowNs);
        }
    }

    @Override
    public Waker delivered(TrackedObject socket, Way way, boolean inCall, long lostNs) {
        TrackedObject end = socket.otherEnd();
        return end == null || end.traffic == null ? null : end.traffic.ended(socket.traffic, way, inCall, lostNs);
    }

    @Override
    public boolean isBetweenThreads(TrackedObject socket) {
        return socket.kind() == ObjectKind.UNIX;
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
        callAfterOtherEnd(wakeUp, socket);
        TrackedObject full = full(wakeUp, socket);
        if (full != null && !full.isStandIn()) {
            wakeUp.endedByWakers(full);
        }
    }

    /**
     * Of a connection that its client resets, the kernel tells no address in a call of who has accepted it: it is called after the
     * end that was at work on it, if it has no name until then and that end no other end.
     */
    private static void callAfterOtherEnd(WakeUp wakeUp, TrackedObject socket) {
        TrackedObject used = wakeUp.used();
        boolean isUnknown = !socket.named && !socket.listening && socket.kind() == ObjectKind.TCP
                && !SocketNames.isConnected(socket.object);
        if (isUnknown && used != null && used.otherEnd() == null && SocketNames.isConnected(used.object)
                && (wakeUp.waker().sends() || wakeUp.waker().call().hangsUp())) {
            wakeUp.machine().call(socket, SocketNames.mirror(used.object));
        }
    }

    /** What a unix socket waited for to have room, where that is not its own buffer; else null. */
    private static TrackedObject full(WakeUp wakeUp, TrackedObject socket) {
        ThreadEntry waker = wakeUp.waker();
        if (socket.kind() != ObjectKind.UNIX || socket.listening) {
            return null;
        }
        if (wakeUp.waiter().call() instanceof SocketCalls.Connect) {
            return waker.call() instanceof SocketCalls.Accept ? waker.canonicalObject() : null;
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
