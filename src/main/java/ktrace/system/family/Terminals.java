package ktrace.system.family;

import java.util.List;
import ktrace.event.EventType;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.TraceEvent;
import ktrace.system.Family;
import ktrace.system.Machine;
import ktrace.system.PeerLists;
import ktrace.system.ProcessEntry;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.call.OnKnownDescriptor;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;

/** pty(7), tty(4): who reads at one side waits for who writes at the other. */
final class Terminals implements Family {
    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.TTY);
    }

    @Override
    public boolean isOpened(KernelObject terminal) {
        return true;
    }

    @Override
    public void calls(Calls calls) {
        calls.add("ioctl", new Control());
    }

    @Override
    public String one(ObjectKind kind) {
        return "a terminal";
    }

    @Override
    public String many(ObjectKind kind) {
        return "terminals";
    }

    @Override
    public List<Peer> peers(Machine machine, TrackedObject terminal, ProcessEntry process, Way way) {
        return PeerLists.ofOtherEnd(terminal, process);
    }

    @Override
    public void ask(Machine machine, TraceEvent event) {
        ThreadEntry writer = event.type == EventType.WORK_QUEUED ? machine.thread(event.tid) : null;
        if (writer != null) {
            writer.call().ask(machine, writer, event.timeNs);
        }
    }

    /** What is written goes to the other side by way of a thread of the kernel. */
    @Override
    public void heard(Machine machine, TraceEvent event) {
        if (event.type == EventType.WORK_QUEUED) {
            machine.queues(event.inInterrupt() ? null : machine.thread(event.tid), event.arg0, ObjectKind.TTY, event.timeNs);
        } else if (event.type == EventType.WORK_STARTED) {
            machine.works().started(event.arg0, event.tid);
        }
    }

    /** Whether it is ioctl(2). */
    static boolean isControl(SystemCall call) {
        return call instanceof Control;
    }

    /** A device; what is written at the other end of a pseudo-terminal comes from a task. */
    @Override
    public boolean endsInInterrupt(TrackedObject object) {
        return object.otherEnd() == null;
    }

    /** A terminal answers, or waits for its output to drain; what other devices do is theirs. */
    private static final class Control extends OnKnownDescriptor {
        Control() {
            super(0, Way.BOTH);
        }

        @Override
        public ObjectKind waitsFor(ThreadEntry thread) {
            KernelObject object = thread.worksOn();
            return object != null && object.kind() == ObjectKind.TTY ? ObjectKind.TTY : ObjectKind.OTHER;
        }

        @Override
        public ObjectKind waitsUninterruptiblyFor(ThreadEntry thread) {
            return waitsFor(thread);
        }

        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            if (result >= 0) {
                Descriptors.ioctl(thread);
            }
        }
    }
}
