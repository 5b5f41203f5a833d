package ktrace.diff;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import ktrace.analysis.Cause;
import ktrace.analysis.explain.Explainer;
import ktrace.analysis.explain.OwnDoing;
import ktrace.analysis.explain.Past;
import ktrace.analysis.lengths.Durations;
import ktrace.analysis.waits.Reasons;
import ktrace.event.EventSink;
import ktrace.event.EventType;
import ktrace.event.ObjectKind;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;
import ktrace.intervals.Interval;
import ktrace.intervals.IntervalSink;
import ktrace.intervals.Intervals;
import ktrace.linux.SyscallTable;
import ktrace.story.ObjectName;

/**
 * Measures a trace while it is replayed: the durations of calls and of waits, and how much time ended on whom and why. One thread.
 * Holds a bounded number of rows, each of a bounded size.
 */
public final class Measuring implements EventSink {
    private static final int MOST_ROWS = 4096;

    /** Of one call, or of one kind of wait. */
    private final class Measured {
        final Durations durations = new Durations();
        final Batches batches = new Batches();
        final Windows.Sums ended = windows.new Sums();

        void add(long lengthNs, long nowNs) {
            durations.record(lengthNs);
            batches.add(lengthNs);
            ended.add(nowNs, 1);
        }

        Figures figures() {
            var sums = durations.sums();
            return new Figures(sums.count(), sums.totalNs(), sums.percentileNs(50), sums.percentileNs(99), sums.maxNs(),
                    batches.means(), ended.rates(endNs));
        }
    }

    /** How much time ended so. */
    private final class Blamed {
        final Windows.Sums told = windows.new Sums();
        long ns;
    }

    private record Traced(Names.Named process, Past past) {
    }

    private final SyscallTable syscalls;
    private final Names names = new Names();
    private final Explainer explainer;
    private final Intervals<Traced> intervals = new Intervals<>(new TraceCounters(), new Taking());
    private final Map<Row, Measured> measured = new LinkedHashMap<>();
    private final Map<Row.Reason, Blamed> blamed = new LinkedHashMap<>();
    private Windows windows = new Windows(0);
    private long beginNs;
    private long nowNs;
    private long endNs;
    private long events;
    private long lost;

    /** @param syscalls what the numbers in the events stand for */
    public Measuring(SyscallTable syscalls) {
        this.syscalls = syscalls;
        explainer = new Explainer(syscalls);
    }

    @Override
    public void onEvent(TraceEvent event) {
        nowNs = event.timeNs;
        switch (event.type) {
            case START -> {
                beginNs = event.timeNs;
                windows = new Windows(beginNs);
            }
            case END -> {
                endNs = event.timeNs;
                if (event.payload instanceof WindowFacts facts) {
                    events = facts.events();
                    lost = facts.lost();
                }
            }
            default -> { }
        }
        boolean isCall = event.type == EventType.SYS_ENTER || event.type == EventType.SYS_EXIT;
        if (!isCall && event.type != EventType.SCHED_WAKING) {
            explainer.sees(event);
        }
        intervals.onEvent(event);
        explainer.seen();
        if (!isCall) {
            names.hear(event);
        }
    }

    /** Takes what calls, waits and everything else took. */
    private final class Taking implements IntervalSink<Traced> {
        @Override
        public Traced begins(ThreadId thread, long fromNs) {
            return new Traced(names.begins(thread), explainer.begins(thread, fromNs));
        }

        @Override
        public void ends(Traced thread, long atNs) {
            explainer.ends(thread.past, atNs);
            names.ends(thread.process);
        }

        @Override
        public void entered(Traced thread, TraceEvent enter) {
            explainer.enters(thread.past, enter);
        }

        @Override
        public void returned(Traced thread, int syscall, long lengthNs, long result) {
            explainer.returned(thread.past, syscall, lengthNs, result);
            of(new Row.Call(thread.process.name(), syscalls.name(syscall))).add(lengthNs, nowNs);
        }

        @Override
        public void interval(Traced thread, Interval interval) {
            explainer.interval(thread.past, interval);
            if (interval.provisional()) {
                return;
            }
            Cause own = OwnDoing.in(interval.state());
            if (own != null) {
                blame(new Row.Reason(thread.process.name(), own, true), interval, interval.lengthNs());
            } else {
                Reasons reasons = explainer.reasons();
                for (int i = 0; i < reasons.size(); i++) {
                    String who = reasons.end(i) instanceof ThreadId end ? names.of(end.process())
                            : reasons.waker(i) == null ? "" : reasons.waker(i).comm();
                    blame(new Row.Reason(who, reasons.cause(i), false), interval, reasons.ns(i));
                }
            }
            if (interval.state().blocked()) {
                waited(thread.process, interval);
            }
        }
    }

    private void blame(Row.Reason row, Interval interval, long ns) {
        if (row.cause().delays() || row.cause() == Cause.OUTSIDE) {
            Row.Reason kept = blamed.size() < MOST_ROWS || blamed.containsKey(row) ? row
                    : new Row.Reason(Row.OTHERS, row.cause(), row.own());
            Blamed sum = blamed.computeIfAbsent(kept, r -> new Blamed());
            sum.ns += ns;
            sum.told.spread(interval.fromNs(), interval.toNs(), ns);
        }
    }

    private void waited(Names.Named process, Interval wait) {
        boolean isOver = wait.end() == Interval.End.WOKEN || wait.end() == Interval.End.UNSEEN;
        if (isOver && (wait.kind().ipc() || wait.kind().reason() == ObjectKind.Reason.DISK)) {
            String syscall = wait.syscall() == Interval.NO_SYSCALL ? "" : syscalls.name(wait.syscall());
            String object = wait.object() == null ? "" : lasting(wait.kind(), wait.object().name());
            of(new Row.Wait(process.name(), wait.kind(), syscall, object, wait.waker() == null ? "" : wait.waker().comm()))
                    .add(wait.lengthNs(), nowNs);
        }
    }

    /** The name of an object, or the end of a connection that is listened at, where another run has the same. */
    static String lasting(ObjectKind kind, String object) {
        if (kind == ObjectKind.FIFO || kind == ObjectKind.FILELOCK || kind == ObjectKind.MQUEUE) {
            return object;
        }
        String end = ObjectName.listening(object);
        return end == null ? "" : end;
    }

    private Measured of(Row row) {
        Measured known = measured.get(row);
        if (known != null) {
            return known;
        }
        return measured.computeIfAbsent(measured.size() < MOST_ROWS ? row : switch (row) {
            case Row.Call _ -> new Row.Call(Row.OTHERS, Row.OTHERS);
            default -> new Row.Wait(Row.OTHERS, ObjectKind.OTHER, "", "", "");
        }, r -> new Measured());
    }

    /** All of it, after the END; {@code name} says where the trace was read from. */
    public Run run(String name) {
        Map<Row, Figures> rows = new HashMap<>();
        measured.forEach((row, m) -> rows.put(row, m.figures()));
        blamed.forEach((row, b) -> rows.put(row,
                new Figures(0, b.ns, 0, 0, 0, Steps.NONE, b.told.rates(endNs))));
        return new Run(name, endNs - beginNs, events, lost, true, rows);
    }
}
