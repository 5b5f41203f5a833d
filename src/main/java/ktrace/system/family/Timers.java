package ktrace.system.family;

import java.util.List;
import ktrace.event.Evidence.Interrupt;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.system.Family;
import ktrace.system.Machine;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.ToldWait;
import ktrace.system.ToldWait.Words;
import ktrace.system.WakeUp;
import ktrace.system.call.ChangesDescriptors;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.Objects;
import ktrace.system.objects.TrackedObject;

/** Waiting for a time: nanosleep(2) and its like, and timerfd_create(2). The clock ends it, or a signal. */
final class Timers implements Family {
    private static final KernelObject ANY_SLEEP = new KernelObject(ObjectKind.SLEEP, "sleep", 0);

    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.SLEEP, ObjectKind.TIMERFD);
    }

    @Override
    public void calls(Calls calls) {
        calls.add("nanosleep clock_nanosleep", new Sleep());
        calls.add("alarm setitimer timer_settime timer_settime64", new SystemCall() {
            @Override
            public void enter(Machine machine, ThreadEntry thread, long nowNs) {
                thread.process.setsTimers = true;
            }
        });
        calls.add("timerfd_create", new ChangesDescriptors((machine, thread, fd) -> thread.process.fds.put(fd,
                Objects.called(ObjectKind.TIMERFD, "timerfd", fd), FdTable.READ_WRITE | FdTable.closeOnExec(thread.args[1]))));
    }

    @Override
    public Words words(ToldWait wait) {
        if (wait.kind() == ObjectKind.TIMERFD) {
            return wait.named("for", "");
        }
        return wait.words(wait.callName().isEmpty() ? "" : "in " + wait.callName());
    }

    @Override
    public String one(ObjectKind kind) {
        return kind == ObjectKind.SLEEP ? "something" : "a timerfd";
    }

    @Override
    public String many(ObjectKind kind) {
        return kind == ObjectKind.SLEEP ? "objects" : "timerfds";
    }

    @Override
    public boolean endsInInterrupt(TrackedObject object) {
        return object.kind() == ObjectKind.TIMERFD;
    }

    @Override
    public Interrupt interruptedBy(KernelObject object) {
        return object.kind() == ObjectKind.TIMERFD ? Interrupt.TIMER : Interrupt.UNKNOWN;
    }

    private static final class Sleep extends SystemCall {
        @Override
        public void enter(Machine machine, ThreadEntry thread, long nowNs) {
            thread.standsFor = ANY_SLEEP;
        }

        @Override
        public ObjectKind waitsFor(ThreadEntry thread) {
            return ObjectKind.SLEEP;
        }

        @Override
        public Interrupt interruptedBy(ThreadEntry thread, long result) {
            return result == 0 ? Interrupt.TIMER : Interrupt.UNKNOWN;
        }

        /** Nobody ends it but by a signal, a child by that of its end. */
        @Override
        public boolean confirms(WakeUp wakeUp) {
            return Signals.isAimed(wakeUp) || Children.isEndOfChild(wakeUp) || Children.isStopOfChild(wakeUp);
        }
    }
}
