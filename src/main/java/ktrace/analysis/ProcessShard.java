package ktrace.analysis;

import java.util.function.Consumer;
import java.util.function.IntFunction;
import ktrace.event.EventSink;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadId;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;

/**
 * Stage 2 of the pipeline: the aggregates of those processes whose {@link ktrace.event.ProcessId#index} leaves the remainder
 * {@code shard} when divided by {@code shards}. Every shard sees every event and takes its own.
 *
 * <p>All of it is written by the one thread that calls {@link #onEvent}, and that thread also makes the snapshots. An event
 * allocates nothing unless it brings a new thread, process, system call or kind of wait, or a longer time than any before.
 *
 * <p>An event adds to the sums of the current window; at INTERVAL and END these are added to those of the whole trace. Nothing else
 * happens at an interval, so the last document does not depend on where the intervals ended: what a wait or a call adds is cut at
 * the boundaries and put together again, and nothing once reported is taken back.
 */
public final class ProcessShard implements EventSink {
    private final int shard;
    private final int shards;
    private final TraceCounters counters;
    private final Consumer<ShardSnapshot> snapshots;
    private final BlockReason reasons;
    private final WaitEnds waits;
    private final Scheduling scheduling;
    private final CallPairing calls;
    private final Population population;
    private final Names names;
    /** Without scheduler events (ptrace) a thread at work is not known to run until it stops doing so: it stays unknown. */
    private boolean schedulerSeen;
    /** START said that no scheduler events will come. */
    private boolean noScheduler;
    private final CallWaits callWaits;

    /**
     * @param syscalls the name of a system call
     * @param errnos the name of an error number
     * @param counters this shard's own
     * @param snapshots is handed one snapshot for each INTERVAL, and one for END, on the shard's thread
     */
    public ProcessShard(int shard, int shards, IntFunction<String> syscalls, IntFunction<String> errnos,
            TraceCounters counters, Consumer<ShardSnapshot> snapshots) {
        this(shard, shards, syscalls, errnos, counters, snapshots, Limits.DEFAULT);
    }

    ProcessShard(int shard, int shards, IntFunction<String> syscalls, IntFunction<String> errnos, TraceCounters counters,
            Consumer<ShardSnapshot> snapshots, Limits limits) {
        this(shard, shards, syscalls, errnos, counters, snapshots, limits, null);
    }

    /** All processes in one shard, for who wants to know of each wait and not of their sums. */
    public static ProcessShard ofWaits(IntFunction<String> syscalls, IntFunction<String> errnos, TraceCounters counters,
            WaitListener listener) {
        return new ProcessShard(0, 1, syscalls, errnos, counters, snapshot -> { }, Limits.DEFAULT, listener);
    }

    private ProcessShard(int shard, int shards, IntFunction<String> syscalls, IntFunction<String> errnos, TraceCounters counters,
            Consumer<ShardSnapshot> snapshots, Limits limits, WaitListener listener) {
        this.shard = shard;
        this.shards = shards;
        this.counters = counters;
        this.snapshots = snapshots;
        names = new Names(syscalls, errnos);
        reasons = new BlockReason(syscalls);
        waits = new WaitEnds(counters, listener);
        scheduling = new Scheduling(reasons, waits, counters);
        callWaits = new CallWaits(reasons, waits, syscalls);
        calls = new CallPairing(reasons, counters);
        population = new Population(limits, counters, scheduling, waits);
    }

    @Override
    public void onEvent(TraceEvent event) {
        switch (event.type) {
            case SYS_ENTER -> enter(event);
            case SYS_EXIT -> exit(event);
            case SCHED_SWITCH -> switched(event);
            case SCHED_WAKING -> {
                schedulerSeen = true;
                ObservedThread thread = thread(event.thread, event);
                if (thread != null) {
                    scheduling.woken(thread, event);
                }
            }
            case SCHED_WAKEUP_NEW -> {
                schedulerSeen = true;
                ObservedThread thread = thread(event.thread, event);
                if (thread != null) {
                    scheduling.born(thread, event.timeNs);
                }
            }
            case SCHED_MIGRATE_TASK -> {
                schedulerSeen = true;
                ObservedThread thread = thread(event.thread, event);
                if (thread != null) {
                    scheduling.migrated(thread, event.timeNs);
                }
            }
            case TASK_NEWTASK -> newTask(event);
            case TASK_RENAME -> {
                ObservedThread thread = thread(event.thread, event);
                if (thread != null) {
                    thread.rename(event.comm0, event.comm1);
                    thread.renamedNs = event.timeNs;
                }
            }
            case SCHED_PROCESS_EXEC -> exec(event);
            case SCHED_PROCESS_EXIT -> {
                ObservedThread thread = thread(event.thread, event);
                if (thread != null) {
                    if (schedulerSeen) {
                        scheduling.runs(thread, event.timeNs);
                    }
                    population.end(thread, event.timeNs);
                }
            }
            case EVENTS_LOST -> population.doubtAll(event.timeNs, calls);
            case PROCESS_STATE -> processState(event);
            case THREAD_STATE -> threadState(event);
            case START -> noScheduler = event.number == 1;
            case SIGNAL_DELIVER, FD_STATE, FACT -> { }
            case INTERVAL -> mark(event, false);
            case END -> mark(event, true);
        }
    }

