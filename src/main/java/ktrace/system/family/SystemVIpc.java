package ktrace.system.family;

import java.util.List;
import ktrace.event.Fact;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.system.Family;
import ktrace.system.Machine;
import ktrace.system.PeerLists;
import ktrace.system.ProcessEntry;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.ToldWait;
import ktrace.system.objects.TrackedObject;
import ktrace.system.ToldWait.Words;
import ktrace.system.WakeUp;
import ktrace.system.objects.Way;

/** sysvipc(7): message queues and semaphore sets, known by their ids. Whoever has used one counts as holding it. */
final class SystemVIpc implements Family {
    private static final int IPC_RMID = 0;
    /** Ids begin at 0, and a key of 0 means that there is none. */
    private static final long KEY = 1L << 32;

    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.SYSVMSG, ObjectKind.SYSVSEM);
    }

    @Override
    public void calls(Calls calls) {
        calls.add("msgrcv", new Message(Way.READ));
        calls.add("msgsnd", new Message(Way.WRITE));
        calls.add("msgctl", new Control(ObjectKind.SYSVMSG, 1));
        calls.add("semop semtimedop", new Semaphores());
        calls.add("semctl", new Control(ObjectKind.SYSVSEM, 2));
    }

    @Override
    public Words words(ToldWait wait) {
        return wait.kind() == ObjectKind.SYSVSEM ? wait.named("for", "") : wait.byCall();
    }

    @Override
    public String one(ObjectKind kind) {
        return kind == ObjectKind.SYSVSEM ? "a semaphore set" : "a message queue";
    }

    @Override
    public String many(ObjectKind kind) {
        return kind == ObjectKind.SYSVSEM ? "semaphore sets" : "message queues";
    }

    @Override
    public boolean fillsUp(ObjectKind kind) {
        return kind == ObjectKind.SYSVMSG;
    }

    @Override
    public List<Peer> peers(Machine machine, TrackedObject object, ProcessEntry process, Way way) {
        return PeerLists.holders(object, process);
    }

    /** It is named from now on. */
    @Override
    public void learned(Machine machine, Fact fact) {
        if (fact instanceof Fact.OfSysvIpc(int id, KernelObject found)) {
            machine.intern(new KernelObject(found.kind(), found.name(), KEY | id));
        }
    }

    private abstract static class OnId extends SystemCall {
        private final ObjectKind kind;

        OnId(ObjectKind kind, Way way) {
            super(way);
            this.kind = kind;
        }

        @Override
        public void enter(Machine machine, ThreadEntry thread, long nowNs) {
            int id = (int) thread.args[0];
            TrackedObject known = machine.find(kind, KEY | id);
            if (known == null) {
                machine.askSysvIpc(kind, id);
                String name = (kind == ObjectKind.SYSVMSG ? "queue " : "semaphores ") + id;
                known = machine.intern(new KernelObject(kind, name, KEY | id));
            }
            thread.process.use(known);
            thread.object = known;
        }

        final ObjectKind kind() {
            return kind;
        }

        @Override
        public ObjectKind waitsFor(ThreadEntry thread) {
            return kind;
        }

        @Override
        public boolean isAwaiting(ThreadEntry thread) {
            return true;
        }
    }

    private static final class Message extends OnId {
        Message(Way way) {
            super(ObjectKind.SYSVMSG, way);
        }

        @Override
        public String verb() {
            return fills() ? "to send to" : "to receive from";
        }

        @Override
        public boolean fills() {
            return way() == Way.WRITE;
        }

        @Override
        public Acts acts() {
            return Acts.AT_ONCE;
        }

        /** Who receives is let on by who sends, and the other way round; both by who removes the queue. */
        @Override
        public boolean letsOn(WakeUp wakeUp) {
            return wakeUp.waker().call() instanceof OnId other && other.kind() == kind() && other.way() != way()
                    && confirms(wakeUp);
        }
    }

    /** What its operations do lies in the caller's memory, and whether it could do them is known only when it has returned. */
    private static final class Semaphores extends OnId {
        Semaphores() {
            super(ObjectKind.SYSVSEM, Way.BOTH);
        }

        @Override
        public Acts acts() {
            return Acts.ON_RETURN;
        }

        @Override
        public boolean letsOn(WakeUp wakeUp) {
            return wakeUp.waker().call() instanceof OnId other && other.kind() == kind() && confirms(wakeUp);
        }
    }

    /** IPC_RMID: whoever waited is woken, and the id may be given out again. SETVAL lets on who waited for a value. */
    private static final class Control extends OnId {
        private final int command;

        /** @param command which argument is the command */
        Control(ObjectKind kind, int command) {
            super(kind, Way.BOTH);
            this.command = command;
        }

        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            if (result >= 0 && (int) thread.args[command] == IPC_RMID) {
                machine.forget(kind(), KEY | (int) thread.args[0]);
            }
        }

        @Override
        public ObjectKind waitsFor(ThreadEntry thread) {
            return ObjectKind.OTHER;
        }

        @Override
        public boolean isAwaiting(ThreadEntry thread) {
            return false;
        }

        @Override
        public Acts acts() {
            return Acts.ON_RETURN;
        }
    }
}
