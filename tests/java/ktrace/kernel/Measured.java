package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a workload measured of its own waits, and whether ktrace says the same. */
record Measured(JsonNode json) {
    /** How far ktrace's total may be from the workload's. */
    private static final double TOLERANCE = 0.05;
    /** The share of the waiting time that must be explained as expected: the first or last wait may be disturbed. */
    private static final double MOST = 0.95;

    String name() {
        return json.path("workload").asText() + " " + json.path("mode").asText();
    }

    int waiterPid() {
        return json.path("waiterPid").asInt();
    }

    int waiterTid() {
        return json.path("waiterTid").asInt();
    }

    /** The time in its blocking calls, less the time it stood in line for a CPU: ktrace counts that as runnable. */
    long waitedNs() {
        return json.path("totalNs").asLong() - json.path("waitRunDelayNs").asLong();
    }

    /** By the kernel's own accounts, blocked in the loop: for waits that are too short for the clock around the call. */
    long blockedNs() {
        return json.path("loopNs").asLong() - json.path("cpuNs").asLong() - json.path("runDelayNs").asLong();
    }

    Set<Integer> wakerPids() {
        Set<Integer> pids = new HashSet<>();
        json.path("wakerPids").forEach(pid -> pids.add(pid.asInt()));
        if (json.path("wakerPid").asInt() != 0) {
            pids.add(json.path("wakerPid").asInt());
        }
        return pids;
    }

    /**
     * ktrace's rows about these waits: of the waiter, in its call, of the right kind. Where the kernel did not write every wake-up,
     * as it does in some virtual machines while a CPU's idle task is current, a wait in poll may have ended unseen, without object.
     */
    List<JsonNode> rows(FinalDocument document) {
        List<JsonNode> rows = document.waits(waiterPid(), row -> isMine(row)
                || (document.hasUnrecorded() && isUnseen(row) && isSameCall(row) && "poll".equals(row.path("kind").asText())));
        assertFalse(rows.isEmpty(), () -> name() + ": no wait of kind " + json.path("kind").asText() + " in "
                + json.path("syscall").asText() + " on its object among " + document.process(waiterPid()).path("waits"));
        return rows;
    }

    private static boolean isUnseen(JsonNode row) {
        return row.path("evidence").asText().equals("none");
    }

    private boolean isSameCall(JsonNode row) {
        return row.path("syscall").asText("").equals(json.path("syscall").asText());
    }

    private boolean isMine(JsonNode row) {
        return row.path("kind").asText().equals(json.path("kind").asText()) && isSameCall(row)
                && row.path("object").asText().contains(objectName());
    }

    /** What ktrace's name of the object must contain; empty where the workload cannot say. */
    private String objectName() {
        String address = json.path("address").asText();
        String object = json.path("object").asText();
        return switch (json.path("kind").asText()) {
            case "tcp", "udp" -> address;
            case "unix" -> object.startsWith("/") || object.isEmpty() ? object : "[" + json.path("inode").asText() + "]";
            case "netlink" -> "[" + json.path("inode").asText() + "]";
            case "pipe", "fifo", "fuse", "fanotify", "filelock", "tty", "sysvmsg", "sysvsem" -> object;
            default -> "";
        };
    }

    void assertTotal(FinalDocument document) {
        long totalNs = FinalDocument.sum(rows(document), "totalNs");
        assertEquals(1.0, (double) totalNs / waitedNs(), TOLERANCE,
                () -> name() + ": ktrace has " + totalNs + " ns, the workload " + waitedNs() + " ns\n" + json + "\n" + rows(document)
                + "\nof all waits " + document.waits(waiterPid(), row -> true)
                + "\nand states " + document.process(waiterPid()).path("states") + "\ncounted " + document.json().path("counters"));
    }

    /**
     * The kernel's count of voluntary switches is that of the waits: a call that found what it wanted did not wait. What the waiter
     * blocked in besides, between the waits or before them, is told as that. Where children are made and reaped between the waits,
     * half of them may be of that sort.
     */
    void assertCount(FinalDocument document) {
        List<JsonNode> mine = rows(document);
        List<JsonNode> others = document.waits(waiterPid(), row -> !mine.contains(row));
        long count = FinalDocument.sum(mine, "count");
        long switches = json.path("switchesVoluntary").asLong();
        long least = json.path("kind").asText().equals("child") ? switches / 2 : switches - FinalDocument.sum(others, "count");
        assertTrue(least <= count && count <= switches, () -> name() + ": " + count + " waits, " + switches
                + " voluntary switches\n" + mine + "\nand besides " + others);
    }

    void assertWaker(FinalDocument document) {
        Set<Integer> wakers = wakerPids();
        assertMost(document, "woken by " + wakers, row -> wakers.contains(row.path("waker").path("pid").asInt()));
    }

    void assertEvidence(FinalDocument document) {
        String expected = json.path("evidence").asText();
        assertMost(document, "evidence " + expected, row -> {
            String evidence = row.path("evidence").asText();
            return evidence.equals(expected) || (expected.equals("waker") && evidence.equals("object"));
        });
    }

    /** The other end is held by the waker, and by nobody but the parties. */
    void assertPeers(FinalDocument document) {
        for (JsonNode row : rows(document)) {
            Set<Integer> peers = row.path("peers").valueStream().map(peer -> peer.path("pid").asInt())
                    .collect(Collectors.toSet());
            if (document.hasUnrecorded() && isUnseen(row)) {
                continue;
            }
            assertTrue(wakerPids().containsAll(peers) && !peers.isEmpty(), () -> name() + ": the peers are " + peers
                    + " and not " + wakerPids() + "\n" + row);
        }
    }

    /** Every blocking call was counted as a system call. */
    void assertCalls(FinalDocument document) {
        long calls = document.calls(waiterPid(), json.path("syscall").asText());
        long waits = FinalDocument.sum(rows(document), "count");
        boolean several = json.path("switchesVoluntary").asLong() > json.path("waits").asLong();
        assertTrue(calls >= (several ? json.path("waits").asLong() : waits), () -> name() + ": " + calls + " calls of "
                + json.path("syscall").asText() + " and " + waits + " waits");
    }

    private void assertMost(FinalDocument document, String what, java.util.function.Predicate<JsonNode> holds) {
        List<JsonNode> rows = new ArrayList<>(rows(document));
        if (document.hasUnrecorded()) {
            rows.removeIf(Measured::isUnseen);
        }
        assertFalse(rows.isEmpty() && !"interrupt".equals(json.path("evidence").asText()), () -> name() + ": every wake-up unseen");
        double share = rows.isEmpty() ? 1 : (double) FinalDocument.sum(rows.stream().filter(holds).toList(), "totalNs")
                / FinalDocument.sum(rows, "totalNs");
        assertTrue(share >= MOST, () -> name() + ": " + what + " for only " + Math.round(share * 100) + " % of the time\n"
                + rows);
    }
}
