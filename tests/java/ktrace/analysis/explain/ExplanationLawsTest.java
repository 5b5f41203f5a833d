package ktrace.analysis.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ktrace.analysis.Explanation;
import ktrace.analysis.shard.RandomTrace;
import ktrace.event.EventType;
import ktrace.event.ThreadId;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.Test;

/** What holds for the explanations of every trace. */
class ExplanationLawsTest {
    private static Map<Integer, Long> observed(RandomTrace trace) {
        Map<Integer, Long> observed = new HashMap<>();
        for (ThreadId thread : trace.all) {
            observed.merge(thread.process().index(), trace.endNs.getOrDefault(thread, trace.nowNs) - thread.startNs(), Long::sum);
        }
        observed.values().removeIf(ns -> ns == 0);
        return observed;
    }

    @Test
    void theTimeOfEveryProcessIsExplainedOnce() {
        for (int seed = 0; seed < 400; seed++) {
            RandomTrace trace = new RandomTrace(seed, 20 + 3 * seed);
            RandomTrace.nameWakers(trace);
            Map<Integer, Long> explained = new HashMap<>();
            List<Explanation> all = ExplainingTest.explanations(trace.timeline.events);
            all.forEach(e -> explained.merge(e.waiter().index(), e.ns(), Long::sum));
            assertEquals(observed(trace), explained, "seed " + seed);
            assertTrue(all.stream().allMatch(e -> e.ns() > 0 && e.sureNs() <= e.ns()), all::toString);
        }
    }

    @Test
    void whereWindowsEndMakesNoDifference() {
        for (int seed = 0; seed < 200; seed++) {
            RandomTrace trace = new RandomTrace(seed, 200);
            RandomTrace.nameWakers(trace);
            List<TraceEvent> without = trace.timeline.events.stream().filter(e -> e.type != EventType.INTERVAL).toList();
            assertEquals(ExplainingTest.explanations(without), ExplainingTest.explanations(trace.timeline.events),
                    "seed " + seed);
        }
    }
}
