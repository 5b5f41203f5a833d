package ktrace.facts;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.facts.Discovery.Question;

/**
 * Gives the answers of a recorded session again. The tracker is a function of its events, so of a whole trace it asks the same
 * questions in the same order. Of one that lacks its begin, as a flight recording does, it knows less and asks more: then the
 * answer is looked for a little ahead, and where there is none to this very question, it is unknown. An answer to another question
 * would be a lie.
 */
public final class RecordedSource implements ObjectSource {
    /** How many questions of the recording may be passed over because nobody asks them this time. */
    private static final int AHEAD = 64;

    private final Iterator<Discovery> discoveries;
    private final TraceCounters counters;
    private final ArrayDeque<Discovery> ahead = new ArrayDeque<>(AHEAD);
    private int missed;

    /** @param counters of the tracker's stage: questions without an answer are counted there */
    public RecordedSource(Iterator<Discovery> discoveries, TraceCounters counters) {
        this.discoveries = discoveries;
        this.counters = counters;
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
        int passedOver = 0;
        for (Discovery discovery : ahead) {
            if (discovery.answers(question, number, detail)) {
                return take(passedOver);
            }
            passedOver++;
        }
        while (passedOver < AHEAD && discoveries.hasNext()) {
            Discovery discovery = discoveries.next();
            ahead.add(discovery);
            if (discovery.answers(question, number, detail)) {
                return take(passedOver);
            }
            passedOver++;
        }
        missed++;
        if (missed > AHEAD && !ahead.isEmpty()) {
            // Nobody has asked the eldest for long: it must not stand in the way for ever.
            ahead.remove();
        }
        counters.increment(TraceCounter.UNANSWERED);
        return null;
    }

    private Object take(int passedOver) {
        missed = 0;
        for (int i = 0; i < passedOver; i++) {
            ahead.remove();
        }
        return ahead.remove().answer();
    }

    private static List<FdSnapshot> snapshots(Object answer) {
        return answer instanceof List<?> list
                ? list.stream().filter(FdSnapshot.class::isInstance).map(FdSnapshot.class::cast).toList()
                : List.of();
    }
}
