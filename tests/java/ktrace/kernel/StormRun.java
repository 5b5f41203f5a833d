package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * How ktrace fared at a program that goes on all the time, and that was in full course when it came. For two censuses the program
 * was stopped, as they take a CPU for a while that a user's ktrace has.
 *
 * @param wholeSystem whether the program was traced with everything else
 * @param processes how many the program has
 * @param document the final one
 * @param endedNs how long after the begin of tracing ktrace's process had ended
 * @param early after the first third
 * @param late shortly before the end
 */
record StormRun(boolean wholeSystem, int processes, FinalDocument document, long endedNs, Census early, Census late) {
    private static final Duration DURATION = Duration.ofSeconds(4);
    private static final Duration LATE = Duration.ofMillis(2700);
    private static final long MIB = 1 << 20;
    private static final double AS_MANY = 0.95;
    /** So many may wait for an answer, or for their turn as an answer, and do so now and then. */
    private static final long QUESTIONS = 8192;
    /** So many waits of a process are kept apart; then half of them are joined (analysis.shard.Limits). */
    private static final long ROWS = 4096;
    /** So many ended processes are told of one by one (the same), each of which has a few threads, calls and waits. */
    private static final long ENDED = 2048;
    private static final long OF_EACH = 8;
    /** What is kept tells of them, and the last summary and the next. */
    private static final int TOLD = 3;
    /** Of the ring between the stages: each still names what its last event was about. */
    private static final long SLOTS = 8192;
    private static final long SOME = 1000;

    /** @param pids of the program's processes, all of which are attached to */
    static StormRun at(long... pids) {
        return at(false, List.of("-p", String.join(",", texts(pids))), pids);
    }

    static StormRun onWholeSystem(long... pids) {
        return at(true, List.of("-a"), pids);
    }

    private static StormRun at(boolean wholeSystem, List<String> scope, long... pids) {
        List<String> arguments = new ArrayList<>(List.of("-d", DURATION.toSeconds() + "s"));
        arguments.addAll(scope);
        try (Ktrace ktrace = Ktrace.startInstalled(arguments)) {
            ktrace.awaitTracing();
            long startNs = ktrace.documents().getFirst().path("startNs").asLong();
            Census early = census(ktrace, pids);
            RunningProgram.sleep(Duration.ofNanos(Math.max(0, startNs + LATE.toNanos() - System.nanoTime())));
            Census late = census(ktrace, pids);
            int status = ktrace.awaitExit();
            long endedNs = System.nanoTime() - startNs;
            assertEquals(0, status, () -> ktrace.program().describe());
            return new StormRun(wholeSystem, pids.length, ktrace.finalDocument(), endedNs, early, late);
        }
    }

    private static Census census(Ktrace ktrace, long... pids) {
        signal("STOP", pids);
        try {
            return Census.of(ktrace.program().pid());
        } finally {
            signal("CONT", pids);
        }
    }

    private static void signal(String name, long... pids) {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        command.addAll(texts(pids));
        try (RunningProgram kill = RunningProgram.start(command)) {
            assertEquals(0, kill.exitStatus(DURATION), kill::describe);
        }
    }

    private static List<String> texts(long... pids) {
        return LongStream.of(pids).mapToObj(Long::toString).toList();
    }

    long lost() {
        return document.json().path("lost").asLong();
    }

    /** Events that came to be, whether seen or lost. */
    double eventsPerSecond() {
        return seenPerSecond() + lost() * 1e9 / document.json().path("durationNs").asLong();
    }

    private double seenPerSecond() {
        return document.json().path("events").asLong() * 1e9 / document.json().path("durationNs").asLong();
    }

    /**
     * Nothing was lost, or at least nothing that a plain loop does not lose as well. That of one thread makes at full speed as many
     * calls as there can be; of several threads together it makes as many as the storm did, where those that keep to a rate can, and
     * else as many as there can be, too. A storm of more calls than any loop makes may lose some, but no fewer are seen of it than of
     * that.
     */
    void assertNothingLost(int processes) {
        if (lost() == 0) {
            return;
        }
        StormRun compared = processes == 1 ? plain(1, List.of())
                : plain(processes, List.of("--rate", Long.toString((long) (eventsPerSecond() / 2 / processes))));
        if (compared.lost() == 0 && compared.eventsPerSecond() < AS_MANY * eventsPerSecond() && processes > 1) {
            compared = plain(processes, List.of());
        }
        String found = "lost, where getppid as often has lost none: " + this + "\ngetppid: " + compared;
        assertTrue(compared.lost() > 0 || seenPerSecond() >= compared.eventsPerSecond(), found);
    }

