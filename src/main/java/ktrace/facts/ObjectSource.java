package ktrace.facts;

import java.util.List;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;

/**
 * What the tracker cannot learn from events and asks for when it needs it. Together with the events, the answers are all that the
 * tracker depends on: a trace that carries both gives the same stamps again ({@link RecordingSource}, {@link RecordedSource}).
 *
 * <p>Called on the tracker's thread only. No method blocks for long or throws for what it finds: what is gone, forbidden or over
 * the budget is null or an empty list.
 */
public interface ObjectSource {
    /** What descriptor {@code fd} of process {@code tgid} refers to now; null when it is not open or cannot be read. */
    FdSnapshot fd(int tgid, int fd);

    /** All descriptors of a process as they are now, as far as they can be read. */
    List<FdSnapshot> fds(int tgid);

    /**
     * Processes that hold {@code object}, looked for among all of the machine, for an other end that nobody observed holds.
     * Expensive: an implementation may answer from a list that is up to seconds old.
     */
    List<FdSnapshot> holders(KernelObject object);

    /** The process of thread {@code tid}, which need not be its leader; null when it is gone. */
    ProcessSnapshot process(int tid);

    /** The mapping of process {@code tgid} that {@code address} lies in; null when there is none or it cannot be read. */
    MappingSnapshot mapping(int tgid, long address);

    /**
     * What a thread of process {@code tgid} that is in open(2) is about to open: the path lies in its memory.
     *
     * @param dirFd the directory that a relative path begins at, or -100 (AT_FDCWD) for the current one
     */
    KernelObject opening(int tgid, int dirFd, long pathAddress);

    /** The System V queue ({@link ObjectKind#SYSVMSG}) or semaphore set with this id, named with its key; null when it is gone. */
    KernelObject sysvIpc(ObjectKind kind, int id);

    /** Knows nothing: for traces without answers, and for tests. */
    static ObjectSource nothing() {
        return NoSource.INSTANCE;
    }
}
