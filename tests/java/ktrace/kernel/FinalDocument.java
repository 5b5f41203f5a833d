package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** ktrace's final document, with the questions that tests ask of it. */
record FinalDocument(JsonNode json) {

    /** The process of that number; the last one when the number was used again. */
    JsonNode process(int pid) {
        JsonNode found = null;
        for (JsonNode process : json.path("processes")) {
            if (process.path("pid").asInt() == pid) {
                found = process;
            }
        }
        if (found == null) {
            throw new AssertionError("no process " + pid + " in " + json);
        }
        return found;
    }

    JsonNode thread(int pid, int tid) {
        return process(pid).path("threads").valueStream().filter(thread -> thread.path("tid").asInt() == tid).findFirst()
                .orElseThrow(() -> new AssertionError("no thread " + tid + " in " + process(pid)));
    }

    boolean hasProcess(int pid) {
        return json.path("processes").valueStream().anyMatch(process -> process.path("pid").asInt() == pid);
    }

    List<JsonNode> waits(int pid, Predicate<JsonNode> which) {
        List<JsonNode> waits = new ArrayList<>();
        process(pid).path("waits").forEach(wait -> {
            if (which.test(wait)) {
                waits.add(wait);
            }
        });
        return waits;
    }

    /** How often a process called a system call by that name, over all processes of the number. */
    long calls(int pid, String name) {
        long calls = 0;
        for (JsonNode process : json.path("processes")) {
            if (process.path("pid").asInt() == pid) {
                calls += process.path("syscalls").valueStream().filter(call -> name.equals(call.path("name").asText()))
                        .mapToLong(call -> call.path("calls").asLong()).sum();
            }
        }
        return calls;
    }

    long calls(String name) {
        return json.path("processes").valueStream().flatMap(process -> process.path("syscalls").valueStream())
                .filter(call -> name.equals(call.path("name").asText())).mapToLong(call -> call.path("calls").asLong()).sum();
    }

    /** The kernel counted events that it did not write, though there was room. */
    boolean hasUnrecorded() {
        return json.path("counters").path("unrecorded").asLong() > 0;
    }

    static long sum(List<JsonNode> nodes, String field) {
        return nodes.stream().mapToLong(node -> node.path(field).asLong()).sum();
    }

    /** The laws of the contract that one document can be asked about, and that nothing was lost. */
    void assertLaws() {
        assertEquals(0, json.path("lost").asLong(), () -> "lost events: " + json.path("counters"));
        for (JsonNode process : json.path("processes")) {
            String who = "process " + process.path("pid").asInt() + " " + process.path("comm").asText();
            JsonNode states = process.path("states");
            assertBlockedParts(who, states);
            long fromWaits = process.path("waits").valueStream().mapToLong(wait -> wait.path("totalNs").asLong()).sum();
            assertEquals(states.path("blockedNs").asLong(), fromWaits, who + ": the waits sum to blocked");
            for (String part : List.of("runningNs", "runnableNs", "blockedNs", "unknownNs")) {
                long fromThreads = process.path("threads").valueStream()
                        .mapToLong(thread -> thread.path("states").path(part).asLong()).sum();
                assertEquals(states.path(part).asLong(), fromThreads, who + ": " + part + " is the sum of the threads'");
            }
            process.path("threads").forEach(thread ->
                    assertBlockedParts(who + " thread " + thread.path("tid").asInt(), thread.path("states")));
            assertObservedTime(who, process);
        }
    }

    private static void assertBlockedParts(String who, JsonNode states) {
        long parts = states.path("blockedBy").valueStream().mapToLong(JsonNode::asLong).sum();
        assertEquals(states.path("blockedNs").asLong(), parts, who + ": blockedBy sums to blocked");
        for (String part : List.of("runningNs", "runnableNs", "blockedNs", "unknownNs")) {
            assertTrue(states.path(part).asLong() >= 0, who + ": " + part + " is negative");
        }
    }

    /** One thread that lived as long as its process was observed for all of that time. */
    private void assertObservedTime(String who, JsonNode process) {
        if (process.path("threads").size() != 1 || process.path("exitNs").isNull()) {
            return;
        }
        JsonNode states = process.path("states");
        long observedNs = states.path("runningNs").asLong() + states.path("runnableNs").asLong()
                + states.path("blockedNs").asLong() + states.path("unknownNs").asLong();
        long fromNs = Math.max(process.path("startNs").asLong(), json.path("startNs").asLong());
        long livedNs = process.path("exitNs").asLong() - fromNs;
        assertEquals(livedNs, observedNs, 1_000_000, who + ": its states sum to the time that it was observed");
    }
}
