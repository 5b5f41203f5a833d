package ktrace.system;

import ktrace.event.ObjectKind;
import ktrace.system.SyscallRole.Target;
import ktrace.system.SyscallRole.Way;
import ktrace.system.SyscallRoles.Call;

/**
 * Decides whether a waker was at work on the very thing that the woken thread waited for.
 *
 * <p>Used on the tracker's thread. Leaves its findings in fields, so that a wake-up allocates nothing.
 */
final class WakeResolver {
    private final SyscallRoles roles;
    private final ProcessTable processes;

    /** What ended the wait, when it is not the object of the waiter's call itself; else null. */
    TrackedObject found;
    /** {@link #found} is only an object whose other end the waiter holds: its poll set cannot be read. */
    boolean guessed;

    WakeResolver(SyscallRoles roles, ProcessTable processes) {
        this.roles = roles;
        this.processes = processes;
    }

    /**
     * @param waker an observed thread that woke {@code waiter} or, in interrupt, during whose time on the CPU it was woken
     * @param inInterrupt then only a socket can tell a sender: what it sends to this machine arrives in a softirq of its own call
     * @return whether the object confirms the waker
     */
    boolean confirms(ThreadEntry waker, ThreadEntry waiter, boolean inInterrupt) {
        found = null;
        guessed = false;
        TrackedObject object = waiter.object == null ? null : waiter.object.canonical();
        boolean confirmed = switch (waiter.role.target()) {
            case EPOLL -> object != null && !object.isStandIn() && endsEpollWait(waker, waiter, object);
            case POLL -> endsPoll(waker, waiter);
            case FUTEX, FUTEX2 -> !inInterrupt && endsFutexWait(waker, waiter, object);
            case WAIT4, WAITID -> !inInterrupt && endsWaitForChild(waker, waiter, object);
            case VFORK -> !inInterrupt && waker.process.ppid == waiter.process.tgid
                    && (waker.exiting || closesMany(waker)) && isChild(waker);
            case SIGNAL -> !inInterrupt && (isAimedAt(waker, waiter) || isExitOfChild(waker, waiter));
            case TWO_FDS -> touches(waker, object) || touches(waker, canonical(waiter.secondObject));
            default -> touches(waker, object) || Senders.canOnlyBe(waker, object, inInterrupt)
                    || Senders.acceptsFrom(waker, waiter, object) || Senders.sendsTo(waker, object)
                    || (!inInterrupt && object != null && object.kind() == ObjectKind.SIGNALFD
                    && isAimedAt(waker, waiter));
        };
        if (confirmed && inInterrupt) {
            TrackedObject ended = found == null ? object : found;
            return ended != null && ObjectTable.isSocket(ended.kind());
        }
        return confirmed;
    }

    // -- one object ----------------------------------------------------------------------------------------------------------

    /** Whether the waker works on {@code object} or its other end: in a call on it, closing it, or ending while it holds it. */
    private boolean touches(ThreadEntry waker, TrackedObject object) {
        if (object == null || object.isStandIn()) {
            return false;
        }
        TrackedObject subject = object.file != null ? object.file.canonical() : object;
        TrackedObject end = subject.other == null ? null : subject.other.canonical();
        if (isOneOf(base(waker.object), subject, end) || isOneOf(base(waker.secondObject), subject, end)
                || isOneOf(base(waker.released), subject, end)) {
            return true;
        }
        if (waker.releasedByExec != null) {
            for (TrackedObject released : waker.releasedByExec) {
                if (isOneOf(base(released), subject, end)) {
                    return true;
                }
            }
        }
        if (object.listening && waker.object != null && Senders.connectsTo(waker, object)) {
            return true;
        }
        if (!closesMany(waker)) {
            return false;
        }
        FdTable held = waker.process.fds;
        if (end != null) {
            return end.isLastHolder(held);
        }
        return subject == waker.process.child || switch (subject.kind()) {
            case PIPE, FIFO -> subject.isLastHolder(held);
            // A lock goes with the process that has it.
            case DISK -> subject.holdingOf(held) != null;
            // To close what every holder may raise wakes nobody.
            default -> false;
        };
    }

