package ktrace.system.family;

import java.util.List;
import ktrace.event.ObjectKind;
import ktrace.system.Family;
import ktrace.system.ToldWait;
import ktrace.system.ToldWait.Words;
import ktrace.system.WakeUp;
import ktrace.system.call.ChangesDescriptors;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.Objects;
import ktrace.system.objects.TrackedObject;

/** inotify(7): something happens to a file. */
final class FileEvents implements Family {
    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.INOTIFY);
    }

    @Override
    public void calls(Calls calls) {
        calls.add("inotify_init", new ChangesDescriptors((machine, thread, fd) ->
                thread.process.fds.put(fd, Objects.called(ObjectKind.INOTIFY, "inotify", fd), FdTable.READ)));
        calls.add("inotify_init1", new ChangesDescriptors((machine, thread, fd) -> thread.process.fds.put(fd,
                Objects.called(ObjectKind.INOTIFY, "inotify", fd), FdTable.READ | FdTable.closeOnExec(thread.args[0]))));
    }

    /**
     * Nothing but an event wakes who waits for one, and it comes from the call that makes it: by a path, or on a file, which need not
     * have been looked up. Which files are watched is not known.
     */
    @Override
    public Reach reach(WakeUp wakeUp, TrackedObject set) {
        TrackedObject used = wakeUp.used();
        boolean onFile = wakeUp.waker().call() instanceof Files.OnPath
                || used != null && (used.kind() == ObjectKind.DISK || used.isStandIn());
        return onFile ? Reach.PERHAPS : Reach.NO;
    }

    @Override
    public Words words(ToldWait wait) {
        return wait.named("for file events on", "");
    }

    @Override
    public String many(ObjectKind kind) {
        return "inotify sets";
    }
}
