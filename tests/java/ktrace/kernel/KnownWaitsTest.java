package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * Two parties, waits of known length, every kind of wait: ktrace's figures against those that the workloads took of themselves.
 * One run of ktrace traces all modes of a program, one after the other, through a shell.
 */
@RealKernel
@ParameterizedClass
@MethodSource("ktrace.kernel.LiveCollectors#names")
class KnownWaitsTest {
    /** So many that one of them, the first above all, may be disturbed: it is less than a twentieth of the time, also if it is longer. */
    private static final String COUNT = "30";
    private static final String MS = "10";

    /** Waits whose other end is held by one process, the waker. */
    private static final Set<String> PEERS_ARE_WAKERS = Set.of("pipe", "unix", "tcp");

    /** What is waited for is that there be another end. */
    private static final Set<String> NO_OTHER_END_YET = Set.of("unix accept", "unix connect", "tcp accept", "uring accept");

    /** Modes in which one call may block several times, or the end is waited for in the same call: more intervals than waits. */
    private static final Set<String> SEVERAL_INTERVALS = Set.of("tcp write", "unix write", "plain fsync", "plain odirect",
            "event tty", "stops tracee-stops");

    /** Programs that are run with both halves of perf+bpf: each half is held to all of them by itself. */
    private static final Set<String> BY_BOTH = Set.of("pipe", "tcp", "futex", "event", "poll", "process", "uring", "plain");

    @Parameter
    private String collector;

    @TestFactory
    Stream<DynamicNode> pipes() {
        return modes("pipe", "read", "write", "fifo", "splice", "splice-full", "tee-full");
    }

    @TestFactory
    Stream<DynamicNode> unixSockets() {
        return modes("unix", "read", "write", "recv", "seqpacket", "datagram-full", "datagram-full-to",
                "accept", "connect");
    }

    @TestFactory
    Stream<DynamicNode> tcpSockets() {
        return modes("tcp", "read", "recv6", "write", "accept");
    }

    @TestFactory
    Stream<DynamicNode> datagramsAndNetlink() {
        return modes("message", "udp", "udp-connected", "netlink");
    }

    @TestFactory
    Stream<DynamicNode> futexes() {
        return modes("futex", "mutex", "condvar", "semaphore", "shared", "requeue", "pi", "bitset");
    }

    @TestFactory
    Stream<DynamicNode> eventDescriptors() {
        return modes("event", "eventfd", "eventfd-write", "signalfd", "timerfd", "inotify", "pidfd");
    }

    /** A thread of the kernel hands on what was written. */
    @TestFactory
    Stream<DynamicNode> terminals() {
        return modes("event", "tty");
    }

    @TestFactory
    Stream<DynamicNode> queuesAndSemaphores() {
        return modes("queue", "msgrcv", "msgsnd", "semop", "semop-zero", "mq-receive", "mq-send");
    }

    @TestFactory
    Stream<DynamicNode> childrenAndSignals() {
        return modes("process", "wait4", "waitid", "vfork", "sigtimedwait", "sigsuspend", "pause");
    }

    @TestFactory
    Stream<DynamicNode> signalsThatEndWaits() {
        return modes("stops", "nanosleep", "signalfd-child", "mq-notify", "child-stops", "tracee-stops");
    }

    @TestFactory
    Stream<DynamicNode> heldStill() throws IOException {
        // Without version 2 of control groups nobody can be frozen.
        return Files.readString(Path.of("/proc/mounts")).contains(" cgroup2 ") ? modes("stops", "stop", "traced", "freeze")
                : modes("stops", "stop", "traced");
    }

    @TestFactory
    Stream<DynamicNode> fileLocks() {
        return modes("filelock", "flock", "fcntl", "ofd", "other-fd");
    }

    @TestFactory
    Stream<DynamicNode> whatAnotherServes() {
        return modes("served", "fuse-read", "fuse-stat", "fuse-fault", "fanotify", "userfault", "lease");
    }

    @TestFactory
    Stream<DynamicNode> poll() {
        return modes("poll", "poll-pipe", "poll-unix", "poll-tcp", "poll-udp", "poll-eventfd", "ppoll-pipe", "ppoll-tcp",
                "timeout");
    }

    @TestFactory
    Stream<DynamicNode> select() {
        return modes("poll", "select-pipe", "select-unix", "select-tcp", "pselect-pipe", "pselect-udp", "pselect-eventfd");
    }

    /** No call of the waiter tells what its poll was for: the set is read from its memory. */
    @TestFactory
    Stream<DynamicNode> setsThatAreReadFromMemory() {
        // Without programs in the kernel that takes longer waits: PolledSetsTest.
        return collector.equals("perf") ? Stream.empty() : modes("poll", "poll-logging", "ppoll-logging", "select-logging",
                "pselect-logging", "resolver", "python", "database");
    }

    @TestFactory
    Stream<DynamicNode> epoll() {
        return modes("poll", "epoll-pipe", "epoll-unix", "epoll-tcp", "epoll-udp", "epoll-eventfd", "epoll-edge-pipe",
                "epoll-edge-tcp", "epoll-nested");
    }

    @TestFactory
    Stream<DynamicNode> fileDescriptorsWithAPast() {
        return modes("fdtable", "recycled", "dup2", "fcntl", "close-range", "thread", "clone-files", "scm-rights",
                "pidfd-getfd", "exec", "spawn");
    }

