package ktrace.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import ktrace.analysis.SelfUsage;
import ktrace.analysis.SummaryAssembler;
import ktrace.analysis.explain.Explainer;
import ktrace.analysis.shard.ProcessShard;
import ktrace.cli.summary.PacedIntervals;
import ktrace.cli.summary.ViewThread;
import ktrace.event.EventSink;
import ktrace.event.TraceCounters;
import ktrace.linux.Errno;
import ktrace.linux.SyscallTable;
import ktrace.pipeline.SelfMeter;
import ktrace.view.SummaryView;

/** Those who want summaries: aggregates the events by process, and shows what comes of it. */
final class SummaryAudience implements Audience {
    private final ViewThread view;
    private final long intervalNs;
    private final List<EventSink> readers = new ArrayList<>();

    /**
     * @param patient all intervals are shown, and the reader waited for; else those are joined that it comes too late for
     * @param collector where the events come from
     * @param syscalls the calls that the numbers in the events stand for
     * @param tracker counters of the stage before
     * @param self what ktrace has used while it traced
     */
    private SummaryAudience(SummaryView shown, boolean patient, long intervalNs, String collector, SyscallTable syscalls,
            TraceCounters tracker, Supplier<SelfUsage> self) {
        this.intervalNs = intervalNs;
        view = new ViewThread(shown);
        // Every wait is explained where its interval is made: one thread has the pasts of all threads.
        PacedIntervals intervals = new PacedIntervals(patient ? view::admit : view::tryAdmit);
        SummaryAssembler assembler = new SummaryAssembler(collector, List.of(tracker, intervals.counters()), self, view::take);
        Explainer explainer = new Explainer(syscalls);
        readers.add(intervals.pace(
                new ProcessShard(syscalls::name, Errno::name, new TraceCounters(), assembler, explainer)));
    }

    /** Those who look on while ktrace traces. */
    static SummaryAudience live(SummaryView shown, long intervalNs, String collector, TraceCounters tracker) {
        long cpuBeforeNs = SelfMeter.cpuNs();
        return new SummaryAudience(shown, false, intervalNs, collector, SyscallTable.current(), tracker,
                () -> new SelfUsage(SelfMeter.cpuNs() - cpuBeforeNs, SelfMeter.rssBytes()));
    }

    /** Those who read of a trace later: reading took nothing from what was traced, and says the same however long it takes. */
    static SummaryAudience later(SummaryView shown, RecordedTrace trace, TraceCounters tracker) {
        return new SummaryAudience(shown, true, 0, trace.collector(), trace.reader().syscalls(), tracker,
                () -> new SelfUsage(0, 0));
    }

    @Override
    public List<? extends EventSink> readers() {
        return readers;
    }

    @Override
    public long intervalNs() {
        return intervalNs;
    }

    @Override
    public void onQuit(Runnable action) {
        view.onQuit(action);
    }

    @Override
    public void discard() {
        view.discard();
    }

    @Override
    public IOException finish() throws InterruptedException {
        return view.finish();
    }

    @Override
    public void close() {
        view.close();
    }
}
