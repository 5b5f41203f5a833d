package ktrace.ptrace;

import java.util.stream.IntStream;
import ktrace.linux.uapi.Uapi;

/**
 * Why a traced thread stands still, or that it is gone: the wait status of wait(2), as ptrace(2) gives it a meaning. Every value
 * is made once; decoding allocates nothing.
 */
sealed interface PtraceStop {
    /** It enters or leaves a system call. */
    record Syscall() implements PtraceStop {
    }

    /** A signal is about to be delivered; it is lost unless handed on. */
    record Delivery(int signal) implements PtraceStop {
    }

    /** The process was stopped by SIGSTOP, SIGTSTP, SIGTTIN or SIGTTOU, and stays so until SIGCONT. */
    record Group(int signal) implements PtraceStop {
    }

    /** It was interrupted by ktrace, is newly born, or its process goes on after a stop. */
    record Trap() implements PtraceStop {
    }

    /** PTRACE_EVENT_FORK, _VFORK, _CLONE, _EXEC, _EXIT, _SECCOMP or one unknown. */
    record Event(int event) implements PtraceStop {
    }

    /** It has ended. */
    record Ended() implements PtraceStop {
    }

    PtraceStop SYSCALL = new Syscall();
    PtraceStop TRAP = new Trap();
    PtraceStop ENDED = new Ended();

    /** What a wait status says. */
    static PtraceStop of(int waitStatus) {
        if ((waitStatus & 0xff) != 0x7f) {
            return ENDED;
        }
        int signal = waitStatus >>> 8 & 0xff;
        int event = waitStatus >>> 16;
        if (event == Uapi.PTRACE_EVENT_STOP()) {
            return signal == Uapi.SIGTRAP() ? TRAP : Cached.GROUPS[signal];
        }
        if (event != 0) {
            return Cached.EVENTS[event & 0xff];
        }
        return signal == (Uapi.SIGTRAP() | 0x80) ? SYSCALL : Cached.DELIVERIES[signal];
    }

    /** One of each. */
    final class Cached {
        private static final int BYTES = 256;
        private static final PtraceStop[] DELIVERIES = IntStream.range(0, BYTES).mapToObj(Delivery::new).toArray(PtraceStop[]::new);
        private static final PtraceStop[] GROUPS = IntStream.range(0, BYTES).mapToObj(Group::new).toArray(PtraceStop[]::new);
        private static final PtraceStop[] EVENTS = IntStream.range(0, BYTES).mapToObj(Event::new).toArray(PtraceStop[]::new);

        private Cached() {
        }
    }
}
