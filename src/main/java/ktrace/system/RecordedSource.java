package ktrace.system;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.system.Discovery.Question;

/**
 * Gives the answers of a recorded session again. The tracker is a function of its events, so it asks the same questions in the
 * same order. Where it does not, because the trace lacks something, the rest of the answers stays unused and everything asked
 * from then on is unknown: an answer to another question would be a lie.
 */
public final class RecordedSource implements ObjectSource {
    private final Iterator<Discovery> discoveries;
    private boolean inStep = true;

    public RecordedSource(Iterator<Discovery> discoveries) {
        this.discoveries = discoveries;
    }

    /** False as soon as a question did not match the recording. */
    public boolean inStep() {
        return inStep;
    }

    @Override
    public FdSnapshot fd(int tgid, int fd) {
        return next(Question.FD, tgid, fd) instanceof FdSnapshot snapshot ? snapshot : null;
    }

    @Override
    public List<FdSnapshot> fds(int tgid) {
        return snapshots(next(Question.FDS, tgid, 0));
    }

    @Override
    public List<FdSnapshot> holders(KernelObject object) {
        return snapshots(next(Question.HOLDERS, object.kind().ordinal(), object.key()));
    }

    @Override
    public ProcessSnapshot process(int tid) {
        return next(Question.PROCESS, tid, 0) instanceof ProcessSnapshot snapshot ? snapshot : null;
    }

    @Override
    public MappingSnapshot mapping(int tgid, long address) {
        return next(Question.MAPPING, tgid, address) instanceof MappingSnapshot snapshot ? snapshot : null;
    }

    @Override
    public KernelObject opening(int tgid, int dirFd, long pathAddress) {
        return next(Question.OPENING, tgid, pathAddress) instanceof KernelObject object ? object : null;
    }

    @Override
    public KernelObject sysvIpc(ObjectKind kind, int id) {
        return next(Question.SYSV_IPC, id, kind.ordinal()) instanceof KernelObject object ? object : null;
    }

    private Object next(Question question, int number, long detail) {
        if (!inStep) {
            return null;
        }
        try {
            Discovery discovery = discoveries.next();
            inStep = discovery.answers(question, number, detail);
            return inStep ? discovery.answer() : null;
        } catch (NoSuchElementException endOfRecording) {
            inStep = false;
            return null;
        }
    }

    private static List<FdSnapshot> snapshots(Object answer) {
        return answer instanceof List<?> list
                ? list.stream().filter(FdSnapshot.class::isInstance).map(FdSnapshot.class::cast).toList()
                : List.of();
    }
}
