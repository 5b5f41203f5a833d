package ktrace.system.family;

import java.util.List;
import ktrace.event.Evidence.Interrupt;
import ktrace.event.ObjectKind;
import ktrace.system.Family;
import ktrace.system.Machine;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.ToldWait;
import ktrace.system.ToldWait.Words;
import ktrace.system.WakeUp;
import ktrace.system.call.ChangesDescriptors;
import ktrace.system.call.OnDescriptor;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.Objects;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;

/** epoll(7): as {@link Polls}, but of a set whose members are known, so that nothing need be guessed. */
final class EpollSets implements Family {
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    /** EP_MAX_NESTS of fs/eventpoll.c. */
    private static final int MAX_NESTS = 4;

    /** A set is an object of the kind that {@link Polls} has. */
    @Override
    public List<ObjectKind> kinds() {
        return List.of();
    }

    @Override
    public void calls(Calls calls) {
        calls.add("epoll_create", new ChangesDescriptors((machine, thread, fd) ->
                thread.process.fds.put(fd, Objects.called(ObjectKind.POLL, "epoll", fd), FdTable.READ_WRITE)));
        calls.add("epoll_create1", new ChangesDescriptors((machine, thread, fd) -> thread.process.fds.put(fd,
                Objects.called(ObjectKind.POLL, "epoll", fd), FdTable.READ_WRITE | FdTable.closeOnExec(thread.args[0]))));
        calls.add("epoll_ctl", new Control());
        calls.add("epoll_wait epoll_pwait epoll_pwait2", new Wait());
    }

    private static final class Control extends SystemCall {
        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            if (result < 0) {
                return;
            }
            TrackedObject set = machine.known(thread.process, (int) thread.args[0], nowNs);
            if (set == null || set.kind() != ObjectKind.POLL) {
                return;
            }
            int fd = (int) thread.args[2];
            if (thread.args[1] == EPOLL_CTL_ADD) {
                TrackedObject member = machine.known(thread.process, fd, nowNs);
                if (member != null && !member.isStandIn()) {
                    set.epoll.watch(fd, member);
                } else {
                    set.epoll.watchUnknown();
                }
            } else if (thread.args[1] == EPOLL_CTL_DEL) {
                set.epoll.unwatch(fd);
            }
        }
    }

    private static final class Wait extends OnDescriptor {
        Wait() {
            super(0, Way.READ);
        }

        @Override
        public boolean isOnDescriptor() {
            return false;
        }

        @Override
        public void enter(Machine machine, ThreadEntry thread, long nowNs) {
            super.enter(machine, thread, nowNs);
            thread.standsFor = Polls.ANY;
        }

        @Override
        public void askAsWoken(Machine machine, ThreadEntry woken, ThreadEntry waker, long nowNs) {
            super.askAsWoken(machine, woken, waker, nowNs);
            PollMembers.askNow(machine, woken.process, waker, nowNs);
        }

        @Override
        public void settle(Machine machine, ThreadEntry thread, long nowNs) {
            PollMembers.name(machine, thread.process, nowNs);
            super.settle(machine, thread, nowNs);
        }

        @Override
        public ObjectKind waitsFor(ThreadEntry thread) {
            return ObjectKind.POLL;
        }

        @Override
        public ObjectKind waitsUninterruptiblyFor(ThreadEntry thread) {
            return ObjectKind.OTHER;
        }

        @Override
        public Words words(ToldWait wait) {
            return Polls.inSet(wait);
        }

        @Override
        public boolean confirms(WakeUp wakeUp) {
            TrackedObject set = wakeUp.waiter().canonicalObject();
            if (set == null || set.isStandIn()) {
                return false;
            }
            ThreadEntry waker = wakeUp.waker();
            return isMember(wakeUp, set, waker.object) || isMember(wakeUp, set, waker.secondObject)
                    || isMember(wakeUp, set, waker.released) || wakeUp.endsOtherWaits() && reachesAMember(wakeUp, set);
        }

        @Override
        public TrackedObject unconfirmed(WakeUp wakeUp) {
            TrackedObject set = wakeUp.waiter().canonicalObject();
            if (!wakeUp.isInInterrupt()) {
                return wakeUp.waker() == null ? wakeUp.endedByOneOf() : null;
            }
            if (set == null || set.isStandIn() || !considersAll(wakeUp, set, 0)) {
                return wakeUp.endedByOneOf();
            }
            TrackedObject candidate = wakeUp.onlyCandidate();
            return candidate == null ? wakeUp.endedByOneOf() : wakeUp.endedIfReady(candidate);
        }

        @Override
        public Interrupt interruptedBy(ThreadEntry thread, long result) {
            return Polls.whenReady(result);
        }

        private static boolean considersAll(WakeUp wakeUp, TrackedObject set, int depth) {
            if (set.epoll.watchesUnknown() || depth > MAX_NESTS) {
                return false;
            }
            for (int i = 0; i < set.epoll.watchedCount(); i++) {
                TrackedObject member = set.epoll.watched(i);
                if (member.kind() != ObjectKind.POLL) {
                    wakeUp.considerInInterrupt(member);
                } else if (!considersAll(wakeUp, member, depth + 1)) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isMember(WakeUp wakeUp, TrackedObject set, TrackedObject workedOn) {
            if (workedOn == null || workedOn.isStandIn()) {
                return false;
            }
            TrackedObject object = workedOn.base();
            TrackedObject end = object.otherEnd();
            if (end != null && end.epoll.isWatchedBy(set)) {
                return wakeUp.endedBy(end);
            }
            return object.epoll.isWatchedBy(set) && wakeUp.endedBy(object);
        }

        private static boolean reachesAMember(WakeUp wakeUp, TrackedObject set) {
            for (int i = 0; i < set.epoll.watchedCount(); i++) {
                if (wakeUp.isSurely(set.epoll.watched(i))) {
                    return wakeUp.endedBy(set.epoll.watched(i));
                }
            }
            // Of several that the datagram may have gone to none is known to be the one.
            TrackedObject candidate = wakeUp.onlyCandidate();
            return candidate != null && wakeUp.endedBy(candidate);
        }

        @Override
        public Acts acts() {
            return Acts.NEVER;
        }

        @Override
        public boolean isAwaiting(ThreadEntry thread) {
            return true;
        }

        @Override
        public boolean letsOn(WakeUp wakeUp) {
            return Polls.endsSets(wakeUp) && confirms(wakeUp);
        }

        @Override
        public boolean wasLetOn(Machine machine, ThreadEntry thread, long result) {
            return thread.letOnBy != null && result > 0;
        }
    }
}
