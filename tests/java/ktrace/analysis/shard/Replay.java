package ktrace.analysis.shard;

import java.util.ArrayList;
import java.util.List;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.SelfUsage;
import ktrace.analysis.StateTimes;
import ktrace.analysis.Summary;
import ktrace.analysis.SummaryAssembler;
import ktrace.analysis.SyscallSummary;
import ktrace.analysis.WaitSummary;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.linux.Errno;

/** What sums and assembler make of a list of events. */
final class Replay {
    final List<Summary> intervals = new ArrayList<>();
    final List<Summary> soFar = new ArrayList<>();
    private Summary last;

    /** @param intervals whether the INTERVAL events are played, or left out */
    Replay(List<TraceEvent> events, Limits limits, boolean playIntervals) {
        SummaryAssembler assembler = new SummaryAssembler("test", List.of(), () -> SelfUsage.NONE, this::add);
        ProcessShard shard = new ProcessShard(Timeline.SYSCALLS::name, Errno::name, new TraceCounters(), assembler, limits);
        for (TraceEvent event : events) {
            if (event.type != EventType.INTERVAL || playIntervals) {
                shard.onEvent(event);
            }
        }
    }

    private void add(Summary summary) {
        switch (summary.scope()) {
            case INTERVAL -> intervals.add(summary);
            case SO_FAR -> soFar.add(summary);
            case FINAL -> last = summary;
        }
    }

    Summary end() {
        return last;
    }

    ProcessSummary process(int pid) {
        return process(last, pid);
    }

    static ProcessSummary process(Summary summary, int pid) {
        return summary.processes().stream().filter(p -> p.pid() == pid).findFirst().orElseThrow();
    }

    List<WaitSummary> waits(int pid) {
        return rows(process(pid));
    }

    /** Without who of its threads waited. */
    static List<WaitSummary> rows(ProcessSummary process) {
        return process.waits().stream().map(w -> new WaitSummary(w.kind(), w.object(), w.syscall(), w.waker(), w.peers(),
                w.evidence(), w.count(), w.totalNs(), w.p50Ns(), w.p99Ns(), w.maxNs(), w.ongoing(), List.of())).toList();
    }

    StateTimes states(int pid) {
        return process(pid).states();
    }

    SyscallSummary syscall(int pid, String name) {
        return process(pid).syscalls().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    long counter(TraceCounter counter) {
        return last.counters().getOrDefault(counter, 0L);
    }
}
