package ktrace.system;

import java.util.Arrays;
import ktrace.event.Evidence;
import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent;
import ktrace.linux.Errno;
import ktrace.linux.uapi.Uapi;
import ktrace.system.SyscallRole.Target;
import ktrace.system.SyscallRole.Way;

/**
 * Who let on a thread that waited for a futex, a child, a signal, a queue, a lock or a set of descriptors, where no scheduler is
 * seen: whoever made, while it waited, a call that ends such waits, on the very object. The last one, when there are several. What
 * {@link Touches} is for reading and writing.
 *
 * <pre>
 *   waiter  ├── futex(F, FUTEX_WAIT) ────────┤ = 0       evidence object, by the waker
 *   waker               ├─ futex(F, FUTEX_WAKE) ─┤
 * </pre>
 *
 * <p>A wait that failed, or that its time ended, was ended by nobody. A call that waits itself, as a second FUTEX_WAIT, ends no
 * other's wait; of semop(2) and fcntl(2) locks, whose operations lie in the caller's memory, that is known only when it has
 * returned. When the waiter returns first, as it may, nobody is named.
 *
 * <p>Used on the tracker's thread. Allocates nothing but room for more waiters.
 */
final class Releases {
    private static final int LOCK_UN = 8;
    private static final int FUTEX_UNLOCK_PI = 7;
    /** -ERESTARTNOHAND, which a tracer sees at the exit of calls that wait for a signal (include/linux/errno.h). */
    private static final long RESTART_NO_HANDLER = -514;

    /** Power of two. */
    private static final int ENDED = 64;

    private final WakeResolver wakes;
    private final Futexes futexes;
    private final ProcessTable processes;
    /** The last threads of processes that have ended lately: of several children wait4(2) names one, and not the last to end. */
    private final ThreadEntry[] ended = new ThreadEntry[ENDED];
    private final TrackedObject[] endedAs = new TrackedObject[ENDED];
    private final long[] endedNs = new long[ENDED];
    private ThreadEntry[] waiters = new ThreadEntry[16];
    private int count;

    Releases(WakeResolver wakes, Futexes futexes, ProcessTable processes) {
        this.wakes = wakes;
        this.futexes = futexes;
        this.processes = processes;
    }

    /** {@code thread} has entered its call: it may wait there, or let others on. */
    void begin(ThreadEntry thread) {
        thread.letOnBy = null;
        if (thread.awaitsRelease) {
            // That its last call returned was lost.
            remove(thread);
        }
        if (waits(thread)) {
            thread.awaitsRelease = true;
            if (count == waiters.length) {
                waiters = Arrays.copyOf(waiters, 2 * count);
            }
            waiters[count++] = thread;
        }
        if (count > 0 && !mayWaitItself(thread)) {
            letOn(thread);
        }
    }

    /** {@code thread} is about to end: it holds all that it held, still. */
    void exits(ThreadEntry thread, long nowNs) {
        remove(thread);
        if (thread.process.liveThreads <= 1) {
            int slot = thread.process.tgid & ENDED - 1;
            ended[slot] = thread;
            endedAs[slot] = processes.child(thread.process.tgid);
            endedNs[slot] = nowNs;
        }
        thread.exiting = true;
        letOn(thread);
        thread.exiting = false;
    }

    /** {@code thread} leaves its call: stamps who let it on, if that was seen; and takes back what its call has not done. */
    void end(ThreadEntry thread, TraceEvent event) {
        if (thread.role.target() == Target.WAIT4) {
            findChild(thread, (int) event.result);
        }
        boolean waited = remove(thread) || thread.role.target() == Target.WAIT4;
        if (waited && thread.letOnBy != null && succeeded(thread, event.result) && isTheOne(thread, event.result)) {
            event.evidence = Evidence.OBJECT;
            event.waker = thread.letOnBy.waker();
            event.objectToBeConfirmed = thread.letOnByGuess;
        } else {
            thread.letOnBy = null;
        }
        // FUTEX_WAKE and its like tell how many they woke; FUTEX_UNLOCK_PI gives 0 when it succeeded.
        boolean failed = Errno.isError(event.result)
                || event.result == 0 && thread.role.target() == Target.FUTEX && (thread.args[1] & 0x7f) != FUTEX_UNLOCK_PI;
        if (count > 0 && mayWaitItself(thread) && !failed) {
            letOn(thread);
        } else if (count > 0 && failed) {
            for (int i = 0; i < count; i++) {
                if (waiters[i].letOnBy == thread && waiters[i].enteredNs <= thread.enteredNs) {
                    waiters[i].letOnBy = null;
                }
            }
        }
    }

    private boolean remove(ThreadEntry thread) {
        for (int i = 0; i < count; i++) {
            if (waiters[i] == thread) {
                removeAt(i);
                return true;
            }
        }
        return false;
    }

    private void removeAt(int place) {
        waiters[place].awaitsRelease = false;
        waiters[place] = waiters[--count];
        waiters[count] = null;
    }

