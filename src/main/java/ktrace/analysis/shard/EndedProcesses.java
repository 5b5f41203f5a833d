package ktrace.analysis.shard;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ktrace.event.ProcessId;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;

/**
 * The processes that have ended. When there are more than the limit, the half that was observed for the shortest time
 * is summed up by name: the ten thousand compilers of a build become one entry, pid 0. One thread.
 */
final class EndedProcesses {
    private static final String OTHER_COMM = "(other)";
    private static final int FEW_THREADS = 16;
    private static final int FEW_PAIRS = 16;

    private final Limits limits;
    private final TraceCounters counters;
    private List<ObservedProcess> kept = new ArrayList<>();
    /** Of those that are kept, what they keep one by one. */
    private int threads;
    private int pairs;
    private final Map<String, ObservedProcess> byComm = new LinkedHashMap<>();

    EndedProcesses(Limits limits, TraceCounters counters) {
        this.limits = limits;
        this.counters = counters;
    }

    /** @return those that are not kept one by one any more */
    List<ObservedProcess> add(ObservedProcess process) {
        if (threads + process.ended.kept() > limits.endedThreadsOfAll()) {
            process.ended.join(FEW_THREADS);
        }
        if (pairs + process.waits.beyondOne() > limits.endedThreadsOfAll()) {
            process.waits.joinPairs(FEW_PAIRS / 2);
        }
        count(process, 1);
        kept.add(process);
        return kept.size() > limits.endedProcesses() ? join() : List.of();
    }

    /** It lives on: it was not its last thread that ended. */
    void revive(ObservedProcess process) {
        if (kept.remove(process)) {
            count(process, -1);
        }
    }

    private void count(ObservedProcess process, int sign) {
        threads += sign * process.ended.kept();
        pairs += sign * process.waits.beyondOne();
    }

    private List<ObservedProcess> join() {
        List<ObservedProcess> longestFirst = new ArrayList<>(kept);
        longestFirst.sort(Comparator.comparingLong(ObservedProcess::observedNs).reversed()
                .thenComparingInt(p -> p.id.index()));
        int stay = longestFirst.size() / 2;
        List<ObservedProcess> leaving = longestFirst.subList(stay, longestFirst.size());
        kept = new ArrayList<>(longestFirst.subList(0, stay));
        counters.add(TraceCounter.ROWS_JOINED, leaving.size());
        for (ObservedProcess process : leaving) {
            count(process, -1);
            String comm = byComm.containsKey(process.comm()) || byComm.size() < limits.endedNames()
                    ? process.comm() : OTHER_COMM;
            byComm.computeIfAbsent(comm, this::joined).absorb(process);
        }
        byComm.values().forEach(ObservedProcess::pack);
        return leaving;
    }

    private ObservedProcess joined(String comm) {
        ObservedProcess process = new ObservedProcess(new ProcessId(0, 0, 0, -1), limits, counters);
        process.rename(comm);
        return process;
    }

    Collection<ObservedProcess> kept() {
        return kept;
    }

    Collection<ObservedProcess> joined() {
        return byComm.values();
    }
}
