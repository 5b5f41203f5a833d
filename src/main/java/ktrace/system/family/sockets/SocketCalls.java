package ktrace.system.family.sockets;

import ktrace.event.ObjectKind;
import ktrace.event.SocketNames;
import ktrace.system.Family.Calls;
import ktrace.system.Machine;
import ktrace.system.ProcessEntry;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.WakeUp;
import ktrace.system.call.ChangesDescriptors;
import ktrace.system.call.OnDescriptor;
import ktrace.system.call.OnKnownDescriptor;
import ktrace.system.objects.Dialogue;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.Objects;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;

/** The system calls on sockets. */
public final class SocketCalls {
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int AF_NETLINK = 16;
    private static final int AF_PACKET = 17;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_TYPE_MASK = 0xf;
    private static final int EINPROGRESS = 115;

    private SocketCalls() {
    }

    static void add(Calls calls) {
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
        calls.add("shutdown", new Shutdown());
    
    }

    /** What socket(2) and socketpair(2) make. */
    private static ObjectKind kind(ThreadEntry thread) {
        return switch ((int) thread.args[0]) {
            case AF_UNIX -> ObjectKind.UNIX;
            case AF_NETLINK -> ObjectKind.NETLINK;
            case AF_PACKET -> ObjectKind.PACKET;
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

    /** The kernel writes the two numbers into the program's memory. */
    static final class MakePair extends SystemCall {
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

    static final class ReceiveMessage extends OnDescriptor {
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

    static final class Accept extends OnDescriptor {
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
    public static void accepted(Machine machine, ProcessEntry process, TrackedObject listening, int fd, int flags) {
        if (listening == null || listening.isStandIn()) {
            process.fds.put(fd, machine.made(), flags);
            return;
        }
        listening.listening = true;
        TrackedObject accepted = Objects.placeholder(listening.kind());
        accepted.loopback = SocketNames.isLoopback(listening.object);
        accepted.dialogue = Dialogue.ANSWERS;
        process.fds.put(fd, accepted, flags);
        if (listening.nextConnection != null) {
            // Whoever waited found the queue empty: what woke it is first in the queue (inet_csk_accept, unix_accept).
            TrackedObject connecting = listening.nextConnection.canonical();
            accepted.connect(connecting);
            if (SocketNames.isConnected(connecting.object)) {
                machine.call(accepted, SocketNames.mirror(connecting.object));
            }
            listening.nextConnection = null;
        }
    }

    /** The name of the socket is another one afterwards: it is looked up when it is used next. */
    static class Rename extends OnKnownDescriptor {
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

    static final class Listen extends Rename {
        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            super.exit(machine, thread, result, nowNs);
            if (result >= 0 && thread.object != null && !thread.object.isStandIn()) {
                thread.object.canonical().listening = true;
            }
        }
    }

    static final class Shutdown extends OnDescriptor {
        Shutdown() {
            super(0, Way.WRITE);
        }

        @Override
        public boolean isBrief() {
            return true;
        }
    }

    /** Waits for the other side to agree, or for room in its queue, which accept(2) there makes. */
    static final class Connect extends OnKnownDescriptor {
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
                asks(thread);
            }
        }

        private static void asks(ThreadEntry thread) {
            if (thread.object != null && !thread.object.isStandIn()) {
                thread.object.canonical().dialogue = Dialogue.ASKS;
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
}
