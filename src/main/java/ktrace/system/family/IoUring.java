package ktrace.system.family;

import java.util.List;
import ktrace.event.EventType;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.system.Family;
import ktrace.system.Machine;
import ktrace.system.PeerLists;
import ktrace.system.ProcessEntry;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.ToldWait;
import ktrace.system.ToldWait.Words;
import ktrace.system.WakeUp;
import ktrace.system.call.ChangesDescriptors;
import ktrace.system.family.futexes.Futexes;
import ktrace.system.family.sockets.SocketCalls;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.Objects;
import ktrace.system.objects.Ring;
import ktrace.system.objects.RingOperations;
import ktrace.system.objects.RingRequest;
import ktrace.system.objects.Rings;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;

/**
 * io_uring(7): what a thread waits for at a ring is what the requests in it are on, which the kernel's own events tell, as the
 * requests lie in memory. Whoever makes a request ready wakes the thread that submitted it, and is seen just before he does:
 *
 * <pre>
 *   waiter  RING_SUBMIT, RING_FILE (fd), RING_WAIT ─── switched out, for what the fd is ───────► RING_COMPLETE
 *   waker                                            write(pipe), RING_READY (request), SCHED_WAKING
 * </pre>
 *
 * <p>With a thread for the queue (SQPOLL, iou-sqp) or for what may block (iou-wrk) it is this thread that wakes the waiter, when
 * the request is done; who had made it ready then is still who ended the wait. Both are threads of their process.
 *
 * <p>Of several requests on different things it is not known which is waited for: the wait is for the ring, until one ends it. So
 * it is where the kernel does not tell.
 */
