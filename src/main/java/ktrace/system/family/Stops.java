package ktrace.system.family;

import java.util.List;
import ktrace.event.ObjectKind;
import ktrace.event.ObjectKind.Reason;
import ktrace.event.Peer;
import ktrace.linux.PrevState;
import ktrace.system.Family;
import ktrace.system.Machine;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.ToldWait;
import ktrace.system.ToldWait.Words;
import ktrace.system.WakeUp;
import ktrace.system.objects.TrackedObject;

/**
 * What holds a thread still that did not ask to wait: a signal that stops (signal(7)), a debugger (ptrace(2)), the freezer
 * (cgroups(7)). The kernel has it leave its call before, so that it is outside all of them meanwhile.
 */
final class Stops implements Family {
    private static final ObjectKind STOPPED = new ObjectKind("stopped", Reason.STOPPED);
    private static final ObjectKind TRACED = new ObjectKind("traced", Reason.STOPPED);
    private static final ObjectKind FROZEN = new ObjectKind("frozen", Reason.STOPPED);

    @Override
    public List<ObjectKind> kinds() {
        return List.of(STOPPED, TRACED, FROZEN);
    }

    @Override
    public void calls(Calls calls) {
        calls.add("ptrace", new Ptrace());
    }

    @Override
    public List<Halt> halts() {
        return List.of(new Stop(), new Trace(), new Freeze());
    }

    @Override
    public Words words(ToldWait wait) {
        return wait.words(wait.kind() == STOPPED ? "while stopped" : wait.kind() == TRACED ? "while held by a debugger" : "while frozen");
    }

    @Override
    public String one(ObjectKind kind) {
        return "something";
    }

    @Override
    public String many(ObjectKind kind) {
        return "objects";
    }

    // -- what holds ----------------------------------------------------------------------------------------------------------

    private static final class Stop implements Halt {
        @Override
        public ObjectKind kind() {
            return STOPPED;
        }

        @Override
        public boolean holds(ThreadEntry thread, long state, String function) {
            return (state & PrevState.STOPPED) != 0;
        }

        @Override
        public List<Peer> by(ThreadEntry thread) {
            return thread.process.stopper;
        }

        @Override
        public boolean isEndedBy(WakeUp wakeUp) {
            return Signals.isAimed(wakeUp) || Ptrace.isAimed(wakeUp);
        }
    }

    private static final class Trace implements Halt {
        @Override
        public ObjectKind kind() {
            return TRACED;
        }

        @Override
        public boolean holds(ThreadEntry thread, long state, String function) {
            return (state & PrevState.TRACED) != 0;
        }

        @Override
        public List<Peer> by(ThreadEntry thread) {
            return thread.tracer;
        }

        @Override
        public boolean isEndedBy(WakeUp wakeUp) {
            return Ptrace.isAimed(wakeUp) || Signals.isAimed(wakeUp);
        }
    }

    /**
     * Version 2 has threads sleep in S on their way back to user mode, as little else does; version 1 in D, as a page fault does:
     * /proc tells where.
     */
    private static final class Freeze implements Halt {
        @Override
        public ObjectKind kind() {
            return FROZEN;
        }

        @Override
        public boolean holds(ThreadEntry thread, long state, String function) {
            return state == PrevState.FROZEN;
        }

        @Override
        public boolean mayHold(ThreadEntry thread, long state) {
            return state == PrevState.INTERRUPTIBLE && thread.isOutsideCalls();
        }

        /**
         * Writing to a file wakes somebody who is frozen in no other way than by thawing the group, or moving its thread to another;
         * what the file is called is mostly not known, for it is closed at once.
         */
        @Override
        public boolean isEndedBy(WakeUp wakeUp) {
            TrackedObject used = wakeUp.used();
            boolean isFile = used == null || used.isStandIn() || used.kind() == ObjectKind.DISK;
            return isFile && wakeUp.waker().call().sends() && wakeUp.waker().call().isOnDescriptor() || Signals.isAimed(wakeUp);
        }
    }

    // -- calls ---------------------------------------------------------------------------------------------------------------

    private static final class Ptrace extends SystemCall {
        private static final int TRACEME = 0;
        private static final int ATTACH = 16;
        private static final int DETACH = 17;
        private static final int SEIZE = 0x4206;
        private static final int TRACEE = 1;

        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            if (result != 0) {
                return;
            }
            int request = (int) thread.args[0];
            ThreadEntry tracee = request == TRACEME ? thread : machine.thread((int) thread.args[TRACEE]);
            if (tracee == null) {
                return;
            }
            switch (request) {
                case ATTACH, SEIZE -> tracee.tracer = thread.process.asList();
                case DETACH -> tracee.tracer = List.of();
                case TRACEME -> {
                    var parent = machine.process(thread.process.ppid);
                    tracee.tracer = parent == null ? List.of() : parent.asList();
                }
                default -> { }
            }
        }

        /** Whether the waker is in a call that does something to the waiter. */
        static boolean isAimed(WakeUp wakeUp) {
            ThreadEntry waker = wakeUp.waker();
            return waker.call() instanceof Ptrace && (int) waker.args[TRACEE] == wakeUp.waiter().tid;
        }
    }
}