    /** After a wake-up that was confirmed: a connection has arrived at a socket that listens, where nothing else was queued. */
    void noteConnection(ThreadEntry waker, ThreadEntry waiter) {
        TrackedObject ended = found != null ? found : canonical(waiter.object);
        if (ended != null && ended.listening && waker.object != null && waker.role.effect() == SyscallRole.Effect.CONNECT) {
            ended.nextConnection = waker.object.canonical();
        }
    }

    private static boolean closesMany(ThreadEntry waker) {
        return waker.exiting || waker.role.target() == Target.CLOSES_MANY || waker.role.target() == Target.EXIT;
    }

    // -- sets ----------------------------------------------------------------------------------------------------------------

    private boolean endsEpollWait(ThreadEntry waker, ThreadEntry waiter, TrackedObject set) {
        if (isMember(set, waker.object) || isMember(set, waker.secondObject) || isMember(set, waker.released)) {
            return true;
        }
        boolean many = closesMany(waker) || waker.releasedByExec != null;
        boolean signals = waker.role.target() == Target.KILL;
        if (!many && !signals && waker.object == null) {
            return false;
        }
        TrackedObject addressee = null;
        int addressees = 0;
        for (int i = 0; i < set.watchedCount(); i++) {
            TrackedObject member = set.watched(i);
            if (Senders.sendsTo(waker, member)) {
                addressee = member;
                addressees++;
            }
            if (signals ? member.kind() == ObjectKind.SIGNALFD && isAimedAt(waker, waiter)
                    : (many || member.listening) && touches(waker, member)) {
                found = member;
                return true;
            }
        }
        // Of several that the datagram may have gone to none is known to be the one.
        found = addressees == 1 ? addressee : null;
        return addressees == 1;
    }

    private boolean isMember(TrackedObject set, TrackedObject workedOn) {
        if (workedOn == null || workedOn.isStandIn()) {
            return false;
        }
        TrackedObject object = base(workedOn);
        if (object.other != null && object.other.canonical().isWatchedBy(set)) {
            found = object.other.canonical();
            return true;
        }
        if (object.isWatchedBy(set)) {
            found = object;
            return true;
        }
        return false;
    }

    private boolean endsPoll(ThreadEntry waker, ThreadEntry waiter) {
        guessed = isHeldByWaiter(waker.object, waker, waiter) || isHeldByWaiter(waker.secondObject, waker, waiter)
                || isHeldByWaiter(waker.released, waker, waiter);
        if (!guessed && waker.role.target() == Target.KILL && isAimedAt(waker, waiter)) {
            guessed = holds(waiter, ObjectKind.SIGNALFD);
        }
        if (!guessed && closesMany(waker)) {
            guessed = closesWhatWaiterHolds(waker, waiter);
        }
        if (!guessed && waker.object != null && ObjectTable.isSocket(waker.object.kind())) {
            guessed = sendsToWhatWaiterHolds(waker, waiter);
        }
        return guessed;
    }

    private boolean isHeldByWaiter(TrackedObject workedOn, ThreadEntry waker, ThreadEntry waiter) {
        if (workedOn == null || workedOn.isStandIn()) {
            return false;
        }
        TrackedObject object = base(workedOn);
        TrackedObject end = object.other == null ? object : object.other.canonical();
        Holding holding = end.holdingOf(waiter.process.fds);
        if (holding == null) {
            return false;
        }
        if (end.kind() == ObjectKind.PIPE || end.kind() == ObjectKind.FIFO) {
            boolean fits = switch (waker.role.way()) {
                case WRITE -> holding.readers > 0;
                case READ -> holding.writers > 0;
                case BOTH -> true;
            };
            if (!fits) {
                return false;
            }
        } else if (!end.kind().ipc()) {
            return false;
        }
        found = end;
        return true;
    }

    private boolean closesWhatWaiterHolds(ThreadEntry waker, ThreadEntry waiter) {
        FdTable mine = waiter.process.fds;
        if (waker.process.child != null && waker.process.child.holdingOf(mine) != null) {
            found = waker.process.child;
            return true;
        }
        for (int fd = 0; fd < mine.limit(); fd++) {
            TrackedObject object = mine.get(fd);
            if (object != null && object.kind().ipc() && !object.isStandIn() && touches(waker, object)) {
                found = object;
                return true;
            }
        }
        return false;
    }