    private StormRun plain(int threads, List<String> rate) {
        List<String> arguments = new ArrayList<>(List.of("1000000000", "--threads", Integer.toString(threads), "--wait-go"));
        arguments.addAll(rate);
        try (Workload plain = Workload.start("getppid", arguments.toArray(String[]::new))) {
            long pid = plain.awaitReady().path("waiterPid").asLong();
            plain.go();
            return wholeSystem ? onWholeSystem(pid) : at(pid);
        }
    }

    /** The clock that the user set ends the trace; then there is still the document to write, and a JVM to end. */
    void assertEndedInTime() {
        long tracedNs = document.json().path("durationNs").asLong();
        assertTrue(tracedNs >= DURATION.minusMillis(10).toNanos() && tracedNs < DURATION.plusMillis(500).toNanos(),
                () -> "traced for " + tracedNs / 1_000_000 + " ms: " + this);
        assertTrue(endedNs < DURATION.plusMillis(1000).toNanos(), () -> "ended after " + endedNs / 1_000_000 + " ms: " + this);
    }

    /** The end of the storm finds ktrace as large as its first third has left it, in memory and in what it remembers. */
    void assertFlat() {
        assertRemembersNoMore(0);
        assertTrue(late.liveBytes() - early.liveBytes() < 4 * MIB, () -> "more and more is live: " + this);
    }

    /** Where the storm makes processes: each may be told of in the end, so that it takes its room, up to a bound. */
    void assertFlatButForTheEnded() {
        assertRemembersNoMore(ENDED * OF_EACH);
    }

    private void assertRemembersNoMore(long ofTheEnded) {
        Map<String, Long> grown = late.grownSince(early, SOME);
        grown.entrySet().removeIf(entry -> comesAndGoes(entry.getKey(), entry.getValue(), ofTheEnded));
        assertTrue(grown.isEmpty(), () -> "of these there are more and more: " + grown + ": " + this);
        assertSmall();
        assertTrue(late.residentBytes() - early.residentBytes() < 48 * MIB, () -> "it becomes larger and larger: " + this);
    }

    /** What has a bound that it reaches again and again; and what facts on their way and waits kept apart tell of. */
    private boolean comesAndGoes(String name, long more, long ofTheEnded) {
        long count = late.instances().get(name);
        return switch (name) {
            case "ktrace.pipeline.ControlStream$Entry", "ktrace.event.FdSnapshot" -> count <= QUESTIONS;
            case "ktrace.event.KernelObject" -> more <= SLOTS + late.moreThan(early, "ktrace.event.Fact$")
                    + late.moreThan(early, "ktrace.analysis.waits.WaitRow");
            // Of each of the ended is told who it was, who woke whom, and behind whom it stood in the queue.
            case "ktrace.event.ProcessId", "ktrace.event.ThreadId", "ktrace.event.Peer", "ktrace.event.Waker" ->
                    more <= ofTheEnded;
            default -> (name.startsWith("ktrace.facts.") || name.startsWith("ktrace.event.Fact$")) && count <= QUESTIONS
                    || name.startsWith("ktrace.analysis.") && count <= TOLD * (ROWS * processes + ofTheEnded) + SOME;
        };
    }

    void assertSmall() {
        assertTrue(late.liveBytes() > 0, () -> "it could not be asked any more: " + this);
        assertTrue(late.liveBytes() < 64 * MIB && late.residentBytes() < 300 * MIB, () -> "it has become large: " + this);
    }

    /** Of a process's waits in a call, as good as all are of that kind, and, if that is asked for, confirmed by the object. */
    void assertNamed(long pid, String kind, String syscall, boolean confirmed) {
        List<JsonNode> rows = document.waits((int) pid, wait -> wait.path("syscall").asText().equals(syscall));
        long named = FinalDocument.sum(rows.stream().filter(row -> row.path("kind").asText().equals(kind)
                && (!confirmed || row.path("evidence").asText().equals("object"))).toList(), "count");
        long all = FinalDocument.sum(rows, "count");
        assertTrue(all > 100 && named > 0.9 * all, () -> named + " of " + all + " waits are named: " + this);
    }

    @Override
    public String toString() {
        JsonNode json = document.json();
        return "%,.0f events/s, %,d lost; %,d ms traced, ended after %,d ms; RSS %,d to %,d MiB, live %,d to %,d KiB; %s".formatted(
                eventsPerSecond(), lost(), json.path("durationNs").asLong() / 1_000_000, endedNs / 1_000_000,
                early.residentBytes() / MIB, late.residentBytes() / MIB, early.liveBytes() >> 10, late.liveBytes() >> 10,
                json.path("counters"));
    }
}
