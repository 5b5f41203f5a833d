package ktrace.facts;

import java.util.List;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;

/** Answers every question with "not known"; a subclass knows something. */
public class NoSource implements ObjectSource {
    public static final NoSource INSTANCE = new NoSource();

    @Override
    public FdSnapshot fd(int tgid, int fd) {
        return null;
    }

    @Override
    public List<FdSnapshot> fds(int tgid) {
        return List.of();
    }

    @Override
    public List<FdSnapshot> holders(List<KernelObject> objects) {
        return List.of();
    }

    @Override
    public ProcessSnapshot process(int tid) {
        return null;
    }

    @Override
    public MappingSnapshot mapping(int tgid, long address) {
        return null;
    }

    @Override
    public KernelObject opening(int tgid, int dirFd, long pathAddress) {
        return null;
    }

    @Override
    public KernelObject sysvIpc(ObjectKind kind, int id) {
        return null;
    }

    @Override
    public Sleeper sleeper(int tgid, int tid) {
        return null;
    }
}
