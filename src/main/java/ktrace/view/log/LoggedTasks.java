package ktrace.view.log;

import ktrace.event.ProcessSnapshot;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.IntHashSet;

/** What tasks are called behind their numbers in calls. One thread. */
final class LoggedTasks {
    /** include/uapi/linux/sched.h. */
    private static final long CLONE_NEWPID = 0x2000_0000L;

    private final Int2ObjectHashMap<LoggedThread> threads;
    /** Processes in a pid namespace of their own: the numbers in their calls are others than those of the log. */
    private final IntHashSet apart = new IntHashSet();

    LoggedTasks(Int2ObjectHashMap<LoggedThread> threads) {
        this.threads = threads;
    }

    void found(ProcessSnapshot process) {
        if (process.inNamespace()) {
            apart.add(process.tgid());
        }
    }

    void born(int parent, int child, long cloneFlags) {
        if (parent != child && ((cloneFlags & CLONE_NEWPID) != 0 || apart.contains(parent))) {
            apart.add(child);
        }
    }

    void gone(int tgid) {
        apart.remove(tgid);
    }

    /** Null when it is not known. */
    String name(LoggedThread caller, int number) {
        LoggedThread task = apart.contains(caller.tgid) ? null : threads.get(number);
        return task == null || task.comm.isEmpty() ? null : task.comm;
    }
}
