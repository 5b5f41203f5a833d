package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Waits of known length, whose both sides are traced by ptrace: a wait is a call's duration, and who ended it is told by the object
 * that both worked on. What no call of the other side shows is nobody's.
 */
@RealKernel
class KnownWaitsByPtraceTest {
    private static final int COUNT = 20;
    private static final String MS = "10";

    /**
     * Of the time in the call, entering it and leaving it take their part: two stops of some ten microseconds, and the way to the CPU, which
     * is now and then some milliseconds, and is no wait. So the least is taken of waits cut at their median. Calls on the object that did
     * not wait are counted as short waits.
     */
    private static final double LEAST_OF_TOTAL = 0.9;
    private static final double MOST_OF_TOTAL = 1.05;
    private static final double MOST_EXPLAINED = 0.9;
    /** Whether a call on these let anybody on is known at its end, and the waiter may have returned before. */
    private static final Set<String> RACY = Set.of("sysvsem", "filelock");
    private static final double MOST_OF_RACY = 0.6;
    /** No call of the other side ends these, or none that is known to be on the object. */
    private static final Set<String> NOBODY = Set.of("event timerfd", "event tty", "poll timeout", "message netlink", "event inotify");

    @TestFactory
    Stream<DynamicTest> descriptors() {
        return modes("pipe read", "pipe write", "pipe fifo", "unix read", "unix recv", "unix seqpacket", "tcp read", "tcp recv6",
                "event eventfd", "event signalfd", "event timerfd", "queue mq-receive", "queue mq-send");
    }

    @TestFactory
    Stream<DynamicTest> futexes() {
        return modes("futex mutex", "futex condvar", "futex semaphore", "futex shared", "futex requeue", "futex pi", "futex bitset");
    }

    @TestFactory
    Stream<DynamicTest> childrenAndSignals() {
        return modes("process wait4", "process waitid", "process vfork", "process sigtimedwait", "process sigsuspend", "process pause");
    }

    @TestFactory
    Stream<DynamicTest> queuesAndLocks() {
        return modes("queue msgrcv", "queue msgsnd", "queue semop", "queue semop-zero", "filelock flock", "filelock fcntl",
                "filelock ofd");
    }

    @TestFactory
    Stream<DynamicTest> sets() {
        return modes("poll poll-pipe", "poll poll-unix", "poll poll-tcp", "poll poll-eventfd", "poll ppoll-tcp", "poll select-pipe",
                "poll select-unix", "poll pselect-pipe", "poll epoll-pipe", "poll epoll-unix", "poll epoll-tcp", "poll epoll-eventfd",
                "poll epoll-edge-tcp", "poll epoll-nested", "poll timeout", "event pidfd");
    }

    private static Stream<DynamicTest> modes(String... modes) {
        StringBuilder script = new StringBuilder();
        for (String mode : modes) {
            String[] words = mode.split(" ");
            script.append("'%s' %s --count %d --ms %s\n".formatted(Workload.program(words[0]), words[1], COUNT, MS));
        }
        try (Ktrace ktrace = Ktrace.startWithJson(List.of("-c", "ptrace", "--", "sh", "-c", script.toString()))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            FinalDocument document = ktrace.finalDocument();
            document.assertLaws();
            List<JsonNode> results = ktrace.program().documents();
            assertEquals(modes.length, results.size(), () -> ktrace.program().describe());
            return results.stream().map(Measured::new)
                    .map(measured -> DynamicTest.dynamicTest(measured.name(), () -> compare(measured, document)));
        }
    }

    private static void compare(Measured measured, FinalDocument document) {
        List<JsonNode> rows = measured.rows(document);
        double totalNs = FinalDocument.sum(rows, "totalNs");
        JsonNode truth = measured.json();
        assertTrue(totalNs >= LEAST_OF_TOTAL * truth.path("cutNs").asLong()
                        && totalNs <= MOST_OF_TOTAL * truth.path("totalNs").asLong(),
                () -> measured.name() + ": " + totalNs + " ns, and measured were " + truth + "\n" + rows
                + "\nof all waits " + document.waits(measured.waiterPid(), row -> true) + "\ncounted " + document.json().path("counters"));
        long explainedNs = FinalDocument.sum(rows.stream().filter(row -> row.path("evidence").asText().equals("object")).toList(),
                "totalNs");
        if (NOBODY.contains(measured.name())) {
            assertEquals(0, explainedNs, () -> measured.name() + ": a waker was made up\n" + rows);
            return;
        }
        assertTrue(rows.stream().filter(row -> !row.path("waker").isNull())
                .allMatch(row -> measured.wakerPids().contains(row.path("waker").path("pid").asInt())
                        && row.path("evidence").asText().equals("object")),
                () -> measured.name() + ": another waker than " + measured.wakerPids() + "\n" + rows);
        double least = RACY.contains(measured.json().path("kind").asText()) ? MOST_OF_RACY : MOST_EXPLAINED;
        assertTrue(explainedNs / totalNs >= least, () -> measured.name() + ": explained " + explainedNs / totalNs + "\n" + rows);
    }
}
