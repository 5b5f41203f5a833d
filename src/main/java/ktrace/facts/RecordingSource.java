package ktrace.facts;

import java.util.List;
import java.util.function.Consumer;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.facts.Discovery.Question;

/** Passes questions on to another source, and hands each {@link Discovery} to a listener, in the order of asking. */
public final class RecordingSource implements ObjectSource {
    private final ObjectSource source;
    private final Consumer<Object> listener;

    public RecordingSource(ObjectSource source, Consumer<Object> listener) {
        this.source = source;
        this.listener = listener;
    }

    @Override
    public FdSnapshot fd(int tgid, int fd) {
        return noted(Question.FD, tgid, fd, source.fd(tgid, fd));
    }

    @Override
    public List<FdSnapshot> fds(int tgid) {
        return noted(Question.FDS, tgid, 0, source.fds(tgid));
    }

    @Override
    public List<FdSnapshot> holders(KernelObject object) {
        return noted(Question.HOLDERS, object.kind().ordinal(), object.key(), source.holders(object));
    }

    @Override
    public ProcessSnapshot process(int tid) {
        return noted(Question.PROCESS, tid, 0, source.process(tid));
    }

    @Override
    public MappingSnapshot mapping(int tgid, long address) {
        return noted(Question.MAPPING, tgid, address, source.mapping(tgid, address));
    }

    @Override
    public KernelObject opening(int tgid, int dirFd, long pathAddress) {
        return noted(Question.OPENING, tgid, pathAddress, source.opening(tgid, dirFd, pathAddress));
    }

    @Override
    public KernelObject sysvIpc(ObjectKind kind, int id) {
        return noted(Question.SYSV_IPC, id, kind.ordinal(), source.sysvIpc(kind, id));
    }

    private <T> T noted(Question question, int number, long detail, T answer) {
        listener.accept(new Discovery(question, number, detail, answer));
        return answer;
    }
}
