package ktrace.system.family;

import java.util.List;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.facts.FuseKeys;
import ktrace.system.Family;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.ToldWait;
import ktrace.system.ToldWait.Words;
import ktrace.system.WakeUp;
import ktrace.system.call.ChangesDescriptors;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.Holding;
import ktrace.system.objects.Objects;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;

/**
 * Files and pages that another process serves or has to allow: fuse(4), fanotify(7), userfaultfd(2). Whatever call such a wait is
 * in, or a page fault, who is woken by the answer has waited for it.
 *
 * <pre>
 *   reader  ├── read(file) ───────────────┤          kind fuse, the file, evidence object
 *   server               ├─ write(/dev/fuse) ─┤     which is the other end of all files of the mount
 * </pre>
 */
final class Served implements Family {
    /** The type of the ioctls of a userfaultfd (include/uapi/linux/userfaultfd.h). */
    private static final int UFFDIO = 0xaa;

    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.FUSE, ObjectKind.FANOTIFY, ObjectKind.USERFAULT);
    }

    @Override
    public void calls(Calls calls) {
        calls.add("fanotify_init", new ChangesDescriptors((machine, thread, fd) -> thread.process.fds.put(fd,
                Objects.called(ObjectKind.FANOTIFY, "fanotify", fd), FdTable.READ_WRITE)));
        calls.add("userfaultfd", new ChangesDescriptors((machine, thread, fd) -> thread.process.fds.put(fd,
                Objects.called(ObjectKind.USERFAULT, "userfaultfd", fd), FdTable.READ_WRITE | FdTable.closeOnExec(thread.args[0]))));
    }

    @Override
    public boolean isOpened(KernelObject file) {
        return file.kind() == ObjectKind.FUSE;
    }

    @Override
    public long sharedEnd(KernelObject file) {
        return file.kind() != ObjectKind.FUSE || FuseKeys.isServer(file.key()) ? 0 : FuseKeys.serverOf(file.key());
    }

    /** A server that reads /dev/fuse is woken by who makes a call on one of its files. */
    @Override
    public Reach reach(WakeUp wakeUp, TrackedObject object) {
        TrackedObject used = wakeUp.used();
        return used != null && used.kind() == ObjectKind.FUSE && used.otherEnd() == object ? Reach.YES : Reach.NO;
    }

    /** Files of most servers are always ready; a server that polls is told of by the members of its set. */
    @Override
    public boolean canAwait(Holding holding, Way way) {
        return false;
    }

    /** What was not answered when a fanotify group or userfaultfd is closed needs no answer. */
    @Override
    public KernelObject answered(WakeUp wakeUp, TrackedObject used) {
        SystemCall call = wakeUp.waker().call();
        if (used.kind() == ObjectKind.USERFAULT) {
            boolean fills = Terminals.isControl(call) && (wakeUp.waker().args[1] >> 8 & 0xff) == UFFDIO;
            return fills || call.hangsUp() ? used.object : null;
        }
        boolean asks = used.kind() == ObjectKind.FUSE && !FuseKeys.isServer(used.object.key());
        if (asks || !wakeUp.putsInto(used)) {
            return null;
        }
        KernelObject file = wakeUp.fileOr(used);
        return file == used.object && used.kind() == ObjectKind.FUSE && file.key() != 0 ? atPath(wakeUp, file) : file;
    }

    /** The file that the waiter's path leads to, where nobody has told it but the server has answered; else its mount. */
    private static KernelObject atPath(WakeUp wakeUp, KernelObject server) {
        ThreadEntry waiter = wakeUp.waiter();
        return waiter.path == null || !waiter.path.startsWith("/") ? server
                : wakeUp.machine().internOpened(new KernelObject(ObjectKind.FUSE, waiter.path,
                        FuseKeys.ofFile(server.key(), waiter.path)), waiter.enteredNs()).object;
    }

    @Override
    public Words words(ToldWait wait) {
        String in = wait.callName().isEmpty() ? " in a page fault" : " in " + wait.callName();
        if (wait.kind() == ObjectKind.USERFAULT) {
            return wait.named("for a page by", in);
        }
        if (wait.kind() == ObjectKind.FANOTIFY) {
            return wait.named("for leave to use", in);
        }
        return wait.callName().isEmpty() ? wait.named("for", in) : wait.byCall();
    }

    @Override
    public String one(ObjectKind kind) {
        return kind == ObjectKind.FUSE ? "a file of a FUSE mount" : kind == ObjectKind.FANOTIFY ? "a file" : "a userfaultfd";
    }

    @Override
    public String many(ObjectKind kind) {
        return kind == ObjectKind.FUSE ? "FUSE files" : kind == ObjectKind.FANOTIFY ? "files" : "userfaultfds";
    }
}
