package ktrace.diff;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import ktrace.analysis.Cause;
import ktrace.analysis.Explanation;
import ktrace.analysis.explain.Explainer;
import ktrace.analysis.explain.Explaining;
import ktrace.analysis.lengths.Durations;
import ktrace.event.EventSink;
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
        long newNs;
    }

    private final IntFunction<String> syscalls;
    private final Names names = new Names();
    private final Intervals<Names.Named> intervals = new Intervals<>(0, 1, new TraceCounters(), new Lengths());
    private final Explainer explainer;
    private final Explaining explaining;
    private final Map<Row, Measured> measured = new LinkedHashMap<>();
    private final Map<Row.Reason, Blamed> blamed = new LinkedHashMap<>();
    private Windows windows = new Windows(0);
    private int window;
    private long beginNs;
    private long nowNs;
    private long endNs;
    private long events;
    private long lost;

    /** @param syscalls what the numbers in the events stand for */
    public Measuring(SyscallTable syscalls) {
        this.syscalls = syscalls::name;
        explainer = new Explainer(syscalls);
        explaining = new Explaining(explainer, nothing -> { });
    }

    @Override
    public void onEvent(TraceEvent event) {
        long beforeNs = nowNs;
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
        int current = windows.at(nowNs);
        if (current != window) {
            // What has been explained until now belongs to the window that is over.
            blame(beforeNs);
            window = windows.at(nowNs);
        }
        intervals.onEvent(event);
        explaining.onEvent(event);
        names.hear(event);
    }

    private void blame(long atNs) {
        for (Explanation e : explainer.explanations()) {
            if (e.cause().delays() || e.cause() == Cause.OUTSIDE) {
                String who = e.own() ? e.waiter() == null ? "" : names.of(e.waiter()) : e.end() == null
                        ? e.waker() == null ? "" : e.waker().comm() : names.of(e.end().process());
                blamed.computeIfAbsent(new Row.Reason(who, e.cause(), e.own()), row -> new Blamed()).newNs += e.ns();
            }
        }
        for (Blamed sum : blamed.values()) {
            // Less than before only where entries were joined because there were too many.
            sum.told.add(atNs, Math.max(0, sum.newNs - sum.ns));
            sum.ns = sum.newNs;
            sum.newNs = 0;
        }
    }

    /** Takes what calls and waits took. */
    private final class Lengths implements IntervalSink<Names.Named> {
        @Override
        public Names.Named begins(ThreadId thread, long fromNs) {
            return names.begins(thread);
        }

        @Override
        public void ends(Names.Named process, long atNs) {
            names.ends(process);
        }

        @Override
        public void returned(Names.Named process, int syscall, long lengthNs, long result) {
            of(new Row.Call(process.name(), syscalls.apply(syscall))).add(lengthNs, nowNs);
        }

        @Override
        public void interval(Names.Named process, Interval wait) {
            ObjectKind.Reason reason = wait.kind().reason();
            boolean isOver = wait.end() == Interval.End.WOKEN || wait.end() == Interval.End.UNSEEN;
            if (wait.state().blocked() && isOver && !wait.provisional()
                    && (reason == ObjectKind.Reason.IPC || reason == ObjectKind.Reason.DISK)) {
                String syscall = wait.syscall() == Interval.NO_SYSCALL ? "" : syscalls.apply(wait.syscall());
                String object = wait.object() == null ? "" : lasting(wait.kind(), wait.object().name());
                of(new Row.Wait(process.name(), wait.kind(), syscall, object, wait.waker() == null ? "" : wait.waker().comm()))
                        .add(wait.lengthNs(), nowNs);
            }
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
        blame(endNs - 1);
        Map<Row, Figures> rows = new HashMap<>();
        measured.forEach((row, m) -> rows.put(row, m.figures()));
        blamed.forEach((row, b) -> rows.put(row,
                new Figures(0, b.ns, 0, 0, 0, Steps.NONE, b.told.rates(endNs))));
        return new Run(name, endNs - beginNs, events, lost, true, rows);
    }
}
