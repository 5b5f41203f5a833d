package ktrace.system.family;

import java.util.List;
import ktrace.event.EventType;
import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent;
import ktrace.system.Family;
import ktrace.system.Machine;
import ktrace.system.ThreadEntry;
import ktrace.system.ToldWait;
import ktrace.system.ToldWait.Words;
import ktrace.system.call.ChangesDescriptors;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.TrackedObject;

/**
 * What is of no kind that is known here: descriptors that calls make which nothing more is known of, and waits outside all calls.
 * And locks inside the kernel, of which only is known that they are: of an inode that is written to, of an address space in fork(2).
 */
final class Others implements Family {
    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.OTHER, ObjectKind.KERNELLOCK);
    }

    @Override
    public void calls(Calls calls) {
        calls.add("memfd_create memfd_secret perf_event_open open_tree open_tree_attr fsopen fsmount fspick pidfd_getfd",
                new ChangesDescriptors((machine, thread, fd) ->
                thread.process.fds.put(fd, machine.made(), FdTable.READ_WRITE)));
    }

    /** The thread is to sleep for a lock, which it may yet get without. */
    @Override
    public void heard(Machine machine, TraceEvent event) {
        ThreadEntry thread = event.type == EventType.LOCK_CONTENDED ? machine.thread(event.tid) : null;
        if (thread != null) {
            thread.contendedNs = event.timeNs;
        }
    }

    /** A device, for all that is known. */
    @Override
    public boolean endsInInterrupt(TrackedObject object) {
        return true;
    }

    @Override
    public Words words(ToldWait wait) {
        if (wait.kind() == ObjectKind.KERNELLOCK) {
            String in = wait.callName().isEmpty() ? " in a page fault" : " in " + wait.callName();
            return wait.isNamed() ? wait.named("for the kernel's lock of", in) : wait.words("for a lock of the kernel's" + in);
        }
        if (wait.object().equals(TraceEvent.PAGE_FAULT.name())) {
            return new Words("in a page fault", "", wait.callName().isEmpty() ? "" : " in " + wait.callName());
        }
        if (wait.callName().isEmpty() && wait.object().equals(TraceEvent.UNKNOWN_PLACE.name())) {
            return wait.words("for something unknown");
        }
        String in = wait.callName().isEmpty() ? "outside any system call" : "in " + wait.callName();
        return wait.isNamed() ? wait.named(in + " on", "") : wait.words(in);
    }

    @Override
    public String one(ObjectKind kind) {
        return kind == ObjectKind.KERNELLOCK ? "a lock" : "something";
    }

    @Override
    public String many(ObjectKind kind) {
        return kind == ObjectKind.KERNELLOCK ? "locks" : "objects";
    }
}
