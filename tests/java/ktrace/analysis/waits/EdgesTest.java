package ktrace.analysis.waits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.ShardSnapshot;
import ktrace.analysis.WaitSummary;
import ktrace.analysis.explain.Explainer;
import ktrace.analysis.graph.Edge;
import ktrace.analysis.graph.Graph;
import ktrace.analysis.shard.ProcessShard;
import ktrace.analysis.shard.RandomTrace;
import ktrace.analysis.shard.Timeline;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.linux.Errno;
import org.junit.jupiter.api.Test;

/** Edges from process to process, of timelines of a few lines and of random traces. */
class EdgesTest {
    private static final Peer SERVER = new Peer(20, "server");

    private final Timeline t = new Timeline();
    private final ThreadId a = t.at(0).thread(10, 10);
    private final ThreadId b = t.thread(20, 20);
    private final KernelObject pipe = Timeline.object(ObjectKind.PIPE, "pipe:[1]");

    private static Graph graph(List<TraceEvent> events) {
        List<Graph> graphs = new ArrayList<>();
        ProcessShard shard = new ProcessShard(Timeline.SYSCALLS::name, Errno::name, new TraceCounters(),
                soFar -> graphs.add(soFar.explained().graph()), new Explainer(Timeline.SYSCALLS));
        events.forEach(shard::onEvent);
        return graphs.getLast();
    }

    private Edge only() {
        Graph graph = graph(t.end().events);
        assertEquals(1, graph.edges().size(), graph::toString);
        return graph.edges().getFirst();
    }

    private Timeline waits(ThreadId thread, ThreadId waker, KernelObject object, Evidence evidence, long ns, long startNs) {
        Peer peer = new Peer(waker.process().tgid(), "p" + waker.process().tgid());
        t.at(startNs).in(Timeline.CPU_0, thread).enter(thread, "read", object).out(Timeline.CPU_0, thread, 'S').at(startNs + ns)
                .waking(thread, evidence, peer, e -> {
                    e.tid = waker.tid();
                    e.waker = new Waker(waker, waker.tid(), "t", peer);
                });
        return t.in(Timeline.CPU_0, thread);
    }

    @Test
    void waitsOfAKindAreOneEdge() {
        waits(a, b, pipe, Evidence.OBJECT, 100, 0).exit(a, "read", 7);
        waits(a, b, Timeline.object(ObjectKind.PIPE, "pipe:[2]"), Evidence.WAKER, 60, 1000);
        Edge edge = only();
        assertEquals("10@0 → 20@0 p20", edge.from().pid() + "@" + edge.from().startNs() + " → " + edge.to().pid() + "@"
                + edge.to().startNs() + " " + edge.to().comm());
        assertEquals(List.of(2L, 160L, 100L, 100L), List.of(edge.count(), edge.totalNs(), edge.p99Ns(), edge.sureNs()));
        assertEquals(Evidence.OBJECT, edge.evidence());
        assertEquals(0, edge.cycle());
    }

    /** Who waits longest for work is not who loses most time. */
    @Test
    void edgesThatHadNothingToDoComeLast() {
        ThreadId c = t.thread(30, 30);
        t.at(0).in(Timeline.CPU_1, b);
        waits(a, b, pipe, Evidence.OBJECT, 100, 0);
        t.at(200).in(Timeline.CPU_0, c).enter(c, "read", Timeline.object(ObjectKind.UNIX, "unix:[1]"));
        t.out(Timeline.CPU_0, c, 'S');
        t.events.getLast().expects = TraceEvent.Expects.WORK;
        t.at(900).waking(c, Evidence.OBJECT, SERVER, e -> {
            e.tid = b.tid();
            e.waker = new Waker(b, b.tid(), "t", SERVER);
        });
        List<Edge> edges = graph(t.end().events).edges();
        assertEquals(List.of(10, 30), edges.stream().map(edge -> edge.from().pid()).toList());
        assertEquals(List.of(0L, 700L), edges.stream().map(Edge::idleNs).toList());
        assertTrue(edges.getLast().isIdle());
        Graph ofKernels = new Graph(edges, new Graph.LeftOut(0, 0, 0)).idleOf(node -> node.pid() == 10);
        assertEquals(List.of(100L, 700L), ofKernels.edges().stream().map(Edge::idleNs).toList());
    }

    @Test
    void evidenceIsThatOfMostOfTheTime() {
        waits(a, b, pipe, Evidence.WAKER, 100, 0);
        waits(a, b, pipe, Evidence.OBJECT, 60, 1000);
        assertEquals(Evidence.WAKER, only().evidence());
    }

    @Test
    void bytesAreThoseOfCallsOnWhatTheOtherWasSeenAt() {
        t.at(0).in(Timeline.CPU_0, a).enter(a, "write", pipe).exit(a, "write", 1000);
        waits(a, b, pipe, Evidence.OBJECT, 100, 10).exit(a, "read", 7);
        t.enter(a, "read", pipe).exit(a, "read", 30).enter(a, "read", pipe).exit(a, "read", -11).enter(a, "lseek", pipe)
                .exit(a, "lseek", 4096).enter(a, "read", Timeline.object(ObjectKind.DISK, "/etc/passwd")).exit(a, "read", 100);
        assertEquals(37, only().bytes());
    }

