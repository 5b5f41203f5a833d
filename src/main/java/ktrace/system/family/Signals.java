package ktrace.system.family;

import java.util.List;
import ktrace.event.Evidence.Interrupt;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.linux.uapi.Uapi;
import ktrace.system.Family;
import ktrace.system.Machine;
import ktrace.system.ProcessEntry;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.ToldWait;
import ktrace.system.ToldWait.Words;
import ktrace.system.WakeUp;
import ktrace.system.call.ChangesDescriptors;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.Objects;
import ktrace.system.objects.TrackedObject;

/** signal(7): pause(2), sigtimedwait(2) and signalfd(2) wait for who sends a signal, or for a child to end. */
final class Signals implements Family {
    /** -ERESTARTNOHAND, which a tracer sees at the exit of calls that wait for a signal (include/linux/errno.h). */
    private static final long RESTART_NO_HANDLER = -514;
    private static final int SIGALRM = 14;
    private static final KernelObject ANY = new KernelObject(ObjectKind.SIGNAL, "signal", 0);

    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.SIGNAL, ObjectKind.SIGNALFD);
    }

    @Override
    public void calls(Calls calls) {
        calls.add("pause rt_sigsuspend sigsuspend rt_sigtimedwait", new Wait());
        calls.add("kill rt_sigqueueinfo", new Kill(Kill.Aim.PROCESS));
        calls.add("tkill", new Kill(Kill.Aim.THREAD));
        calls.add("tgkill rt_tgsigqueueinfo", new Kill(Kill.Aim.THREAD_OF_PROCESS));
        calls.add("pidfd_send_signal", new Kill(Kill.Aim.PIDFD));
        calls.add("rt_sigreturn sigreturn", new SystemCall() {
            @Override
            public boolean restoresRegisters() {
                return true;
            }
        });
        calls.add("signalfd", new ChangesDescriptors((machine, thread, fd) -> made(thread, fd, 0)));
        calls.add("signalfd4", new ChangesDescriptors((machine, thread, fd) ->
                made(thread, fd, FdTable.closeOnExec(thread.args[3]))));
    }

    @Override
    public Words words(ToldWait wait) {
        return wait.kind() == ObjectKind.SIGNAL ? wait.words("for a signal") : wait.named("for a signal on", "");
    }

    @Override
    public String many(ObjectKind kind) {
        return kind == ObjectKind.SIGNAL ? "objects" : "signalfds";
    }

    /** With a descriptor as first argument signalfd(2) only changes that one's signals. */
    private static void made(ThreadEntry thread, int fd, int closeOnExec) {
        if ((int) thread.args[0] < 0) {
            thread.process.fds.put(fd, Objects.called(ObjectKind.SIGNALFD, "signalfd", fd), FdTable.READ_WRITE | closeOnExec);
        }
    }

    /** A signal that is aimed at who holds a signalfd ends its wait there; SIGCHLD too, which a child sends by ending or stopping. */
    @Override
    public Reach reach(WakeUp wakeUp, TrackedObject object) {
        if (object.kind() != ObjectKind.SIGNALFD) {
            return Reach.NO;
        }
        if (isAimed(wakeUp)) {
            return Reach.YES;
        }
        if (!Children.isEndOfChild(wakeUp) && !Children.isStopOfChild(wakeUp)) {
            return Reach.NO;
        }
        // Who polls may be woken by something else that the child lets go of.
        return wakeUp.waiter().canonicalObject() == object ? Reach.YES : Reach.PERHAPS;
    }

    @Override
    public boolean letsOn(WakeUp wakeUp, TrackedObject object) {
        return object.kind() == ObjectKind.SIGNALFD && isAimed(wakeUp);
    }

    /** Whether the waker is in a call that sends a signal to the waiter. */
    static boolean isAimed(WakeUp wakeUp) {
        return wakeUp.waker().call() instanceof Kill kill && kill.isAimed(wakeUp.waker(), wakeUp.waiter());
    }

    /** Of a timer, timer_create(2). */
    @Override
    public boolean endsInInterrupt(TrackedObject object) {
        return object.kind() == ObjectKind.SIGNALFD;
    }

    // -- calls ---------------------------------------------------------------------------------------------------------------

    private static final class Wait extends SystemCall {
        @Override
        public void enter(Machine machine, ThreadEntry thread, long nowNs) {
            thread.standsFor = ANY;
        }

        @Override
        public ObjectKind waitsFor(ThreadEntry thread) {
            return ObjectKind.SIGNAL;
        }

        @Override
        public boolean confirms(WakeUp wakeUp) {
            return isAimed(wakeUp) || Children.isEndOfChild(wakeUp) || Children.isStopOfChild(wakeUp)
                    || PosixQueues.notifies(wakeUp);
        }

        /** A signal that it has got, as one of alarm(2). */
        @Override
        public Interrupt interruptedBy(ThreadEntry thread, long result) {
            return result <= 0 ? super.interruptedBy(thread, result)
                    : result == SIGALRM && thread.process.setsTimers ? Interrupt.TIMER : Interrupt.UNKNOWN;
        }

        @Override
        public boolean isAwaiting(ThreadEntry thread) {
            return true;
        }

        @Override
        public boolean letsOn(WakeUp wakeUp) {
            ThreadEntry waker = wakeUp.waker();
            if (waker.call() instanceof Kill kill && kill.isAtOne(waker) && isAimed(wakeUp)) {
                wakeUp.expectResult(kill.signal(waker));
                return true;
            }
            return Children.isSeenEndOfChild(wakeUp);
        }

        /** A signal ends only waits for that signal. pause(2) and sigsuspend(2) return in no other way than interrupted. */
        @Override
        public boolean wasLetOn(Machine machine, ThreadEntry thread, long result) {
            return thread.letOnBy != null
                    && (result == -Uapi.EINTR() || result == RESTART_NO_HANDLER
                    || result > 0 && (thread.letOnResult == 0 || thread.letOnResult == (int) result));
        }
    }

    private static final class Kill extends SystemCall {
        private static final int SIGSTOP = 19;
        private static final int SIGTTOU = 22;

        /** What its first argument is the number of. */
        private enum Aim {
            /** Or of a process group, or none: then it may go to anybody. */
            PROCESS,
            THREAD,
            /** The thread's is the second argument. */
            THREAD_OF_PROCESS,
            PIDFD
        }

        private final Aim aim;

        private Kill(Aim aim) {
            this.aim = aim;
        }

        @Override
        public void enter(Machine machine, ThreadEntry thread, long nowNs) {
            if (aim == Aim.PIDFD) {
                thread.object = thread.process.fds.get((int) thread.args[0]);
            }
            ProcessEntry target = signal(thread) < SIGSTOP || signal(thread) > SIGTTOU ? null : target(machine, thread);
            if (target != null) {
                target.stopper = thread.process.asList();
            }
        }

        /** Null when that is not known, or several are. */
        private ProcessEntry target(Machine machine, ThreadEntry sender) {
            return switch (aim) {
                case PROCESS, THREAD_OF_PROCESS -> machine.process((int) sender.args[0]);
                case THREAD -> {
                    ThreadEntry thread = machine.thread((int) sender.args[0]);
                    yield thread == null ? null : thread.process;
                }
                case PIDFD -> sender.object == null ? null : machine.process((int) sender.object.canonical().object.key());
            };
        }

        @Override
        public void ask(Machine machine, ThreadEntry thread, long nowNs) {
            if (aim == Aim.PIDFD) {
                machine.askNow(thread.process, (int) thread.args[0], thread.object, nowNs);
            }
        }

        @Override
        public void settle(Machine machine, ThreadEntry thread, long nowNs) {
            if (aim == Aim.PIDFD) {
                thread.object = machine.settled(thread.process, (int) thread.args[0], thread.object, nowNs);
            }
        }

        int signal(ThreadEntry sender) {
            return (int) sender.args[aim == Aim.THREAD_OF_PROCESS ? 2 : 1];
        }

        boolean isAimed(ThreadEntry sender, ThreadEntry at) {
            // Signal 0 only asks whether one might be sent.
            if (signal(sender) == 0) {
                return false;
            }
            int first = (int) sender.args[0];
            return switch (aim) {
                case PROCESS -> first <= 0 || first == at.process.tgid;
                case THREAD -> first == at.tid;
                case THREAD_OF_PROCESS -> (int) sender.args[1] == at.tid;
                case PIDFD -> sender.object != null && sender.object.canonical().object.key() == at.process.tgid;
            };
        }

        /** Whom a signal to a group, or to all, has reached is not known. */
        boolean isAtOne(ThreadEntry sender) {
            return aim != Aim.PROCESS || (int) sender.args[0] > 0;
        }

        @Override
        public Acts acts() {
            return Acts.AT_ONCE;
        }

        @Override
        public boolean sends() {
            return true;
        }
    }
}