final class IoUring implements Family {
    private static final int SETUP_REGISTERED_FD_ONLY = 1 << 15;
    private static final int ENTER_GETEVENTS = 1;
    private static final int ENTER_SQ_WAIT = 1 << 2;
    private static final int ENTER_REGISTERED_RING = 1 << 4;
    private static final int REGISTER_EVENTFD = 4;
    private static final int UNREGISTER_EVENTFD = 5;
    private static final int REGISTER_EVENTFD_ASYNC = 7;
    private static final int CQE_F_MORE = 1 << 1;
    /** So many requests are asked for before a thread waits for them. */
    private static final int ASK_FOR = 8;

    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.IO_URING);
    }

    @Override
    public void calls(Calls calls) {
        calls.add("io_uring_setup", new ChangesDescriptors(IoUring::made));
        calls.add("io_uring_enter", new Enter());
        calls.add("io_uring_register", new ChangesDescriptors(IoUring::registered));
    }

    private static void made(Machine machine, ThreadEntry thread, int fd) {
        if (thread.ring != null && thread.ring.object() != null) {
            // By number: it has no descriptor.
            return;
        }
        TrackedObject object = Objects.called(ObjectKind.IO_URING, "[io_uring]", fd);
        thread.process.fds.put(fd, object, FdTable.READ_WRITE | FdTable.CLOSE_ON_EXEC);
        if (thread.ring != null) {
            thread.ring.is(object);
        }
    }

    private static void registered(Machine machine, ThreadEntry thread, int zero) {
        TrackedObject object = thread.process.fds.get((int) thread.args[0]);
        if (object != null && object.ring != null) {
            switch ((int) thread.args[1]) {
                case REGISTER_EVENTFD, REGISTER_EVENTFD_ASYNC -> object.ring.raisesEventFd = true;
                case UNREGISTER_EVENTFD -> object.ring.raisesEventFd = false;
                default -> { }
            }
        }
    }

    @Override
    public List<Peer> peers(Machine machine, TrackedObject ring, ProcessEntry process, Way way) {
        return PeerLists.holders(ring, process);
    }

    @Override
    public Words words(ToldWait wait) {
        return wait.named("for", "");
    }

    @Override
    public String one(ObjectKind kind) {
        return "a ring of io_uring";
    }

    @Override
    public String many(ObjectKind kind) {
        return "rings of io_uring";
    }

    // -- what the kernel tells ---------------------------------------------------------------------------------------------

    /** A thread of the kernel begins what was waited for until now without knowing what it is on; or who waits is woken next. */
    @Override
    public void ask(Machine machine, TraceEvent event) {
        RingRequest request = machine.rings().request(event.arg1);
        ThreadEntry thread = machine.thread(event.tid);
        if (request == null) {
            return;
        }
        ProcessEntry process = machine.process(request.ring().tgid);
        if (event.type == EventType.RING_FILE) {
            if (process != null && thread != null && isHand(thread, request)) {
                machine.askNow(process, (int) event.number, process.fds.get((int) event.number), event.timeNs);
            }
            return;
        }
        boolean atOnce = event.type == EventType.RING_COMPLETE && event.tid == request.submitter();
        if (process != null && request.fd() >= 0 && !atOnce) {
            machine.askNow(process, request.fd(), request.object(), event.timeNs);
        }
        if (thread != null && thread.inSyscall() && event.type == EventType.RING_READY) {
            thread.call().ask(machine, thread, event.timeNs);
        }
    }

    @Override
    public void heard(Machine machine, TraceEvent event) {
        Rings rings = machine.rings();
        ThreadEntry thread = machine.thread(event.tid);
        switch (event.type) {
            case RING_CREATE -> {
                if (thread != null) {
                    thread.ring = rings.create(event.arg0, thread.process.tgid);
                    if ((event.arg1 & SETUP_REGISTERED_FD_ONLY) != 0) {
                        thread.ring.is(Objects.placeholder(ObjectKind.IO_URING));
                    }
                }
            }
            case RING_SUBMIT -> {
                if (thread != null) {
                    Ring ring = ring(rings, thread, event);
                    thread.submitsTo = ring;
                    thread.worksOn(rings.begin(ring, event.arg1, (int) event.number, thread.tid));
                }
            }
            case RING_FILE -> {
                if (thread != null) {
                    worksOn(machine, thread, event);
                }
            }
            case RING_READY -> {
                RingRequest request = rings.request(event.arg1);
                if (request != null) {
                    settle(machine, request, event.timeNs);
                    rings.ready(request, readiedBy(machine, thread, request, event), event);
                }
            }
            case RING_COMPLETE -> complete(machine, thread, event);
            case RING_WAIT -> {
                if (thread != null) {
                    thread.worksOn(null);
                    thread.ring = ring(rings, thread, event);
                    thread.ring.waiter = thread.tid;
                }
            }
            default -> { }
        }
    }

    /** The ring of the event, which is the one that the thread is at, by its descriptor. */
    private static Ring ring(Rings rings, ThreadEntry thread, TraceEvent event) {
        Ring ring = rings.find(event.arg0, thread.process.tgid);
        if (ring.object() == null && thread.call() instanceof Enter && (thread.args[3] & ENTER_REGISTERED_RING) == 0) {
            TrackedObject object = thread.process.fds.get((int) thread.args[0]);
            if (object != null && !object.isStandIn()) {
                ring.is(object);
            }
        }
        return ring;
    }

    private static void worksOn(Machine machine, ThreadEntry thread, TraceEvent event) {
        Rings rings = machine.rings();
        RingRequest request = rings.request(event.arg1);
        if (request == null) {
            request = rings.begin(ring(rings, thread, event), event.arg1, RingRequest.UNKNOWN, 0);
        }
        TrackedObject object = machine.used(thread.process, (int) event.number, event.timeNs);
        machine.uses(null, object, Way.BOTH, event.timeNs);
        // What splice(2) takes from comes second.
        if (request.object() == null) {
            rings.on(request, (int) event.number, object);
        }
        if (isHand(thread, request)) {
            machine.worksOn(thread, object);
        }
        thread.worksOn(request);
    }

    /** It is no call that works on the request, but one of the kernel's threads, of which /proc may have another thread's call. */
    private static boolean isHand(ThreadEntry thread, RingRequest request) {
        return !(thread.call() instanceof Enter) || request.submitter() != 0 && request.submitter() != thread.tid;
    }

    /** What the request is on may have become known. */
    private static void settle(Machine machine, RingRequest request, long nowNs) {
        ProcessEntry process = machine.process(request.ring().tgid);
        if (process != null && request.fd() >= 0 && request.object() != null) {
            machine.rings().on(request, request.fd(), machine.settled(process, request.fd(), request.object(), nowNs));
        }
    }

    /** In an interrupt of his own call he may be the one who sent. */
    private static Waker readiedBy(Machine machine, ThreadEntry thread, RingRequest request, TraceEvent event) {
        if (thread == null || event.inInterrupt() && !machine.delivers(thread, request.object(), event.timeNs)) {
            return null;
        }
        return machine.actsFor(thread, null).waker();
    }

    private static void complete(Machine machine, ThreadEntry thread, TraceEvent event) {
        Rings rings = machine.rings();
        Ring ring = rings.find(event.arg0);
        RingRequest request = event.arg1 == 0 ? null : rings.request(event.arg1);
        if (request != null) {
            settle(machine, request, event.timeNs);
        }
        if (ring != null) {
            rings.complete(ring, request, thread == null || event.inInterrupt() ? null : thread.waker(), event);
        }
        if (request == null) {
            return;
        }
        if (event.result > 0) {
            opened(machine, request, (int) event.result);
        }
        if (thread != null && thread.request() == request) {
            thread.worksOn(null);
            if (!(thread.call() instanceof Enter)) {
                machine.worksOn(thread, null);
            }
        }
        if ((event.number & CQE_F_MORE) != 0) {
            request.again();
        } else {
            rings.done(request);
        }
    }

    /** What made a descriptor gave its number. */
    private static void opened(Machine machine, RingRequest request, int fd) {
        ProcessEntry process = machine.process(request.ring().tgid);
        if (process == null) {
            return;
        }
        switch (request.operation()) {
            case RingOperations.ACCEPT -> SocketCalls.accepted(machine, process, request.object(), fd, FdTable.READ_WRITE);
            case RingOperations.OPENAT, RingOperations.OPENAT2 -> process.fds.put(fd, machine.opened(), FdTable.READ_WRITE);
            case RingOperations.SOCKET -> process.fds.put(fd, machine.made(), FdTable.READ_WRITE);
            default -> { }
        }
    }

    // -- waiting ---------------------------------------------------------------------------------------------------------------

    private static final class Enter extends SystemCall {
        @Override
        public void enter(Machine machine, ThreadEntry thread, long nowNs) {
            thread.object = isRegistered(thread) ? null : machine.used(thread.process, (int) thread.args[0], nowNs);
            thread.standsFor = ObjectKind.IO_URING.unnamed();
        }

        /** The first argument is a number that the thread registered, and no descriptor. */
        private static boolean isRegistered(ThreadEntry thread) {
            return (thread.args[3] & ENTER_REGISTERED_RING) != 0;
        }

        @Override
        public int descriptor(ThreadEntry thread) {
            return thread.ring == null && !isRegistered(thread) && thread.request() == null ? (int) thread.args[0] : -1;
        }

        @Override
        public void ask(Machine machine, ThreadEntry thread, long nowNs) {
            if (thread.ring == null) {
                if (thread.request() != null) {
                    ask(machine, thread, thread.request(), nowNs);
                } else if (!isRegistered(thread)) {
                    machine.askNow(thread.process, (int) thread.args[0], thread.object, nowNs);
                }
                return;
            }
            int asked = 0;
            for (RingRequest r = thread.ring.latest(); r != null && asked < ASK_FOR; r = Ring.next(r), asked++) {
                ask(machine, thread, r, nowNs);
            }
        }

        private static void ask(Machine machine, ThreadEntry thread, RingRequest request, long nowNs) {
            if (request.fd() >= 0) {
                machine.askNow(thread.process, request.fd(), request.object(), nowNs);
            }
        }

        /** Before it waits it may do what was submitted. */
        @Override
        public void settle(Machine machine, ThreadEntry thread, long nowNs) {
            if (thread.ring == null) {
                if (thread.request() != null) {
                    use(machine, thread, thread.request(), nowNs);
                } else if (!isRegistered(thread)) {
                    thread.object = machine.settled(thread.process, (int) thread.args[0], thread.object, nowNs);
                }
            } else if (thread.ring.latest() != null) {
                RingRequest sole = thread.ring.sole();
                ObjectKind kind = thread.ring.kind();
                use(machine, thread, sole, nowNs);
                thread.standsFor = kind.unnamed();
                if (thread.object == null && kind == ObjectKind.IO_URING) {
                    thread.object = thread.ring.object();
                }
            }
        }

        private static void use(Machine machine, ThreadEntry thread, RingRequest request, long nowNs) {
            if (request != null) {
                IoUring.settle(machine, request, nowNs);
            }
            thread.object = request == null ? null : request.object();
        }

        @Override
        public ObjectKind waitsFor(ThreadEntry thread) {
            if (thread.ring != null) {
                return thread.ring.kind();
            }
            if (thread.request() != null) {
                return thread.request().kind();
            }
            boolean waits = (thread.args[3] & ENTER_GETEVENTS) != 0 && (int) thread.args[2] > 0
                    || (thread.args[3] & ENTER_SQ_WAIT) != 0;
            return waits ? ObjectKind.IO_URING : ObjectKind.OTHER;
        }

        @Override
        public ObjectKind waitsUninterruptiblyFor(ThreadEntry thread) {
            return waitsFor(thread) == ObjectKind.DISK ? ObjectKind.DISK : ObjectKind.OTHER;
        }

        @Override
        public List<Peer> peers(Machine machine, ThreadEntry thread, TrackedObject object) {
            RingRequest request = object == null || thread.ring == null ? null : thread.ring.on(object);
            return object == null ? List.of()
                    : machine.peers(object, thread.process, request == null ? Way.READ : request.way());
        }

        /** Of what the kernel does not tell by RING_READY: a futex, and a message to the ring. */
        @Override
        public boolean confirms(WakeUp wakeUp) {
            Ring ring = wakeUp.waiter().ring;
            if (ring == null) {
                return super.confirms(wakeUp);
            }
            if (ring.awaitsFutex()) {
                TrackedObject word = Futexes.wokenAt(wakeUp.machine(), wakeUp.waker());
                return word != null && !wakeUp.isInInterrupt() && wakeUp.endedBy(word);
            }
            return ring.object() != null && wakeUp.isAbout(ring.object()) && wakeUp.endedBy(ring.object());
        }

        @Override
        public Words words(ToldWait wait) {
            String in = "in " + wait.callName();
            return switch (wait.kind().reason()) {
                case IPC -> wait.kind() == ObjectKind.IO_URING ? wait.named(in + " on", "") : wait.named(in + " for", "");
                default -> null;
            };
        }
    }
}
