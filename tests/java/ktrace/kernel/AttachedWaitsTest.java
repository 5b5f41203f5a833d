package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same waits as in {@link KnownWaitsTest}, of programs that ktrace finds running: what their descriptors are, who holds the
 * other end and what they are doing has to be read from /proc and asked of the kernel. All are attached to in one run.
 */
@RealKernel
@ParameterizedClass
@MethodSource("ktrace.kernel.LiveCollectors#names")
class AttachedWaitsTest {
    private static final List<List<String>> PROGRAMS = List.of(
            List.of("pipe", "read"), List.of("pipe", "write"), List.of("pipe", "fifo"),
            List.of("unix", "read"), List.of("unix", "recv"), List.of("unix", "accept"),
            List.of("tcp", "read"), List.of("tcp", "recv6"), List.of("tcp", "accept"),
            List.of("message", "udp"), List.of("message", "netlink"),
            List.of("futex", "mutex"), List.of("futex", "semaphore"), List.of("futex", "shared"), List.of("futex", "pi"),
            List.of("event", "eventfd"), List.of("event", "signalfd"), List.of("event", "inotify"),
            List.of("queue", "msgrcv"), List.of("queue", "semop"), List.of("queue", "mq-receive"),
            List.of("process", "sigtimedwait"), List.of("process", "pause"),
            List.of("filelock", "flock"), List.of("filelock", "fcntl"),
            List.of("poll", "poll-pipe"), List.of("poll", "select-unix"), List.of("poll", "ppoll-tcp"),
            List.of("poll", "epoll-pipe"), List.of("poll", "epoll-unix"), List.of("poll", "epoll-tcp"),
            List.of("poll", "epoll-eventfd"),
            List.of("fdtable", "recycled"), List.of("fdtable", "exec"));

    private static final Set<String> THROUGH_THE_NETWORK = Set.of("tcp", "udp");

    @Parameter
    private String collector;

    @TestFactory
    Stream<DynamicNode> bothPartiesAreAttachedTo() {
        List<Measured> results = new ArrayList<>();
        FinalDocument document = attach(results, true);
        return Stream.concat(Stream.of(DynamicTest.dynamicTest("laws", document::assertLaws)), results.stream()
                .map(measured -> container(measured,
                        DynamicTest.dynamicTest("total", () -> measured.assertTotal(document)),
                        DynamicTest.dynamicTest("waker", () -> measured.assertWaker(document)),
                        DynamicTest.dynamicTest("evidence", () -> measured.assertEvidence(document)))));
    }

    /**
     * What the waker is doing is not seen then; who it is, is, unless it wakes through the network: that happens in a softirq,
     * which could as well serve somebody else.
     */
    @TestFactory
    Stream<DynamicNode> onlyTheWaiterIsAttachedTo() {
        List<Measured> results = new ArrayList<>();
        FinalDocument document = attach(results, false);
        return Stream.concat(Stream.of(DynamicTest.dynamicTest("laws", document::assertLaws)), results.stream()
                .filter(measured -> !measured.json().path("workload").asText().equals("poll"))
                .map(measured -> THROUGH_THE_NETWORK.contains(measured.json().path("kind").asText())
                        ? container(measured, DynamicTest.dynamicTest("total", () -> measured.assertTotal(document)))
                        : container(measured, DynamicTest.dynamicTest("total", () -> measured.assertTotal(document)),
                                DynamicTest.dynamicTest("waker", () -> measured.assertWaker(document)))));
    }

    private static DynamicContainer container(Measured measured, DynamicTest... tests) {
        return DynamicContainer.dynamicContainer(measured.name(), Stream.of(tests));
    }

    private FinalDocument attach(List<Measured> results, boolean wakersToo) {
        List<Workload> workloads = new ArrayList<>();
        try {
            for (List<String> program : PROGRAMS) {
                workloads.add(Workload.start(program.get(0), program.get(1), "--count", "20", "--ms", "10", "--wait-go"));
            }
            List<Long> pids = new ArrayList<>();
            for (Workload workload : workloads) {
                JsonNode ready = workload.awaitReady();
                pids.add(ready.path("waiterPid").asLong());
                long wakerPid = ready.path("wakerPid").asLong();
                if (wakersToo && !pids.contains(wakerPid)) {
                    pids.add(wakerPid);
                }
            }
            try (Ktrace ktrace = Ktrace.attach(List.of("-c", collector, "-i", "100ms"),
                    pids.stream().mapToLong(pid -> pid).toArray())) {
                for (Workload workload : workloads) {
                    workload.go();
                    results.add(new Measured(workload.result()));
                }
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                return ktrace.finalDocument();
            }
        } finally {
            workloads.forEach(Workload::close);
        }
    }
}
