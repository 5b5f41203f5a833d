package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * How many of ktrace's things live, counted by the virtual machine itself after it has collected what is garbage: what
 * anything still refers to, by whatever way, is in it.
 */
final class Census {
    /** A table that grew, or what a cache holds of the last ones. */
    private static final long FEW = 40;
    private static final double GROWN = 4;

    private final Map<String, Long> counts = new TreeMap<>();

    static Census take() {
        Census census = new Census();
        try {
            String histogram = (String) ManagementFactory.getPlatformMBeanServer().invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
                    new Object[] {new String[0]}, new String[] {String[].class.getName()});
            for (String line : histogram.lines().toList()) {
                String[] words = line.trim().split(" +");
                if (words.length >= 4 && words[3].startsWith("ktrace.")) {
                    census.counts.merge(words[3].substring(words[3].lastIndexOf('.') + 1), Long.parseLong(words[1]), Long::sum);
                }
            }
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
        return census;
    }

    long of(Class<?> type) {
        return counts.getOrDefault(type.getSimpleName(), 0L);
    }

    /** What was there before the storm: other tests in this JVM may still hold theirs. */
    private void leaveOut(Census others) {
        counts.replaceAll((type, count) -> count - others.counts.getOrDefault(type, 0L));
    }

    private void assertNoMoreThan(Census before, long few) {
        counts.forEach((type, count) -> {
            long was = before.counts.getOrDefault(type, 0L);
            assertTrue(count <= was + few, () -> count + " " + type + ", and " + was + " before");
        });
    }

    /**
     * Does the same again and again: after a quarter of the rounds nothing may become more, and no round may take longer, however
     * many there were.
     */
    static Census ofStorm(int rounds, IntConsumer round) {
        return ofStorm(rounds, FEW, round);
    }

    /** @param few how many more of a type may be meanwhile */
    static Census ofStorm(int rounds, long few, IntConsumer round) {
        int quarter = rounds / 4;
        Census others = take();
        run(0, quarter, round);
        Census before = take();
        long early = run(quarter, 2 * quarter, round);
        run(2 * quarter, 3 * quarter, round);
        long late = run(3 * quarter, 4 * quarter, round);
        Census after = take();
        after.assertNoMoreThan(before, few);
        assertNoSlower(early, late);
        after.leaveOut(others);
        return after;
    }

    /** The same for what is there to stay: only no round may take longer. */
    static void ofGrowth(int rounds, IntConsumer round) {
        int quarter = rounds / 4;
        run(0, quarter, round);
        long early = run(quarter, 2 * quarter, round);
        run(2 * quarter, 3 * quarter, round);
        assertNoSlower(early, run(3 * quarter, 4 * quarter, round));
    }

    private static void assertNoSlower(long early, long late) {
        assertTrue(late < GROWN * early + 20_000_000, "a quarter of the rounds took " + early + " ns at first, and " + late);
    }

    /** CPU time, because others may have the CPU meanwhile. */
    private static long run(int first, int end, IntConsumer round) {
        long beganNs = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int i = first; i < end; i++) {
            round.accept(i);
        }
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - beganNs;
    }
}
