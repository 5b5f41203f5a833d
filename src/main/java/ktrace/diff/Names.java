package ktrace.diff;

import java.util.HashMap;
import java.util.Map;
import ktrace.event.Comm;
import ktrace.event.ProcessId;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadId;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceEvent;
import ktrace.linux.PrevState;

/** What processes are called: as their first threads are. Of those that have ended only so many are remembered. */
final class Names {
    private static final int MOST = 65_536;

    /** One process, while it lives and for a while after. */
    static final class Named {
        private String name = "";
        private long comm0;
        private long comm1;
        private int threads;

        String name() {
            return name;
        }
    }

    private final Map<ProcessId, Named> processes = new HashMap<>();
    /** Told before any thread of theirs was. */
    private final Map<Integer, String> unmet = new HashMap<>();

    Named begins(ThreadId thread) {
        if (processes.size() > MOST) {
            processes.values().removeIf(named -> named.threads == 0);
        }
        Named named = processes.computeIfAbsent(thread.process(), this::meet);
        named.threads++;
        return named;
    }

    private Named meet(ProcessId process) {
        Named named = new Named();
        String told = unmet.remove(process.tgid());
        named.name = told == null ? "" : told;
        return named;
    }

    void ends(Named named) {
        named.threads--;
    }

    /** Empty when it is not known. */
    String of(ProcessId process) {
        Named named = processes.get(process);
        return named == null ? "" : named.name;
    }

    /** Takes the name that an event tells. Allocates when it is another than before. */
    void hear(TraceEvent event) {
        switch (event.type) {
            case SCHED_SWITCH -> {
                if ((event.number & PrevState.DEAD) == 0) {
                    rename(event.thread, event.arg0, event.arg1);
                }
                rename(event.otherThread, event.comm0, event.comm1);
            }
            case TASK_NEWTASK, TASK_RENAME, SCHED_WAKING, SCHED_PROCESS_EXIT -> rename(event.thread, event.comm0, event.comm1);
            case THREAD_STATE -> {
                if (event.payload instanceof ThreadSnapshot snapshot && isLeader(event.thread)) {
                    rename(processes.get(event.thread.process()), snapshot.comm());
                }
            }
            case PROCESS_STATE -> {
                if (event.payload instanceof ProcessSnapshot snapshot) {
                    describe(event.thread, snapshot);
                }
            }
            default -> { }
        }
    }

    private void describe(ThreadId leader, ProcessSnapshot snapshot) {
        Named named = leader == null ? null : processes.get(leader.process());
        if (named != null) {
            rename(named, snapshot.comm());
        } else if (unmet.size() < MOST) {
            unmet.put(snapshot.tgid(), snapshot.comm());
        }
    }

    private static boolean isLeader(ThreadId thread) {
        return thread != null && thread.tid() == thread.process().tgid();
    }

    private void rename(ThreadId thread, long comm0, long comm1) {
        Named named = comm0 == 0 || !isLeader(thread) ? null : processes.get(thread.process());
        if (named != null && (comm0 != named.comm0 || comm1 != named.comm1)) {
            named.name = Comm.text(comm0, comm1);
            named.comm0 = comm0;
            named.comm1 = comm1;
        }
    }

    private static void rename(Named named, String name) {
        if (named != null) {
            named.name = name;
            named.comm0 = 0;
        }
    }
}
