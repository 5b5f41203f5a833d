package ktrace.system.family;

import java.util.List;
import java.util.Set;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.linux.PrevState;
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
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;

/** wait(2): who waits for a child waits until it ends; after vfork(2), until it ends or becomes another program. */
final class Children implements Family {
    private static final int CLONE_VFORK = 0x4000;
    private static final int P_PID = 1;
    private static final int P_PIDFD = 3;
    /** exec by one of several threads goes on when the others have ended. */
    private static final ObjectKind EXEC = new ObjectKind("exec", ObjectKind.Reason.OTHER);
    /** Stands for whichever child it may be. */
    private static final KernelObject ANY = new KernelObject(ObjectKind.CHILD, "child", 0);

    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.CHILD, EXEC);
    }

    @Override
    public void calls(Calls calls) {
        calls.add("wait4 waitpid", new Wait4());
        calls.add("waitid", new WaitId());
        calls.add("vfork", new Clone(true, false));
        calls.add("clone", new Clone(false, true));
        calls.add("clone3 fork", new Clone(false, false));
        calls.add("execve execveat", new Exec());
        calls.add("exit exit_group", new Exit());
        calls.add("pidfd_open", new ChangesDescriptors((machine, thread, fd) -> {
            TrackedObject child = machine.child(thread.process, (int) thread.args[0]);
            if (child != null) {
                thread.process.fds.put(fd, child, FdTable.READ_WRITE | FdTable.CLOSE_ON_EXEC);
            }
        }));
    }

    @Override
    public List<Halt> halts() {
        return List.of(new OtherThreads());
    }

    @Override
    public Words words(ToldWait wait) {
        return wait.kind() == EXEC ? wait.words("for its other threads to end, in " + wait.callName()) : wait.named("for", wait.call() instanceof Clone ? " to exec or exit" : " to exit");
    }

    @Override
    public String many(ObjectKind kind) {
        return "children";
    }

    /** Of a pidfd. */
    @Override
    public List<Peer> peers(Machine machine, TrackedObject child, ProcessEntry process, Way way) {
        return itself(machine, child);
    }

    private static List<Peer> itself(Machine machine, TrackedObject child) {
        ProcessEntry process = machine.process((int) child.object.key());
        return process == null ? List.of() : process.asList();
    }

    @Override
    public boolean isLetGo(ThreadEntry waker, TrackedObject child) {
        return waker.ends() && child == waker.process.child;
    }

    // -- ends ----------------------------------------------------------------------------------------------------------------

    /** Its own child, or one of a parent that ended before: the kernel gave it to somebody, who is then who is woken. */
    static boolean isEndOfChild(WakeUp wakeUp) {
        ProcessEntry ending = wakeUp.waker().process;
        return wakeUp.waker().ends()
                && (ending.ppid == wakeUp.waiter().process.tgid || wakeUp.machine().process(ending.ppid) == null);
    }

    /** Where no scheduler is seen: a process has ended with its last thread, and no orphan is known to be somebody's. */
    static boolean isSeenEndOfChild(WakeUp wakeUp) {
        ProcessEntry ending = wakeUp.waker().process;
        return wakeUp.waker().isExiting() && ending.liveThreads <= 1 && ending.ppid == wakeUp.waiter().process.tgid;
    }

    /** A child that was stopped, or by a debugger, or goes on, tells who waits for it when it is in no call. */
    static boolean isStopOfChild(WakeUp wakeUp) {
        return wakeUp.waker().isOutsideCalls() && wakeUp.waker().process.ppid == wakeUp.waiter().process.tgid;
    }

    /** After that, no signal ends it, and no other thread of the process is left to wait for. */
    private static final class OtherThreads implements Halt {
        /** The compiler may have made the one a part of the other (fs/exec.c). */
        private static final Set<String> WAITS = Set.of("de_thread", "begin_new_exec");

        @Override
        public ObjectKind kind() {
            return EXEC;
        }

        @Override
        public boolean holds(ThreadEntry thread, long state, String function) {
            return mayHold(thread, state) && WAITS.contains(function);
        }

        @Override
        public boolean mayHold(ThreadEntry thread, long state) {
            return state == PrevState.UNINTERRUPTIBLE && thread.call() instanceof Exec && thread.process.hasOtherThreads();
        }

        @Override
        public boolean isEndedBy(WakeUp wakeUp) {
            return wakeUp.waker().isExiting() && wakeUp.waker().process == wakeUp.waiter().process;
        }

        /** A thread that ends wakes nobody else of its process that sleeps so in exec: locks that it frees were told as such. */
        @Override
        public boolean isToldBy(WakeUp wakeUp) {
            return isEndedBy(wakeUp);
        }
    }

    // -- calls ---------------------------------------------------------------------------------------------------------------

    /** What is common to all that wait for a child. */
    private abstract static class Waiting extends SystemCall {
        @Override
        public ObjectKind waitsFor(ThreadEntry thread) {
            return ObjectKind.CHILD;
        }

        @Override
        public List<Peer> peers(Machine machine, ThreadEntry thread, TrackedObject child) {
            return child == null ? thread.process.childPeers() : itself(machine, child);
        }

        @Override
        public boolean confirms(WakeUp wakeUp) {
            ThreadEntry waker = wakeUp.waker();
            TrackedObject child = wakeUp.waiter().canonicalObject();
            if (child == null) {
                return (isEndOfChild(wakeUp) || isStopOfChild(wakeUp))
                        && wakeUp.endedBy(wakeUp.machine().child(waker.process.tgid));
            }
            return (waker.ends() || isStop(waker)) && child.object.key() == waker.process.tgid
                    && wakeUp.endedBy(wakeUp.machine().child(waker.process.tgid))
                    || isStop(waker) && child.object.key() == waker.tid;
        }
    }

    /** A debugger is told in some calls too that they have been made. */
    private static boolean isStop(ThreadEntry waker) {
        return waker.isOutsideCalls() || waker.call() instanceof Clone || waker.call() instanceof Exec;
    }

    /** wait4(2) gives the number of the child, so that where no scheduler is seen the result tells which it was. */
    private static final class Wait4 extends Waiting {
        /** WUNTRACED and WCONTINUED: then its result may be that of a child that goes on. */
        private static final long STOPS_TOO = 2 | 8;

        @Override
        public void enter(Machine machine, ThreadEntry thread, long nowNs) {
            thread.object = (int) thread.args[0] > 0 ? machine.child(thread.process, (int) thread.args[0]) : null;
            thread.standsFor = ANY;
        }

        @Override
        public boolean wasLetOn(Machine machine, ThreadEntry thread, long result) {
            thread.letOnBy = machine.endedSince(thread.process, (int) result, thread.enteredNs());
            thread.letOnThrough = thread.letOnBy == null ? null : thread.letOnBy.process.child;
            return thread.letOnBy != null;
        }

        @Override
        public int reaps(ThreadEntry thread, long result) {
            return (thread.args[2] & STOPS_TOO) == 0 ? (int) result : 0;
        }
    }

    private static final class WaitId extends Waiting {
        @Override
        public void enter(Machine machine, ThreadEntry thread, long nowNs) {
            thread.object = child(machine, thread);
            thread.standsFor = ANY;
        }

        private static TrackedObject child(Machine machine, ThreadEntry thread) {
            switch ((int) thread.args[0]) {
                case P_PID -> {
                    return machine.child(thread.process, (int) thread.args[1]);
                }
                case P_PIDFD -> {
                    TrackedObject pidfd = thread.process.fds.get((int) thread.args[1]);
                    return pidfd != null && pidfd.kind() == ObjectKind.CHILD ? pidfd : null;
                }
                default -> {
                    return null;
                }
            }
        }

        @Override
        public boolean isAwaiting(ThreadEntry thread) {
            return true;
        }

        @Override
        public boolean letsOn(WakeUp wakeUp) {
            return isSeenEndOfChild(wakeUp) && confirms(wakeUp);
        }
    }

    /** Waits for the child if it was made by vfork(2) or with CLONE_VFORK, in a sleep that no signal ends. */
    private static final class Clone extends SystemCall {
        private final boolean isAlwaysVfork;
        private final boolean hasFlags;

        /**
         * @param hasFlags its first argument are the flags; of clone3(2) they lie in the caller's memory, and only the birth tells
         */
        Clone(boolean isAlwaysVfork, boolean hasFlags) {
            this.isAlwaysVfork = isAlwaysVfork;
            this.hasFlags = hasFlags;
        }

        @Override
        public void enter(Machine machine, ThreadEntry thread, long nowNs) {
            if (thread.vfork || isAlwaysVfork || hasFlags && (thread.args[0] & CLONE_VFORK) != 0) {
                thread.standsFor = ANY;
            }
        }

        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            if (result > 0) {
                thread.hasMade((int) result);
            }
        }

        @Override
        public void settle(Machine machine, ThreadEntry thread, long nowNs) {
            if (thread.vfork) {
                thread.standsFor = ANY;
            }
        }

        @Override
        public ObjectKind waitsFor(ThreadEntry thread) {
            return thread.vfork ? ObjectKind.CHILD : ObjectKind.OTHER;
        }

        @Override
        public ObjectKind waitsUninterruptiblyFor(ThreadEntry thread) {
            return waitsFor(thread);
        }

        @Override
        public List<Peer> peers(Machine machine, ThreadEntry thread, TrackedObject child) {
            return child == null ? List.of() : itself(machine, child);
        }

        @Override
        public boolean confirms(WakeUp wakeUp) {
            ThreadEntry waker = wakeUp.waker();
            return waker.process.ppid == wakeUp.waiter().process.tgid && (waker.ends() || waker.call() instanceof Exec)
                    && wakeUp.endedBy(wakeUp.machine().child(waker.process.tgid));
        }

        @Override
        public boolean isAwaiting(ThreadEntry thread) {
            return true;
        }

        @Override
        public boolean letsOn(WakeUp wakeUp) {
            return (wakeUp.waker().isExiting() || wakeUp.waker().call() instanceof Exec) && confirms(wakeUp);
        }

        @Override
        public boolean wasLetOn(Machine machine, ThreadEntry thread, long result) {
            return thread.letOnBy != null && result > 0 && thread.letOnBy.process.tgid == (int) result;
        }
    }

    /** Lets a vfork(2) return, and closes what is to be closed on exec; itself it waits for the file. */
    private static final class Exec extends SystemCall {
        @Override
        public boolean letsGo() {
            return true;
        }

        @Override
        public ObjectKind waitsUninterruptiblyFor(ThreadEntry thread) {
            return ObjectKind.DISK;
        }

        @Override
        public Acts acts() {
            return Acts.AT_ONCE;
        }
    }

    private static final class Exit extends SystemCall {
        @Override
        public boolean letsGo() {
            return true;
        }

        @Override
        public boolean endsCaller() {
            return true;
        }

        @Override
        public Acts acts() {
            return Acts.AT_ONCE;
        }
    }
}
