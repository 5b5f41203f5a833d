package ktrace.system.family;

import java.util.List;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.system.Family;
import ktrace.system.Machine;
import ktrace.system.PeerLists;
import ktrace.system.ProcessEntry;
import ktrace.system.ThreadEntry;
import ktrace.system.WakeUp;
import ktrace.system.call.ChangesDescriptors;
import ktrace.system.call.OnDescriptor;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.Objects;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;

/** mq_overview(7): message queues that are opened, so that each is a descriptor. */
final class PosixQueues implements Family {
    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.MQUEUE);
    }

    @Override
    public boolean isOpened(KernelObject queue) {
        return true;
    }

    @Override
    public void calls(Calls calls) {
        calls.add("mq_open", new ChangesDescriptors((machine, thread, fd) -> thread.process.fds.put(fd,
                Objects.placeholder(ObjectKind.MQUEUE), FdTable.flagsOfOpen((int) thread.args[1]) | FdTable.CLOSE_ON_EXEC)));
        calls.add("mq_notify", new Notify());
        calls.add("mq_timedreceive", new Message(Way.READ));
        calls.add("mq_timedsend", new Message(Way.WRITE));
    }

    @Override
    public String one(ObjectKind kind) {
        return "a message queue";
    }

    @Override
    public String many(ObjectKind kind) {
        return "message queues";
    }

    @Override
    public boolean fillsUp(ObjectKind kind) {
        return true;
    }

    @Override
    public List<Peer> peers(Machine machine, TrackedObject queue, ProcessEntry process, Way way) {
        return PeerLists.holders(queue, process);
    }

    /** Whether the waker puts a message into a queue of which the waiter's process is told by a signal when there is one. */
    static boolean notifies(WakeUp wakeUp) {
        TrackedObject queue = wakeUp.waker().canonicalObject();
        TrackedObject notifier = wakeUp.waiter().process.notifier;
        return queue != null && notifier != null && notifier.canonical() == queue && wakeUp.waker().call() instanceof Message
                && wakeUp.endedBy(queue);
    }

    private static final class Notify extends OnDescriptor {
        Notify() {
            super(0, Way.BOTH);
        }

        /** Without an address it takes back what it asked for. */
        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            if (result == 0) {
                thread.process.notifier = thread.args[1] == 0 ? null : thread.object;
            }
        }

        @Override
        protected boolean movesData() {
            return false;
        }
    }

    private static final class Message extends OnDescriptor {
        Message(Way way) {
            super(0, way, way == Way.WRITE ? "to send to" : "to receive from");
        }

        @Override
        public ObjectKind waitsFor(ThreadEntry thread) {
            return ObjectKind.MQUEUE;
        }

        @Override
        public ObjectKind waitsUninterruptiblyFor(ThreadEntry thread) {
            return ObjectKind.OTHER;
        }
    }
}