    /** Programs for i386, whose calls have numbers of their own. */
    @TestFactory
    Stream<DynamicNode> ofThirtyTwoBits() {
        return Stream.of(modes("pipe32", "read", "write"), modes("futex32", "mutex", "condvar"),
                modes("poll32", "poll-pipe", "epoll-pipe"), modes("fdtable32", "recycled", "exec")).flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicNode> requestsOfIoUring() {
        return modes("uring", "read", "defer", "coop", "two", "registered", "write", "recv", "accept", "poll", "futex", "message",
                "timeout");
    }

    @TestFactory
    Stream<DynamicNode> aroundIoUring() {
        return modes("uring", "epoll", "eventfd", "by-ring", "by-worker", "by-sqpoll", "by-send", "fsync", "punted", "aio-poll",
                "aio-disk");
    }

    @TestFactory
    Stream<DynamicNode> nobodysDoing() {
        return modes("plain", "nanosleep", "fsync", "odirect", "burn");
    }

    /** Runs the modes under one ktrace; then each mode's comparisons are tests of their own. */
    private Stream<DynamicNode> modes(String program, String... modes) {
        if (collector.equals("perf+bpf") && !BY_BOTH.contains(program)) {
            return Stream.empty();
        }
        StringBuilder script = new StringBuilder();
        for (String mode : modes) {
            script.append("'%s' %s --count %s --ms %s\n".formatted(Workload.program(program), mode, COUNT, MS));
        }
        try (Ktrace ktrace = Ktrace.traceCommand(collector, List.of("sh", "-c", script.toString()))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            FinalDocument document = ktrace.finalDocument();
            List<JsonNode> results = ktrace.program().documents();
            assertEquals(modes.length, results.size(), () -> ktrace.program().describe());
            return Stream.concat(Stream.of(DynamicTest.dynamicTest("laws", document::assertLaws)),
                    results.stream().map(result -> comparisons(new Measured(result), document)));
        }
    }

    private static DynamicContainer comparisons(Measured measured, FinalDocument document) {
        List<DynamicTest> tests = new ArrayList<>();
        String kind = measured.json().path("kind").asText();
        if (kind.isEmpty()) {
            tests.add(DynamicTest.dynamicTest("running", () -> assertRunning(measured, document)));
        } else if (kind.equals("disk")) {
            tests.add(DynamicTest.dynamicTest("blocked on disk", () -> assertDisk(measured, document)));
        } else {
            tests.add(DynamicTest.dynamicTest("total", () -> measured.assertTotal(document)));
            tests.add(DynamicTest.dynamicTest("evidence", () -> measured.assertEvidence(document)));
            if (!measured.json().path("syscall").asText().isEmpty()) {
                tests.add(DynamicTest.dynamicTest("calls", () -> measured.assertCalls(document)));
            }
            if (!SEVERAL_INTERVALS.contains(measured.name())) {
                tests.add(DynamicTest.dynamicTest("count", () -> measured.assertCount(document)));
            }
            if (!measured.wakerPids().isEmpty()) {
                tests.add(DynamicTest.dynamicTest("waker", () -> measured.assertWaker(document)));
                if (PEERS_ARE_WAKERS.contains(kind) && !NO_OTHER_END_YET.contains(measured.name())) {
                    tests.add(DynamicTest.dynamicTest("peers", () -> measured.assertPeers(document)));
                }
            }
        }
        return DynamicContainer.dynamicContainer(measured.name(), tests);
    }

    private static void assertRunning(Measured measured, FinalDocument document) {
        JsonNode states = document.process(measured.waiterPid()).path("states");
        // What it does after it has looked at its accounts, and how it ends, is not in them.
        long toleranceNs = 20_000_000 + measured.json().path("loopNs").asLong() / 20;
        assertEquals(measured.json().path("lifeCpuNs").asLong(), states.path("runningNs").asLong(), toleranceNs, "running");
        assertEquals(measured.json().path("lifeRunDelayNs").asLong(), states.path("runnableNs").asLong(), toleranceNs, "runnable");
    }

    /**
     * Waits so short that the call around them counts: the kernel's accounts of the thread tell the blocked time. Two things are in
     * none of the accounts: what interrupts and a hypervisor took from the thread while it ran, and how long a wake-up was on its way
     * to the other CPU, which for ktrace is time in line. And of a wake-up that the kernel did not write it is not known when it was:
     * what the thread then stood in line for, by the kernel's account and not by ktrace's, is in its waits. That these are no hiding
     * place, each wait must be there.
     */
    private static void assertDisk(Measured measured, FinalDocument document) {
        measured.assertCount(document);
        JsonNode states = document.thread(measured.waiterPid(), measured.waiterTid()).path("states");
        long takenNs = Math.max(0, states.path("runningNs").asLong() - measured.json().path("lifeCpuNs").asLong())
                + Math.max(0, states.path("runnableNs").asLong() - measured.json().path("lifeRunDelayNs").asLong());
        boolean unseen = measured.rows(document).stream().anyMatch(row -> row.path("evidence").asText().equals("none"));
        long inLineNs = unseen ? Math.max(0, measured.json().path("lifeRunDelayNs").asLong() - states.path("runnableNs").asLong()) : 0;
        long totalNs = FinalDocument.sum(measured.rows(document), "totalNs");
        long toleranceNs = 1_000_000 + measured.blockedNs() / 10;
        assertTrue(measured.blockedNs() - takenNs - toleranceNs <= totalNs && totalNs <= measured.blockedNs() + inLineNs + toleranceNs,
                () -> measured.name() + ": blocked for " + measured.blockedNs() + " ns less the " + takenNs + " taken from it, or with "
                + inLineNs + " more in line, ktrace has "
                + totalNs + " of all waits: " + measured.json() + ", " + states + ", "
                + document.waits(measured.waiterPid(), row -> true));
        long diskNs = states.path("blockedBy").path("disk").asLong();
        assertTrue(diskNs >= totalNs, () -> measured.name() + ": blockedBy.disk is " + diskNs + ", its waits are " + totalNs);
    }
}
