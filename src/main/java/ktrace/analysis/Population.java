package ktrace.analysis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ktrace.event.ProcessId;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounters;

/** Who is there, and who was, in one shard. Written by the shard's thread; allocates for new threads and processes. */
final class Population {
    /** Descriptions of processes of which no thread was seen yet; most belong to other shards. */
    private static final int MAX_DESCRIPTIONS = 16_384;

    final ThreadTable threads = new ThreadTable();
    private final Limits limits;
    private final TraceCounters counters;
    private final Scheduling scheduling;
    private final WaitEnds waits;
    /** All that are alive, and those that have ended and are kept one by one. */
    private final Map<ProcessId, ObservedProcess> processes = new HashMap<>();
    private final Map<ProcessId, ObservedProcess> alive = new LinkedHashMap<>();
    private final EndedProcesses ended;
    private final LinkedHashMap<Integer, ProcessSnapshot> descriptions = new LinkedHashMap<>();

    Population(Limits limits, TraceCounters counters, Scheduling scheduling, WaitEnds waits) {
        this.limits = limits;
        this.counters = counters;
        this.scheduling = scheduling;
        this.waits = waits;
        ended = new EndedProcesses(limits, counters);
    }

    /** The record of a thread that was not met before; null when it has ended: whatever comes after its end is no news of it. */
    ObservedThread meet(ThreadId id, long nowNs) {
        if (threads.hasEnded(id) || !ThreadTable.isTid(id.tid())) {
            return null;
        }
        ObservedThread before = threads.byTid(id.tid());
        if (before != null) {
            end(before, nowNs);
        }
        ObservedProcess process = process(id.process());
        if (!process.isAlive()) {
            ended.revive(process);
            alive.put(process.id, process);
        }
        ObservedThread thread = new ObservedThread(id, process, Math.min(id.startNs(), nowNs));
        process.add(thread);
        threads.put(thread);
        return thread;
    }

    private ObservedProcess process(ProcessId id) {
        ObservedProcess process = processes.get(id);
        if (process == null) {
            process = new ObservedProcess(id, limits, counters);
            processes.put(id, process);
            ProcessSnapshot description = descriptions.remove(id.tgid());
            if (description != null) {
                process.describe(description);
            }
        }
        return process;
    }

    /** @param id null when no thread of the process is known */
    void describe(ProcessId id, ProcessSnapshot snapshot) {
        ObservedProcess process = id == null ? null : processes.get(id);
        if (process != null) {
            process.describe(snapshot);
            return;
        }
        if (descriptions.size() >= MAX_DESCRIPTIONS) {
            descriptions.pollFirstEntry();
        }
        descriptions.put(snapshot.tgid(), snapshot);
    }

    void end(ObservedThread thread, long nowNs) {
        scheduling.end(thread, nowNs);
        threads.end(thread);
        ObservedProcess process = thread.process;
        if (process.remove(thread, nowNs, waits.window())) {
            alive.remove(process.id);
            for (ObservedProcess left : ended.add(process)) {
                processes.remove(left.id);
            }
        }
    }

    void doubtAll(long nowNs, CallPairing calls) {
        for (ObservedProcess process : alive.values()) {
            for (ObservedThread thread : process.live) {
                scheduling.doubt(thread, nowNs);
                calls.doubt(thread);
            }
        }
    }

    Collection<ObservedProcess> alive() {
        return alive.values();
    }

    /** Those that are there, or were, in a document: the living, the ended, and the ended that are shown as one. */
    List<ObservedProcess> all() {
        List<ObservedProcess> all = new ArrayList<>(alive.values());
        all.addAll(ended.kept());
        all.addAll(ended.joined());
        return all;
    }
}
