package ktrace.analysis.shard;

import ktrace.analysis.ThreadSummary;
import ktrace.analysis.explain.Past;
import ktrace.analysis.waits.ProcessWaits;
import ktrace.event.Comm;
import ktrace.event.ThreadId;

/** All that is summed up of one thread. Written by the thread that aggregates; nothing is allocated per event. */
final class ObservedThread {
    final ThreadId id;
    final ObservedProcess process;
    final ThreadStates states = new ThreadStates();
    /** Its place among the live threads of its process, or -1 when it has ended. */
    int place = -1;
    /** The number of the window that it ended in. */
    int endWindow = -1;
    /** When its name was last set by an event that says so. */
    long renamedNs = Long.MIN_VALUE;
    final ProcessWaits.LastWait lastWait = new ProcessWaits.LastWait();
    /** What explains its time; null where that is not asked for here. */
    Past past;
    /** What the call that it is in returns may tell what explains its time something. */
    boolean tells;
    private long comm0;
    private long comm1;
    private String comm = "";

    ObservedThread(ThreadId id, ObservedProcess process) {
        this.id = id;
        this.process = process;
    }

    String comm() {
        return comm;
    }

    /** Allocates, when the name is another than before. */
    void rename(long newComm0, long newComm1) {
        if (newComm0 != comm0 || newComm1 != comm1) {
            rename(Comm.text(newComm0, newComm1));
            comm0 = newComm0;
            comm1 = newComm1;
        }
    }

    void rename(String text) {
        comm = text;
        comm0 = Comm.pack(text, 0);
        comm1 = Comm.pack(text, 8);
        if (isLeader()) {
            process.rename(text);
        }
    }

    boolean isLeader() {
        return id.tid() == process.id.tgid();
    }

    ThreadSummary windowSummary() {
        return new ThreadSummary(id.tid(), comm, states.window.times());
    }

    ThreadSummary totalSummary() {
        return new ThreadSummary(id.tid(), comm, states.total().times());
    }
}