    private boolean waits(ThreadEntry thread) {
        return switch (thread.role.target()) {
            case POLL, EPOLL, WAITID, VFORK, SIGNAL, FUTEX2, SYSV_MSG, SYSV_SEM -> true;
            case FUTEX -> futexes.waits(thread);
            case FLOCK -> (thread.args[1] & LOCK_UN) == 0;
            case FCNTL -> thread.args[1] == Uapi.F_SETLKW() || thread.args[1] == Uapi.F_OFD_SETLKW();
            case FD -> thread.object != null && thread.object.kind() == ObjectKind.SIGNALFD;
            default -> false;
        };
    }

    /** What it does to others is known only when it has returned. */
    private static boolean mayWaitItself(ThreadEntry thread) {
        return thread.role.target() == Target.SYSV_SEM || thread.role.target() == Target.FCNTL;
    }

    private void letOn(ThreadEntry actor) {
        for (int i = count - 1; i >= 0; i--) {
            ThreadEntry waiter = waiters[i];
            if (!waiter.awaitsRelease) {
                // It has ended in its call.
                removeAt(i);
            } else if (waiter != actor && mayLetOn(actor, waiter) && wakes.confirms(actor, waiter, false)) {
                waiter.letOnBy = actor;
                waiter.letOnThrough = wakes.found;
                waiter.letOnByGuess = wakes.guessed;
                waiter.letOnSignal = actor.role.target() == Target.KILL ? wakes.signalOf(actor) : 0;
            }
        }
    }

    /** Whether the actor's call is of those that end such waits; that it is about the same object is asked afterwards. */
    private boolean mayLetOn(ThreadEntry actor, ThreadEntry waiter) {
        Target acts = actor.role.target();
        boolean ends = actor.exiting || acts == Target.EXIT;
        return switch (waiter.role.target()) {
            case FUTEX, FUTEX2 -> ends || (acts == Target.FUTEX || acts == Target.FUTEX2) && futexes.wakes(actor);
            // A process has ended with its last thread. Which child ended wait4(2) is told by its result.
            case WAITID -> isEndOfChild(actor, waiter);
            case VFORK -> actor.exiting || acts == Target.CLOSES_MANY;
            // Whom a signal to a group, or to all, has reached is not known.
            case SIGNAL -> acts == Target.KILL && (int) actor.args[0] > 0 || isEndOfChild(actor, waiter);
            case SYSV_MSG -> acts == Target.SYSV_MSG && actor.role.way() != waiter.role.way();
            case SYSV_SEM -> acts == Target.SYSV_SEM;
            case FLOCK -> acts == Target.FLOCK && (actor.args[1] & LOCK_UN) != 0;
            case FCNTL -> acts == Target.FCNTL && isLocking(actor.args[1]);
            case FD -> acts == Target.KILL;
            case POLL, EPOLL -> ends || acts == Target.KILL || actor.role.way() == Way.WRITE
                    || actor.role.effect() == SyscallRole.Effect.CONNECT;
            default -> false;
        };
    }

    private static boolean isEndOfChild(ThreadEntry actor, ThreadEntry waiter) {
        return actor.exiting && actor.process.liveThreads <= 1 && actor.process.ppid == waiter.process.tgid;
    }

    /** To lock, and to unlock: which of the two lies in the caller's memory. */
    private static boolean isLocking(long command) {
        return command == Uapi.F_SETLK() || command == Uapi.F_SETLKW() || command == Uapi.F_OFD_SETLK()
                || command == Uapi.F_OFD_SETLKW();
    }

    private static boolean succeeded(ThreadEntry waiter, long result) {
        return switch (waiter.role.target()) {
            // pause(2) and sigsuspend(2) return in no other way.
            case SIGNAL -> result > 0 || result == -Uapi.EINTR() || result == RESTART_NO_HANDLER;
            case POLL, EPOLL, WAIT4, VFORK -> result > 0;
            default -> !Errno.isError(result);
        };
    }

    /** The child that the result names, if it has ended during the wait. */
    private void findChild(ThreadEntry waiter, int tgid) {
        int slot = tgid & ENDED - 1;
        ThreadEntry child = ended[slot];
        boolean isIt = tgid > 0 && child != null && child.process.tgid == tgid && endedNs[slot] >= waiter.enteredNs;
        waiter.letOnBy = isIt ? child : null;
        waiter.letOnThrough = isIt ? endedAs[slot] : null;
        waiter.letOnByGuess = false;
    }

    /** Where the result tells which child it was, or which signal, it was that one. */
    private static boolean isTheOne(ThreadEntry waiter, long result) {
        return switch (waiter.role.target()) {
            case VFORK -> waiter.letOnBy.process.tgid == (int) result;
            case SIGNAL -> result <= 0 || waiter.letOnSignal == 0 || waiter.letOnSignal == (int) result;
            default -> true;
        };
    }
}
