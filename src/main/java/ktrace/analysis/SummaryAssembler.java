package ktrace.analysis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import ktrace.analysis.graph.Graph;
import ktrace.analysis.graph.Node;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.WindowFacts;

/**
 * Makes the summaries of a session from what the shards say. At each mark, when the last shard has handed in its snapshot, the
 * listener is told of the interval and then of the trace so far; at the end of the last interval and then of the whole trace.
 *
 * <p>Any thread may hand in a snapshot; each shard must do so in the order of its marks. The listener is called on the thread of
 * the shard that is last, in the order of the marks, never by two threads at a time, and holds up that shard while it runs.
 */
public final class SummaryAssembler implements Consumer<ShardSnapshot> {
    private static final Comparator<ProcessSummary> BY_NUMBER = Comparator.comparingInt(ProcessSummary::pid)
            .thenComparingLong(ProcessSummary::startNs);

    private static final class Arrived {
        private final List<ShardSnapshot> shards = new ArrayList<>();
        private ExplainedSoFar explained;
    }

    private final int shards;
    private final boolean explains;
    private final String collector;
    private final Collection<TraceCounters> stages;
    private final Supplier<SelfUsage> self;
    private final Consumer<Summary> listener;

    private final Map<Integer, Arrived> arrived = new HashMap<>();
    private long windowStartNs;
    private long eventsBefore;
    private long syscallEventsBefore;
    private long lostBefore;
    private Map<TraceCounter, Long> countersBefore = Map.of();
    private long selfCpuBeforeNs;

    /**
     * @param shards how many {@link ProcessShard}s there are
     * @param explains whether somebody explains them, too, and hands that in
     * @param collector where the events come from: {@link ktrace.event.EventSource#name}
     * @param stages counters of the stages between source and shards, which the poller does not know of: the tracker's
     * @param self what ktrace has used since it started: CPU time up to now, memory at the moment; asked on the shards' threads
     */
    public SummaryAssembler(int shards, boolean explains, String collector, Collection<TraceCounters> stages, Supplier<SelfUsage> self,
            Consumer<Summary> listener) {
        this.shards = shards;
        this.explains = explains;
        this.collector = collector;
        this.stages = List.copyOf(stages);
        this.self = self;
        this.listener = listener;
    }

    @Override
    public synchronized void accept(ShardSnapshot snapshot) {
        Arrived ofMark = arrived.computeIfAbsent(snapshot.mark(), mark -> new Arrived());
        ofMark.shards.add(snapshot);
        assembleWhenWhole(snapshot.mark(), ofMark);
    }

    /** What explains a window, from the stage that does; on any thread, in the order of the marks. */
    public synchronized void accept(ExplainedSoFar explained) {
        Arrived ofMark = arrived.computeIfAbsent(explained.mark(), mark -> new Arrived());
        ofMark.explained = explained;
        assembleWhenWhole(explained.mark(), ofMark);
    }

    private void assembleWhenWhole(int mark, Arrived ofMark) {
        if (ofMark.shards.size() == shards && (ofMark.explained != null || !explains)) {
            arrived.remove(mark);
            assemble(ofMark.shards, ofMark.explained);
        }
    }

    private void assemble(List<ShardSnapshot> ofMark, ExplainedSoFar explained) {
        ShardSnapshot any = ofMark.getFirst();
        WindowFacts facts = any.facts() == null ? new WindowFacts(any.endNs(), 0, 0, Map.of()) : any.facts();
        if (any.mark() == 0) {
            windowStartNs = facts.startNs();
        }
        Map<TraceCounter, Long> counters = counters(ofMark, facts);
        SelfUsage used = self.get();
        List<ProcessSummary> window = new ArrayList<>();
        List<ProcessSummary> soFar = new ArrayList<>();
        for (ShardSnapshot snapshot : ofMark) {
            window.addAll(snapshot.window());
            soFar.addAll(snapshot.soFar());
        }
        window.sort(BY_NUMBER);
        soFar.sort(BY_NUMBER);

        listener.accept(new Summary(Summary.Scope.INTERVAL, collector, windowStartNs, any.endNs() - windowStartNs,
                facts.events() - eventsBefore, facts.syscallEvents() - syscallEventsBefore, facts.lost() - lostBefore,
                since(counters), new SelfUsage(used.cpuNs() - selfCpuBeforeNs, used.rssBytes()), PeersNow.in(List.copyOf(window))));
        long durationNs = any.endNs() - facts.startNs();
        Verdict verdict = explained == null ? Verdict.NONE
                : new VerdictMaker(explained, soFar).make(durationNs, facts.lost() > 0);
        listener.accept(new Summary(any.last() ? Summary.Scope.FINAL : Summary.Scope.SO_FAR, collector, facts.startNs(),
                durationNs, facts.events(), facts.syscallEvents(), facts.lost(), Map.copyOf(counters), used,
                PeersNow.in(List.copyOf(soFar)), verdict, explained == null ? Graph.NONE : named(explained.graph(), soFar)));

        windowStartNs = any.endNs();
        eventsBefore = facts.events();
        syscallEventsBefore = facts.syscallEvents();
        lostBefore = facts.lost();
        countersBefore = counters;
        selfCpuBeforeNs = used.cpuNs();
    }

    private static Graph named(Graph graph, List<ProcessSummary> processes) {
        Map<Node, String> names = new HashMap<>();
        processes.forEach(process -> names.put(new Node(process.pid(), process.startNs(), ""), process.comm()));
        return graph.named(node -> names.get(new Node(node.pid(), node.startNs(), "")));
    }

    private Map<TraceCounter, Long> counters(List<ShardSnapshot> ofMark, WindowFacts facts) {
        Map<TraceCounter, Long> sum = new EnumMap<>(TraceCounter.class);
        facts.counters().forEach((counter, value) -> sum.merge(counter, value, Long::sum));
        stages.forEach(stage -> stage.nonZero().forEach((counter, value) -> sum.merge(counter, value, Long::sum)));
        ofMark.forEach(shard -> shard.counters().forEach((counter, value) -> sum.merge(counter, value, Long::sum)));
        return sum;
    }

    private Map<TraceCounter, Long> since(Map<TraceCounter, Long> counters) {
        Map<TraceCounter, Long> since = new EnumMap<>(TraceCounter.class);
        counters.forEach((counter, value) -> {
            long more = value - countersBefore.getOrDefault(counter, 0L);
            if (more != 0) {
                since.put(counter, more);
            }
        });
        return Map.copyOf(since);
    }
}
