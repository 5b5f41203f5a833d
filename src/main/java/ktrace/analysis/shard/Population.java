package ktrace.analysis.shard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ktrace.event.ProcessId;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounters;

/** Who is there, and who was. Written by the thread that aggregates; allocates for new threads and processes. */
final class Population {
    /** Descriptions of processes of which no thread was seen yet. */
    private static final int MAX_DESCRIPTIONS = 16_384;

    private final Limits limits;
    private final TraceCounters counters;
    /** All that are alive, and those that have ended and are kept one by one. */
    private final Map<ProcessId, ObservedProcess> processes = new HashMap<>();
    private final Map<ProcessId, ObservedProcess> alive = new LinkedHashMap<>();
    private final EndedProcesses ended;
    private final LinkedHashMap<Integer, ProcessSnapshot> descriptions = new LinkedHashMap<>();
    private int window;

    Population(Limits limits, TraceCounters counters) {
        this.limits = limits;
        this.counters = counters;
        ended = new EndedProcesses(limits, counters);
    }

    /** The number of the current window. */
    int window() {
        return window;
    }

    void nextWindow() {
        window++;
    }

    ObservedThread begins(ThreadId id) {
        ObservedProcess process = process(id.process());
        if (!process.isAlive()) {
            ended.revive(process);
            alive.put(process.id, process);
        }
        ObservedThread thread = new ObservedThread(id, process);
        process.add(thread);
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

    void ends(ObservedThread thread, long nowNs) {
        ObservedProcess process = thread.process;
        if (process.remove(thread, nowNs, window)) {
            alive.remove(process.id);
            for (ObservedProcess left : ended.add(process)) {
                processes.remove(left.id);
            }
        }
    }

    /** Those that are there, or were, in a document: the living, the ended, and the ended that are shown as one. */
    List<ObservedProcess> all() {
        List<ObservedProcess> all = new ArrayList<>(alive.values());
        all.addAll(ended.kept());
        all.addAll(ended.joined());
        return all;
    }
}
