package ktrace.analysis.shard;

import java.util.function.Consumer;
import java.util.function.IntFunction;
import ktrace.analysis.ExplainedSoFar;
import ktrace.analysis.ShardSnapshot;
import ktrace.analysis.calls.Names;
import ktrace.analysis.explain.Explainer;
import ktrace.event.EventSink;
import ktrace.event.EventType;
import ktrace.event.Fact;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;
import ktrace.intervals.Intervals;

/**
 * Stage 2 of the pipeline: the aggregates of all processes.
 *
 * <p>All of it is written by the one thread that calls {@link #onEvent}, and that thread also makes the snapshots. An event
 * allocates nothing unless it brings a new thread, process, system call or kind of wait, or a longer time than any before.
 *
 * <p>An event adds to the sums of the current window; at INTERVAL and END these are added to those of the whole trace. Nothing else
 * happens at an interval, so the last document does not depend on where the intervals ended: what a wait or a call adds is cut at
 * the boundaries and put together again, and nothing once reported is taken back.
 */
public final class ProcessShard implements EventSink {
    private final TraceCounters counters;
    private final Consumer<ShardSnapshot> snapshots;
    private final Population population;
    private final Intervals<ObservedThread> intervals;
    private final Names names;
    private final Cheaper cheaper = new Cheaper();
    /** Null: nothing is explained. */
    private final Explainer explainer;

    /**
     * @param syscalls the name of a system call
     * @param errnos the name of an error number
     * @param counters of this stage
     * @param snapshots is handed one snapshot for each INTERVAL, and one for END, on the thread that calls {@link #onEvent}
     */
    public ProcessShard(IntFunction<String> syscalls, IntFunction<String> errnos, TraceCounters counters,
            Consumer<ShardSnapshot> snapshots) {
        this(syscalls, errnos, counters, snapshots, Limits.DEFAULT, null);
    }

    /** One that explains their time, too. */
    public ProcessShard(IntFunction<String> syscalls, IntFunction<String> errnos, TraceCounters counters,
            Consumer<ShardSnapshot> snapshots, Explainer explainer) {
        this(syscalls, errnos, counters, snapshots, Limits.DEFAULT, explainer);
    }

    ProcessShard(IntFunction<String> syscalls, IntFunction<String> errnos, TraceCounters counters,
            Consumer<ShardSnapshot> snapshots, Limits limits) {
        this(syscalls, errnos, counters, snapshots, limits, null);
    }

    ProcessShard(IntFunction<String> syscalls, IntFunction<String> errnos, TraceCounters counters,
            Consumer<ShardSnapshot> snapshots, Limits limits, Explainer explainer) {
        this.counters = counters;
        this.snapshots = snapshots;
        names = new Names(syscalls, errnos);
        population = new Population(limits, counters);
        intervals = new Intervals<>(counters, new Sums(population, explainer));
        this.explainer = explainer;
    }

    @Override
    public void onEvent(TraceEvent event) {
        EventType type = event.type;
        // These come most often: all that they bring is in the intervals.
        boolean frequent = type == EventType.SYS_ENTER || type == EventType.SYS_EXIT || type == EventType.SCHED_WAKING;
        if (!frequent && explainer != null) {
            explainer.sees(event);
        }
        intervals.onEvent(event);
        if (!frequent) {
            if (explainer != null) {
                explainer.seen();
            }
            describe(event);
        }
    }

    private void describe(TraceEvent event) {
        switch (event.type) {
            case SCHED_SWITCH -> {
                if (event.comm0 != 0) {
                    rename(intervals.of(event.otherThread), event);
                }
                nameIfNone(intervals.of(event.thread), event.arg0, event.arg1);
            }
            case SCHED_PROCESS_EXIT -> nameIfNone(intervals.of(event.thread), event.comm0, event.comm1);
            case SCHED_MIGRATE_TASK -> migrated(intervals.of(event.thread));
            case TASK_NEWTASK -> rename(intervals.of(event.thread), event);
            case TASK_RENAME -> {
                ObservedThread thread = intervals.of(event.thread);
                if (thread != null) {
                    rename(thread, event);
                    thread.renamedNs = event.timeNs;
                }
            }
            case SCHED_PROCESS_EXEC -> execed(intervals.of(event.thread), event);
            case PROCESS_STATE -> {
                if (event.payload instanceof ProcessSnapshot snapshot) {
                    population.describe(event.thread == null ? null : event.thread.process(), snapshot);
                }
            }
            case THREAD_STATE -> {
                ObservedThread thread = intervals.of(event.thread);
                if (thread != null && event.payload instanceof ThreadSnapshot snapshot) {
                    thread.rename(snapshot.comm());
                }
            }
            case FACT -> {
                if (event.payload instanceof Fact.OfCollector fact) {
                    cheaper.told(fact, event.timeNs);
                }
            }
            case INTERVAL -> windowEnds(event, false);
            case END -> windowEnds(event, true);
            default -> { }
        }
    }

    private static void rename(ObservedThread thread, TraceEvent event) {
        if (thread != null) {
            thread.rename(event.comm0, event.comm1);
        }
    }

    /** One that came while it was attached to, and that no event has named yet. */
    private static void nameIfNone(ObservedThread thread, long comm0, long comm1) {
        if (thread != null && comm0 != 0 && thread.comm().isEmpty()) {
            thread.rename(comm0, comm1);
        }
    }

    private static void migrated(ObservedThread thread) {
        if (thread != null) {
            thread.states.window.migrations++;
        }
    }

    private void execed(ObservedThread thread, TraceEvent event) {
        if (thread == null) {
            return;
        }
        String file = event.payload instanceof String f ? f : "";
        thread.process.execed(file);
        // The kernel renames before it reports the exec; only where that is not traced, the file's name has to do.
        boolean renamed = event.enteredNs != TraceEvent.UNKNOWN_NS && thread.renamedNs >= event.enteredNs;
        if (!renamed && !file.isEmpty()) {
            thread.rename(file.substring(file.lastIndexOf('/') + 1));
        }
    }

    private void windowEnds(TraceEvent event, boolean last) {
        WindowFacts facts = event.payload instanceof WindowFacts f ? f : null;
        int window = population.window();
        ShardReport report = new ShardReport(population, names);
        report.make();
        ExplainedSoFar explained = explainer == null ? null
                : new ExplainedSoFar(explainer.explanations(), explainer.graph(), explainer.stuck(), explainer.computing());
        snapshots.accept(new ShardSnapshot(window, event.timeNs, last, facts, counters.nonZero(), report.window(), report.soFar(),
                explained, cheaper.ofWindow(event.timeNs), cheaper.soFar()));
    }
}