    private void enter(TraceEvent event) {
        ObservedThread thread = thread(event.thread, event);
        if (thread == null) {
            othersWork(event);
            return;
        }
        works(thread, event);
        if (thread.guess != null && thread.guess.pending && event.object != null) {
            waits.calls(thread, event.object, event.confirmed, event.timeNs);
        }
        calls.enter(thread, event);
        if (noScheduler) {
            callWaits.enter(thread, event.timeNs);
        }
    }

    private void exit(TraceEvent event) {
        ObservedThread thread = thread(event.thread, event);
        if (thread != null) {
            works(thread, event);
            if (noScheduler) {
                callWaits.exit(thread, event);
            }
            calls.exit(thread, event);
        } else {
            othersWork(event);
        }
    }

    private void works(ObservedThread thread, TraceEvent event) {
        if ((thread.states.state() != ThreadState.RUNNING || thread.cpu != event.cpu) && schedulerSeen) {
            scheduling.runsOn(thread, event.cpu, event.timeNs);
        }
    }

    /** A thread of another shard is at work on a CPU. */
    private void othersWork(TraceEvent event) {
        if (schedulerSeen && event.thread != null && !isMine(event.thread)) {
            scheduling.othersRunOn(event.cpu, event.timeNs);
        }
    }

    private void switched(TraceEvent event) {
        schedulerSeen = true;
        ObservedThread prev = thread(event.thread, event);
        ObservedThread next = thread(event.otherThread, event);
        if (prev != null && prev.hasEnded()) {
            // next has its number: prev is over, and its end was not seen.
            prev = null;
        }
        if (next != null && event.comm0 != 0) {
            next.rename(event.comm0, event.comm1);
        }
        if (scheduling.switched(prev, next, event)) {
            population.end(prev, event.timeNs);
        }
    }

    private void newTask(TraceEvent event) {
        ObservedThread parent = thread(event.otherThread, event);
        if (parent != null) {
            CallPairing.forks(parent, event.number);
            if (noScheduler && parent.call.vfork) {
                callWaits.waitsFromNowOn(parent, event.timeNs);
            }
        }
        ObservedThread child = thread(event.thread, event);
        if (child != null) {
            child.born = true;
            child.rename(event.comm0, event.comm1);
            if (!noScheduler) {
                scheduling.born(child, event.timeNs);
            }
        }
    }

    private void exec(TraceEvent event) {
        ObservedThread before = thread(event.otherThread, event);
        ObservedThread thread = thread(event.thread, event);
        if (thread == null) {
            othersWork(event);
            return;
        }
        CallPairing.execs(thread, before);
        if (before != null && before != thread && !before.hasEnded()) {
            population.end(before, event.timeNs);
        }
        if (schedulerSeen) {
            scheduling.runsOn(thread, event.cpu, event.timeNs);
        }
        String file = event.payload instanceof String f ? f : "";
        thread.process.execed(file);
        // The kernel renames before it reports the exec; only where that is not traced, the file's name has to do.
        boolean renamed = thread.call.inside() && !thread.call.atAttach && thread.renamedNs >= thread.call.enterNs;
        if (!renamed && !file.isEmpty()) {
            thread.rename(file.substring(file.lastIndexOf('/') + 1));
        }
    }

    private void processState(TraceEvent event) {
        if (event.payload instanceof ProcessSnapshot snapshot) {
            population.describe(event.thread == null ? null : event.thread.process(), snapshot);
        }
    }

    private void threadState(TraceEvent event) {
        ThreadId id = event.thread;
        if (id == null || !isMine(id) || !(event.payload instanceof ThreadSnapshot snapshot)) {
            return;
        }
        ObservedThread thread = thread(id, event);
        if (thread == null) {
            return;
        }
        thread.rename(snapshot.comm());
        if (thread.states.everKnown() || thread.call.where != CallInFlight.Where.UNKNOWN) {
            // Its own events are newer than what was read from /proc.
            return;
        }
        if (snapshot.syscall() >= 0) {
            calls.atAttach(thread, snapshot.syscall(), snapshot.args(), event);
        } else if (snapshot.syscall() != ThreadSnapshot.SYSCALL_UNKNOWN) {
            thread.call.leave();
        }
        if (noScheduler) {
            callWaits.atAttach(thread);
            return;
        }
        long prevState = PrevState.ofLetter(snapshot.state());
        if (prevState != 0) {
            scheduling.blockedAtAttach(thread, prevState);
        }
    }

    /** This shard's record of a thread, made when it is not there; null when it is another shard's, or has ended. */
    private ObservedThread thread(ThreadId id, TraceEvent event) {
        if (id == null) {
            return null;
        }
        ObservedThread thread = population.threads.get(id);
        if (thread != null) {
            return thread;
        }
        return isMine(id) ? population.meet(id, event.timeNs) : null;
    }

    private boolean isMine(ThreadId id) {
        return shards == 1 || id.process().index() % shards == shard;
    }

    private void mark(TraceEvent event, boolean last) {
        WindowFacts facts = event.payload instanceof WindowFacts f ? f : null;
        int window = waits.window();
        ShardReport report = new ShardReport(population, waits, names);
        report.make(event.timeNs, last);
        snapshots.accept(new ShardSnapshot(shard, window, event.timeNs, last, facts, counters.nonZero(), report.window(),
                report.soFar()));
    }
}
