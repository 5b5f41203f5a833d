package ktrace.analysis;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import ktrace.analysis.graph.Graph;
import ktrace.analysis.graph.Node;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.WindowFacts;

/**
 * Makes the summaries of a session from what is known at the ends of its windows. At each the listener is told of the interval and
 * then of the trace so far; at the last of the interval and then of the whole trace.
 *
 * <p>The listener is called on the thread that hands in the snapshots, and holds it up while it runs.
 */
public final class SummaryAssembler implements Consumer<ShardSnapshot> {
    private final String collector;
    private final Collection<TraceCounters> stages;
    private final Supplier<SelfUsage> self;
    private final Consumer<Summary> listener;

    private long windowStartNs;
    private long eventsBefore;
    private long syscallEventsBefore;
    private long lostBefore;
    private Map<TraceCounter, Long> countersBefore = Map.of();
    private long selfCpuBeforeNs;

    /**
     * @param collector where the events come from: {@link ktrace.event.EventSource#name}
     * @param stages counters of the stages between the source and the snapshots, which the poller does not know of: the tracker's
     * @param self what ktrace has used since it started: CPU time up to now, memory at the moment; asked at the end of each window
     */
    public SummaryAssembler(String collector, Collection<TraceCounters> stages, Supplier<SelfUsage> self,
            Consumer<Summary> listener) {
        this.collector = collector;
        this.stages = List.copyOf(stages);
        this.self = self;
        this.listener = listener;
    }

    @Override
    public void accept(ShardSnapshot snapshot) {
        WindowFacts facts = snapshot.facts() == null ? new WindowFacts(snapshot.endNs(), 0, 0, Map.of()) : snapshot.facts();
        if (snapshot.mark() == 0) {
            windowStartNs = facts.startNs();
        }
        Map<TraceCounter, Long> counters = counters(snapshot, facts);
        SelfUsage used = self.get();
        List<ProcessSummary> soFar = snapshot.soFar();
        ExplainedSoFar explained = snapshot.explained();

        listener.accept(new Summary(Summary.Scope.INTERVAL, collector, windowStartNs, snapshot.endNs() - windowStartNs,
                facts.events() - eventsBefore, facts.syscallEvents() - syscallEventsBefore, Math.max(0, facts.lost() - lostBefore),
                since(counters), new SelfUsage(used.cpuNs() - selfCpuBeforeNs, used.rssBytes()), PeersNow.in(snapshot.window()), Verdict.NONE,
                Graph.NONE, snapshot.cheaper()));
        long durationNs = snapshot.endNs() - facts.startNs();
        Verdict verdict = explained == null ? Verdict.NONE
                : new VerdictMaker(explained, soFar).make(durationNs, facts.lost() > 0);
        listener.accept(new Summary(snapshot.last() ? Summary.Scope.FINAL : Summary.Scope.SO_FAR, collector, facts.startNs(),
                durationNs, facts.events(), facts.syscallEvents(), facts.lost(), Map.copyOf(counters), used,
                PeersNow.in(soFar), verdict, explained == null ? Graph.NONE : named(explained.graph(), soFar), snapshot.cheaperSoFar()));

        windowStartNs = snapshot.endNs();
        eventsBefore = facts.events();
        syscallEventsBefore = facts.syscallEvents();
        lostBefore = facts.lost();
        countersBefore = counters;
        selfCpuBeforeNs = used.cpuNs();
    }

    private static Graph named(Graph graph, List<ProcessSummary> processes) {
        Map<Node, ProcessSummary> known = new HashMap<>();
        processes.forEach(process -> known.put(new Node(process.pid(), process.startNs(), ""), process));
        Function<Node, ProcessSummary> find = node -> known.get(new Node(node.pid(), node.startNs(), ""));
        return graph.named(node -> find.apply(node) == null ? null : find.apply(node).comm())
                .idleOf(node -> find.apply(node) != null && find.apply(node).isKernels());
    }

    private Map<TraceCounter, Long> counters(ShardSnapshot snapshot, WindowFacts facts) {
        Map<TraceCounter, Long> sum = new EnumMap<>(TraceCounter.class);
        facts.counters().forEach((counter, value) -> sum.merge(counter, value, Long::sum));
        stages.forEach(stage -> stage.nonZero().forEach((counter, value) -> sum.merge(counter, value, Long::sum)));
        snapshot.counters().forEach((counter, value) -> sum.merge(counter, value, Long::sum));
        return sum;
    }

    /** What is counted exactly only at the end of the trace may be less then. */
    private Map<TraceCounter, Long> since(Map<TraceCounter, Long> counters) {
        Map<TraceCounter, Long> since = new EnumMap<>(TraceCounter.class);
        counters.forEach((counter, value) -> {
            long more = value - countersBefore.getOrDefault(counter, 0L);
            if (more > 0) {
                since.put(counter, more);
            }
        });
        return Map.copyOf(since);
    }
}
