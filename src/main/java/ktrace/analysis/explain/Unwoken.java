package ktrace.analysis.explain;

import java.util.Set;
import ktrace.analysis.Cause;
import ktrace.event.Evidence;
import ktrace.event.ObjectKind;

/** Why a wait took its time that nobody was seen to end: a packet came, a timer ran out, it goes on, or the end was not seen. */
final class Unwoken {
    /** Who waits for one of these, and nobody is known to owe it, waits for work. */
    private static final Set<ObjectKind> WORK = Set.of(ObjectKind.EVENTFD, ObjectKind.SIGNALFD, ObjectKind.TIMERFD,
            ObjectKind.NETLINK, ObjectKind.PACKET, ObjectKind.TUN, ObjectKind.INOTIFY, ObjectKind.FANOTIFY, ObjectKind.SYSVMSG, ObjectKind.MQUEUE,
            ObjectKind.TTY);

    private Unwoken() {
    }

    static Cause cause(Segment wait, boolean owed) {
        if (wait.goesOn) {
            return goesOn(wait.kind, owed, wait.free);
        }
        if (wait.evidence != Evidence.INTERRUPT) {
            return Cause.UNKNOWN;
        }
        if (!owed && (wait.free || mayNap(wait.kind)) || wait.kind == ObjectKind.TIMERFD) {
            return Cause.IDLE;
        }
        return wait.kind == ObjectKind.TCP || wait.kind == ObjectKind.UDP ? Cause.OUTSIDE : Cause.UNKNOWN;
    }

    /** Of a wait that nobody has ended yet: whether there is nothing to do, as far as that can be told. */
    static Cause goesOn(ObjectKind kind, boolean owed, boolean free) {
        return !owed && (free || mayNap(kind) || WORK.contains(kind)) ? Cause.IDLE : Cause.GOES_ON;
    }

    /** What is waited for with an end of time, and ends with it, when nothing has come. */
    private static boolean mayNap(ObjectKind kind) {
        return kind == ObjectKind.FUTEX || kind == ObjectKind.SIGNAL;
    }
}