    private boolean sendsToWhatWaiterHolds(ThreadEntry waker, ThreadEntry waiter) {
        FdTable fds = waiter.process.fds;
        TrackedObject addressee = null;
        for (int fd = 0; fd < fds.limit(); fd++) {
            TrackedObject object = fds.get(fd);
            if (object != null && object != addressee && !object.isStandIn()
                    && (Senders.sendsTo(waker, object) || (object.listening && Senders.connectsTo(waker, object)))) {
                if (addressee != null) {
                    return false;
                }
                addressee = object;
            }
        }
        found = addressee;
        return addressee != null;
    }

    private boolean holds(ThreadEntry waiter, ObjectKind kind) {
        FdTable fds = waiter.process.fds;
        for (int fd = 0; fd < fds.limit(); fd++) {
            TrackedObject object = fds.get(fd);
            if (object != null && object.kind() == kind) {
                found = object;
                return true;
            }
        }
        return false;
    }

    // -- without descriptors -------------------------------------------------------------------------------------------------

    private boolean endsFutexWait(ThreadEntry waker, ThreadEntry waiter, TrackedObject object) {
        if (object == null) {
            return false;
        }
        if (waker.exiting || waker.role.target() == Target.EXIT) {
            // pthread_join waits until the kernel clears the thread's tid, which is the value it found there.
            return waker.process == waiter.process && (int) waiter.args[2] == waker.tid;
        }
        TrackedObject first = canonical(waker.object);
        TrackedObject second = canonical(waker.secondObject);
        if (isOneOf(object, first, second)) {
            return true;
        }
        TrackedObject moved = object.requeuedTo == null ? waiter.secondObject : object.requeuedTo;
        if (moved != null && isOneOf(canonical(moved), first, second)) {
            found = canonical(moved);
            return true;
        }
        return false;
    }

    private boolean endsWaitForChild(ThreadEntry waker, ThreadEntry waiter, TrackedObject object) {
        if (!waker.exiting && waker.role.target() != Target.EXIT) {
            return false;
        }
        if (object != null ? object.object.key() == waker.process.tgid
                : isExitOfChild(waker, waiter)) {
            found = processes.child(waker.process.tgid);
            return true;
        }
        return false;
    }

    private boolean isChild(ThreadEntry waker) {
        found = processes.child(waker.process.tgid);
        return true;
    }

    /** Its own child, or one of a parent that ended before: the kernel gave it to somebody, who is then who is woken. */
    private boolean isExitOfChild(ThreadEntry waker, ThreadEntry waiter) {
        return (waker.exiting || waker.role.target() == Target.EXIT)
                && (waker.process.ppid == waiter.process.tgid || processes.get(waker.process.ppid) == null);
    }

    /** Whether the waker is in a call that sends a signal to the waiter. A group (0 and negative numbers) may include it. */
    private boolean isAimedAt(ThreadEntry waker, ThreadEntry waiter) {
        // Signal 0 only asks whether one might be sent.
        if (waker.role.target() != Target.KILL || signalOf(waker) == 0) {
            return false;
        }
        int first = (int) waker.args[0];
        if (roles.is(waker.number, Call.TGKILL) || roles.is(waker.number, Call.RT_TGSIGQUEUEINFO)) {
            return (int) waker.args[1] == waiter.tid;
        }
        if (roles.is(waker.number, Call.TKILL)) {
            return first == waiter.tid;
        }
        if (roles.is(waker.number, Call.PIDFD_SEND_SIGNAL)) {
            return waker.object != null && waker.object.canonical().object.key() == waiter.process.tgid;
        }
        return first <= 0 || first == waiter.process.tgid;
    }

    /** Of a thread in a call that sends a signal: which. */
    int signalOf(ThreadEntry sender) {
        boolean toThread = roles.is(sender.number, Call.TGKILL) || roles.is(sender.number, Call.RT_TGSIGQUEUEINFO);
        return (int) sender.args[toThread ? 2 : 1];
    }

    private static TrackedObject canonical(TrackedObject object) {
        return object == null ? null : object.canonical();
    }

    /** A lock is worked on through its file. */
    private static TrackedObject base(TrackedObject object) {
        if (object == null || object.isStandIn()) {
            return null;
        }
        TrackedObject canonical = object.canonical();
        return canonical.file != null ? canonical.file.canonical() : canonical;
    }

    private static boolean isOneOf(TrackedObject object, TrackedObject one, TrackedObject two) {
        return object != null && (object == one || object == two);
    }
}
