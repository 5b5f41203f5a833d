package ktrace.pipeline;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import ktrace.analysis.explain.Explainer;
import ktrace.analysis.shard.ProcessShard;
import ktrace.event.EventStream;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.facts.Questions;
import ktrace.linux.Errno;
import ktrace.linux.SyscallTable;
import ktrace.perf.ReplayLoad;
import ktrace.perf.ReplayRing;
import ktrace.system.SystemTracker;
import ktrace.system.Targets;
import ktrace.system.family.Families;

/**
 * What it costs to explain waits: CPU time for each event from the bytes in a ring to the aggregates, in one thread without the
 * Disruptor, with explanations and without in turn, each in a JVM of its own that starts as the launcher starts ktrace. Of the stretches
 * that one JVM measures the quickest counts, since whatever else the machine does only adds to it; of the JVMs the one in the middle,
 * since no two of them compile the same and the luckiest is nobody's. Says PASS or FAIL for each load, and exits with 1 when one fails.
 *
 * <pre>{@code mvn -q test-compile exec:exec@explain -Dbench="ROUNDS"}</pre>
 */
final class ExplainCost {
    private static final double BOUND = 1.15;
    private static final int DEFAULT_ROUNDS = 5;
    private static final int RING_BYTES = 256 << 10;
    private static final long WARM_EVENTS = 30_000_000;
    private static final long MEASURED_EVENTS = 5_000_000;
    private static final int MEASURED = 4;
    private static final List<String> LIKE_LAUNCHER = List.of("-XX:+UseSerialGC", "-Xms32m", "-Xmx1g", "-Xmn24m", "-XX:SurvivorRatio=1");

    private final ReplayRing ring;
    private final EventMerger merger;
    private final TraceEvent event = new TraceEvent();
    private final TraceCounters counters = new TraceCounters();
    private final SystemTracker tracker;
    private final ProcessShard shard;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    private ExplainCost(ReplayLoad load, boolean explains) {
        ring = new ReplayRing(load, 0, RING_BYTES, 1_000_000_000);
        SyscallTable syscalls = SyscallTable.current();
        merger = new EventMerger(List.of(ring.events()), new TraceCounters());
        tracker = new SystemTracker(Targets.processes(1, ring.tgids()), Families.ALL, Questions.unheard(), syscalls::find, counters);
        shard = explains
                ? new ProcessShard(syscalls::name, Errno::name, counters, snapshot -> { }, new Explainer(syscalls))
                : new ProcessShard(syscalls::name, Errno::name, counters, snapshot -> { });
        ring.introduce(this::take);
    }

    private void take(TraceEvent one) {
        tracker.onEvent(one);
        shard.onEvent(one);
    }

    /** Nanoseconds of CPU time for an event; filling the ring is no part of it. */
    private double run(long wantedEvents) {
        long cpuNs = 0;
        long events = 0;
        while (events < wantedEvents) {
            ring.fill();
            long beforeNs = threads.getCurrentThreadCpuTime();
            merger.refresh();
            while (merger.hasNext(EventStream.NOTHING - 1)) {
                merger.take(event);
                take(event);
            }
            merger.release();
            cpuNs += threads.getCurrentThreadCpuTime() - beforeNs;
            events += ring.eventsPerFill();
        }
        return (double) cpuNs / events;
    }

    /** What is measured must be the work of a clean trace. */
    private void check() {
        Map<TraceCounter, Long> doubts = new HashMap<>(counters.nonZero());
        doubts.putAll(ring.counters().nonZero());
        doubts.remove(TraceCounter.IN_FLIGHT_AT_ATTACH);
        if (!doubts.isEmpty()) {
            throw new IllegalStateException(doubts.toString());
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 2) {
            ExplainCost cost = new ExplainCost(ReplayLoad.valueOf(arguments[0]), arguments[1].equals("on"));
            cost.run(WARM_EVENTS);
            double ns = Double.MAX_VALUE;
            for (int i = 0; i < MEASURED; i++) {
                ns = Math.min(ns, cost.run(MEASURED_EVENTS));
            }
            cost.check();
            System.out.println(ns);
            return;
        }
        int rounds = arguments.length == 0 || arguments[0].equals(".*") ? DEFAULT_ROUNDS : Integer.parseInt(arguments[0]);
        boolean isMissed = false;
        for (ReplayLoad load : ReplayLoad.values()) {
            double[] offs = new double[rounds];
            double[] ons = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                offs[i] = inItsOwnJvm(load, "off");
                ons[i] = inItsOwnJvm(load, "on");
            }
            double off = median(offs);
            double ratio = median(ons) / off;
            isMissed |= ratio > BOUND;
            System.out.printf(Locale.ROOT, "%s  %s: CPU of an event with explanations, against without: %.3f of %.1f ns (bound: <= %.2f)%n",
                    ratio > BOUND ? "FAIL" : "PASS", load.name().toLowerCase(Locale.ROOT), ratio, off, BOUND);
        }
        System.exit(isMissed ? 1 : 0);
    }

    private static double median(double[] all) {
        double[] sorted = all.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static double inItsOwnJvm(ReplayLoad load, String explanations) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
        command.addAll(LIKE_LAUNCHER);
        command.addAll(List.of(ExplainCost.class.getName(), load.name(), explanations));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader output = process.inputReader()) {
            String ns = output.readLine();
            if (process.waitFor() != 0 || ns == null) {
                throw new IOException("it has failed: " + String.join(" ", command));
            }
            return Double.parseDouble(ns);
        }
    }
}
