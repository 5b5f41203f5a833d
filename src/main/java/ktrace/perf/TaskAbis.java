package ktrace.perf;

import ktrace.event.TraceEvent;
import ktrace.linux.Abi;
import ktrace.linux.NativeNumbers;
import ktrace.linux.ProgramAbi;
import ktrace.linux.files.FileReads;
import org.agrona.collections.IntHashSet;

/**
 * Which tasks run programs for i386: their calls carry numbers of another table, and nothing in the tracepoint says so. They are
 * given native numbers. Of {@code int 0x80} in a program for x86-64 not even this can be known.
 *
 * <p>Events must come in the order of time. The poller's thread, after those that attach; allocates nothing unless a task is new.
 */
final class TaskAbis {
    /** Set in the numbers of x32, which has most calls in common with x86-64. */
    private static final long X32 = 0x4000_0000;

    private final IntHashSet i386 = new IntHashSet();
    /** Exec has made another program of them, and has not returned. */
    private final IntHashSet execed = new IntHashSet();
    /** Made with the first of them. */
    private NativeNumbers numbers;

    /** Threads of a process that was there before. */
    void found(int tgid, int... tids) {
        boolean is = ProgramAbi.isI386(new FileReads().read("/proc/" + tgid + "/auxv"));
        for (int tid : tids) {
            set(tid, is);
        }
    }

    private void set(int tid, boolean is) {
        if (is) {
            numbers = numbers == null ? new NativeNumbers() : numbers;
            i386.add(tid);
        } else {
            i386.remove(tid);
        }
    }

    void pass(TraceEvent event) {
        switch (event.type) {
            case SYS_ENTER -> translate(event);
            case SYS_EXIT -> {
                if (!execed.isEmpty() && execed.remove(event.tid)) {
                    set(event.tid, ProgramAbi.isI386(event.number));
                }
                translate(event);
            }
            case TASK_NEWTASK -> set(event.otherTid, i386.contains(event.tid));
            case SCHED_PROCESS_EXEC -> {
                execed.add(event.tid);
                if (event.otherTid != event.tid) {
                    i386.remove(event.otherTid);
                }
            }
            case SCHED_PROCESS_EXIT -> {
                i386.remove(event.tid);
                execed.remove(event.tid);
            }
            default -> { }
        }
    }

    private void translate(TraceEvent event) {
        // The exit of rt_sigreturn(2) has none.
        if (!i386.isEmpty() && event.number >= 0 && (event.number & X32) == 0 && i386.contains(event.tid)) {
            event.number = numbers.of(Abi.I386, event.number);
        }
    }
}