    @Test
    void bytesAreKnownWhereOnlyOneHasTheOtherEnd() {
        t.at(0).in(Timeline.CPU_0, a).push(EventType.SYS_ENTER, a, e -> {
            e.number = Timeline.SYSCALLS.number("write");
            e.object = pipe;
            e.peers = List.of(SERVER);
        }).exit(a, "write", 1000);
        waits(a, b, pipe, Evidence.OBJECT, 100, 10).exit(a, "read", 7);
        assertEquals(1007, only().bytes());
    }

    @Test
    void bytesAreUnknownWhereNoCallTellsThem() {
        t.at(0).in(Timeline.CPU_0, a).enter(a, "futex", pipe).out(Timeline.CPU_0, a, 'S').at(50).waking(a, Evidence.OBJECT, SERVER)
                .in(Timeline.CPU_0, a).exit(a, "futex", 0);
        assertEquals(Edge.UNKNOWN_BYTES, only().bytes());
    }

    @Test
    void whoTalksAndDoesNotWaitIsNoEdge() {
        t.at(0).in(Timeline.CPU_0, a).push(EventType.SYS_ENTER, a, e -> {
            e.number = Timeline.SYSCALLS.number("write");
            e.object = pipe;
            e.peers = List.of(SERVER);
        }).exit(a, "write", 1000);
        assertEquals(Graph.NONE, graph(t.end().events));
    }

    @Test
    void circlesAreMarked() {
        ThreadId c = t.thread(30, 30);
        ThreadId d = t.thread(40, 40);
        ThreadId e = t.thread(50, 50);
        waits(a, b, pipe, Evidence.OBJECT, 100, 0);
        waits(b, c, pipe, Evidence.OBJECT, 90, 1000);
        waits(c, a, pipe, Evidence.OBJECT, 80, 2000);
        waits(d, a, pipe, Evidence.OBJECT, 70, 3000);
        waits(d, e, pipe, Evidence.OBJECT, 60, 4000);
        waits(e, d, pipe, Evidence.OBJECT, 50, 5000);
        waits(d, t.thread(40, 41), pipe, Evidence.OBJECT, 40, 6000);
        Map<String, Integer> cycles = new TreeMap<>();
        graph(t.end().events).edges().forEach(edge -> cycles.put(edge.from().pid() + "→" + edge.to().pid(), edge.cycle()));
        assertEquals(Map.of("10→20", 1, "20→30", 1, "30→10", 1, "40→10", 0, "40→50", 2, "50→40", 2, "40→40", 0), cycles);
    }

    /** Ten thousand children, each waited for a little, and one long. */
    @Test
    void whatIsTooMuchIsLeftOutAndCounted() {
        int most = 5 * Edges.LIMIT;
        for (int i = 0; i < most; i++) {
            Peer child = new Peer(1000 + i, "child");
            t.at(100L * i).in(Timeline.CPU_0, a).enter(a, "wait4", pipe).out(Timeline.CPU_0, a, 'S').at(100L * i + (i == 7 ? 90 : 10))
                    .waking(a, Evidence.OBJECT, child);
        }
        Graph graph = graph(t.end().events);
        assertTrue(graph.edges().size() <= Edges.LIMIT && graph.edges().size() > Edges.LIMIT / 4);
        assertEquals(1007, graph.edges().getFirst().to().pid());
        assertEquals(most, graph.edges().size() + graph.leftOut().edges());
        assertEquals(most, graph.edges().stream().mapToLong(Edge::count).sum() + graph.leftOut().count());
        assertEquals(10L * most + 80, graph.edges().stream().mapToLong(Edge::totalNs).sum() + graph.leftOut().totalNs());
    }

    /** Of each process, pid of the waker and kind: how often and how long it waited. */
    private static Map<String, List<Long>> waits(List<TraceEvent> events) {
        List<ShardSnapshot> snapshots = new ArrayList<>();
        ProcessShard shard = new ProcessShard(Timeline.SYSCALLS::name, Errno::name, new TraceCounters(), snapshots::add);
        events.forEach(shard::onEvent);
        Map<String, List<Long>> waits = new TreeMap<>();
        for (ProcessSummary process : snapshots.getLast().soFar()) {
            for (WaitSummary wait : process.waits()) {
                if (wait.waker() != null && wait.kind().ipc()) {
                    waits.merge(process.pid() + "@" + process.startNs() + "→" + wait.waker().pid() + " " + wait.kind(),
                            List.of(wait.count(), wait.totalNs()),
                            (x, y) -> List.of(x.get(0) + y.get(0), x.get(1) + y.get(1)));
                }
            }
        }
        waits.values().removeIf(figures -> figures.get(1) == 0);
        return waits;
    }

    @Test
    void edgesAreTheSumsOfWaits() {
        for (int seed = 0; seed < 300; seed++) {
            List<TraceEvent> events = new RandomTrace(seed, 300).timeline.events;
            Map<String, List<Long>> edges = graph(events).edges().stream().filter(e -> e.kind().ipc()).collect(Collectors.toMap(
                    e -> e.from().pid() + "@" + e.from().startNs() + "→" + e.to().pid() + " " + e.kind(),
                    e -> List.of(e.count(), e.totalNs()), (x, y) -> x, TreeMap::new));
            assertEquals(waits(events), edges, "seed " + seed);
        }
    }

    @Test
    void whereWindowsEndMakesNoDifference() {
        for (int seed = 0; seed < 100; seed++) {
            List<TraceEvent> events = new RandomTrace(seed, 300).timeline.events;
            assertEquals(graph(events.stream().filter(e -> e.type != EventType.INTERVAL).toList()), graph(events), "seed " + seed);
        }
    }
}
