package ktrace.system.family;

import java.util.List;
import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent;
import ktrace.system.Family;
import ktrace.system.objects.FdTable;
import ktrace.system.ToldWait;
import ktrace.system.WaitWords;

/**
 * What is of no kind that is known here: descriptors that calls make which nothing more is known of, and waits outside all calls.
 */
final class Others implements Family {
    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.OTHER);
    }

    @Override
    public void calls(Calls calls) {
        calls.add("memfd_create memfd_secret perf_event_open open_tree fsopen fsmount fspick pidfd_getfd",
                new ChangesDescriptors((machine, thread, fd) ->
                thread.process.fds.put(fd, machine.made(), FdTable.READ_WRITE)));
    }

    @Override
    public WaitWords words(ToldWait wait) {
        if (wait.object().equals(TraceEvent.PAGE_FAULT.name())) {
            return new WaitWords("in a page fault", "", wait.callName().isEmpty() ? "" : " in " + wait.callName());
        }
        if (wait.callName().isEmpty() && wait.object().equals(TraceEvent.UNKNOWN_PLACE.name())) {
            return wait.words("for something unknown");
        }
        String in = wait.callName().isEmpty() ? "outside any system call" : "in " + wait.callName();
        return wait.isNamed() ? wait.named(in + " on", "") : wait.words(in);
    }

    @Override
    public String one(ObjectKind kind) {
        return "something";
    }

    @Override
    public String many(ObjectKind kind) {
        return "objects";
    }
}
