package ktrace.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import ktrace.analysis.Because;
import ktrace.analysis.Cause;
import ktrace.analysis.CheaperCollector;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.SelfUsage;
import ktrace.analysis.StateTimes;
import ktrace.analysis.Summary;
import ktrace.analysis.ThreadSummary;
import ktrace.analysis.ThreadWaits;
import ktrace.analysis.WaitSummary;
import ktrace.event.Evidence;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.TraceCounter;
import ktrace.event.Waker;
import ktrace.text.Unseen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told, whoever shows it. */
class StoryTest {
    /** Who waits for nobody comes first, and a circle ends where it has been. */
    @Test
    void whoWaitedForWhomIsATree() {
        StringBuilder tree = new StringBuilder();
        for (GraphTree.Row row : GraphTree.of(Samples.graph(), 10)) {
            tree.append(" ".repeat(row.depth())).append(row.who().pid()).append(row.edge() == null ? "" : " " + row.edge().kind())
                    .append(row.isToldAbove() ? " above" : "").append('\n');
        }
        assertEquals("""
                700
                 812 child
                  811 pipe
                   812 pipe above
                   77 unix
                  812 futex above
                """, tree.toString());
        assertEquals(2, GraphTree.of(Samples.graph(), 1).size());
    }

    @Test
    void aSentenceHasItsNewsInPieces() {
        WaitRow row = rows(Samples.pipeline(Summary.Scope.FINAL, Samples.S)).waits().getFirst();
        Telling sentence = new WaitSentence(row, Alphabet.UNICODE, 1).fit(Integer.MAX_VALUE);
        assertEquals("sort(812) waited 960 ms (48 %) to read pipe:[8123] ← cat(811)", sentence.toString());
        assertEquals(List.of("sort(812)", "960 ms", "cat(811)"), sentence.pieces().stream()
                .filter(piece -> piece.tone() == Tone.STRONG).map(Telling.Piece::text).toList());
        assertEquals(sentence.toString().length(), sentence.width());
    }

    @Test
    void inLittleRoomWhoAndForWhomStay() {
        WaitRow row = rows(Samples.pipeline(Summary.Scope.FINAL, Samples.S)).waits().stream()
                .filter(r -> r.process().summary().comm().equals("postgres")).findFirst().orElseThrow();
        WaitSentence sentence = new WaitSentence(row, Alphabet.UNICODE, 1);
        for (int columns = 70; columns < 120; columns++) {
            Telling told = sentence.fit(columns);
            assertTrue(told.width() <= columns, told.toString());
            assertTrue(told.toString().startsWith("postgres(4321) waited 780 ms"), told.toString());
            assertTrue(told.toString().endsWith("← pgbench(4400)"), told.toString());
        }
    }

    @Test
    void aThreadHasAShareOfItsOwnTimeAndItsProcessGivesWay() {
        WaitRow row = rows(Samples.threads()).waits().stream().filter(r -> r.waiters().equals(Set.of(902))).findFirst()
                .orElseThrow();
        WaitSentence sentence = new WaitSentence(row, Alphabet.UNICODE, 1);
        assertEquals("worker-1(902) of java(900) waited 3.6 s (90 %) for futex 0x7f3a10c1 ← hog-holder(901)",
                sentence.fit(sentence.width()).toString());
        assertEquals("worker-1(902) waited 3.6 s (90 %) for futex 0x7f3a10c1 ← hog-holder(901)",
                sentence.fit(sentence.width() - 1).toString());
        assertTrue(sentence.fit(60).toString().matches("worker-1\\(902\\) waited 3.6 s for .* ← hog-holder\\(901\\)"),
                sentence.fit(60).toString());
    }

    @Test
    void fewThreadsAreNamedHoweverManyObjectsTheyWaitFor() {
        List<ThreadSummary> threads = new ArrayList<>();
        List<WaitSummary> waits = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            threads.add(new ThreadSummary(901 + i, "w" + i, Samples.states(Samples.S, 0, 0, 0, 1000, 0, 0)));
            for (int j = 0; j < 3; j++) {
                waits.add(Samples.within(900, "futex 0x" + i + j, Evidence.OBJECT,
                        Samples.part(901 + i, "w" + i, 900, "hog", 5, 300 * Samples.MS)));
            }
        }
        assertEquals(21, rowsOf(threads, waits).size());
        threads.add(new ThreadSummary(908, "w7", Samples.states(Samples.S, 0, 0, 0, 1000, 0, 0)));
        waits.add(Samples.within(900, "futex 0x70", Evidence.OBJECT, Samples.part(908, "w7", 900, "hog", 5, 300 * Samples.MS)));
        WaitRow all = rowsOf(threads, waits).getFirst();
        assertEquals("8 threads of java(900) waited 6.6 s (83 %) for 22 futexes ← hog(900)",
                new WaitSentence(all, Alphabet.UNICODE, 1).fit(200).toString());
    }

    /** The leader of a process bears its number and, unless it has renamed itself, its name. */
    @Test
    void theLeaderIsNotToldTwice() {
        WaitSummary wait = Samples.within(900, "futex 0x1", Evidence.OBJECT, Samples.part(900, "java", 901, "w", 1, Samples.S));
        WaitRow row = rowsOf(List.of(new ThreadSummary(900, "java", Samples.states(Samples.S, 0, 0, 0, 1000, 0, 0))), List.of(wait))
                .getFirst();
        assertEquals("java(900) waited 1 s (100 %) for futex 0x1 ← w(901)",
                new WaitSentence(row, Alphabet.UNICODE, 1).fit(200).toString());
    }

    private static String explained(int columns, boolean withinProcess, Because... because) {
        ThreadWaits w = Samples.part(902, "worker", 901, "hog", 5, Samples.S);
        WaitSummary wait = Samples.within(900, "futex 0x1", Evidence.OBJECT, w);
        Waker waker = withinProcess ? w.waker() : new Waker(null, 77, "psql", new Peer(77, "psql"));
        ThreadWaits part = new ThreadWaits(902, "worker", waker, 5, Samples.S, 0, 0, 0, false, List.of(because));
        WaitSummary told = new WaitSummary(wait.kind(), wait.object(), wait.syscall(), waker, wait.peers(), wait.evidence(), 5, Samples.S, 0,
                0, 0, false, List.of(part), List.of(because));
        StateTimes states = Samples.states(Samples.S, 0, 0, 0, 1000, 0, 0);
        return new WaitSentence(rowsOf(List.of(new ThreadSummary(900, "java", states)), List.of(told)).getFirst(), Alphabet.UNICODE, 1)
                .fit(columns).toString();
    }

    private static Because because(int pid, String comm, Cause cause, int percent) {
        return new Because(pid, comm, pid, "", cause, percent * Samples.S / 100);
    }

    @Test
    void whatAWaitIsExplainedByIsTold() {
        Because[] own = {because(77, "psql", Cause.COMPUTES, 71), because(77, "psql", Cause.DISK, 20),
            because(77, "psql", Cause.UNKNOWN, 6), because(77, "psql", Cause.QUEUE, 3)};
        assertEquals("java(900) waited 1 s (100 %) for futex 0x1 ← psql(77), which computed 71 %, waited for the disk 20 %",
                explained(200, false, own));
        assertEquals("java(900) waited 1 s (100 %) for futex 0x1 ← psql(77), which computed 71 %", explained(85, false, own));
        assertEquals("java(900) waited 1 s (100 %) for futex 0x1 ← psql(77): computed 71 %", explained(70, false, own));
        assertEquals("java(900) waited 1 s (100 %) for futex 0x1 ← psql(77)", explained(65, false, own));
        assertEquals("java(900) waited 1 s (100 %) for futex 0x1 ← psql(77): pg(78) slept 80 %",
                explained(80, false, because(77, "psql", Cause.COMPUTES, 20), because(78, "pg", Cause.SLEEPS, 80)));
        assertEquals("java(900) waited 1 s (100 %) for futex 0x1 ← psql(77), which computed 30 %, waited for pg\\x1b(78), which slept "
                + "50 %, had no CPU 20 %", explained(200, false, because(78, "pg\u001b", Cause.SLEEPS, 50),
                because(77, "psql", Cause.COMPUTES, 30), because(78, "pg\u001b", Cause.QUEUE, 20)));
    }

    @Test
    void betweenThreadsItIsToldOfTheThread() {
        assertEquals("worker(902) of java(900) waited 1 s (100 %) for futex 0x1 ← hog(901), which slept 60 %, waited for third(903), "
                + "which computed 40 %", explained(200, true, new Because(900, "java", 901, "hog", Cause.SLEEPS, 600 * Samples.MS),
                new Because(900, "java", 903, "third", Cause.COMPUTES, 400 * Samples.MS)));
    }

    private static List<WaitRow> rowsOf(List<ThreadSummary> threads, List<WaitSummary> waits) {
        StateTimes all = threads.stream().map(ThreadSummary::states).reduce(StateTimes.NONE, StateTimes::plus);
        return rows(Samples.summary(Summary.Scope.FINAL, Samples.S, 0, Map.of(),
                List.of(Samples.process(900, "java", "java", threads, all, List.of(), waits)))).waits();
    }

    /** The parts of one wait are the whole, however they are told. */
    @Test
    void nothingOfTheWaitsIsLostInTheRows() {
        Summary summary = Samples.threads();
        long waitedNs = summary.processes().stream().flatMap(p -> p.waits().stream()).mapToLong(WaitSummary::totalNs).sum();
        assertEquals(waitedNs, rows(summary).waits().stream().mapToLong(r -> r.what().totalNs()).sum());
    }

    @Test
    void figuresThatAreNotKnownAreNone() {
        List<WaitRow> waits = rows(Samples.alike()).waits();
        WaitFigures joined = figures(waits.stream().filter(WaitRow::isJoined).findFirst().orElseThrow());
        assertEquals("600+ waits", joined.count());
        assertEquals("600+", joined.shortCount());
        assertFalse(joined.hasMedian());
        assertEquals("·", joined.median().toString());
        assertTrue(joined.p99().toString().startsWith("≤"), joined.p99().toString());
        assertEquals("[object]", joined.evidence().toString());

        WaitFigures goingOn = figures(rows(Samples.pipeline(Summary.Scope.FINAL, Samples.S)).waits().getLast());
        assertEquals("goes on", goingOn.count());
        assertEquals("+", goingOn.shortCount());
        assertEquals("·", goingOn.max().toString());
    }

    @Test
    void portionsAreAllOfTheTime() {
        StateTimes states = new StateTimes(1, 2, 0, 380, 128, 4, 8, 16, 32, 256, 64, 0, 0, 0);
        long sumNs = 0;
        for (Portion portion : Portion.values()) {
            sumNs += portion.ofNs(states);
        }
        assertEquals(states.totalNs(), sumNs);
    }

    @Test
    void remarksComeWorstFirst() {
        assertEquals(List.of("error: 1 MALFORMED_RECORDS", "loss: 12,340 LOST_EVENTS"), Remark.of(Samples.hostile()).stream()
                .map(remark -> remark.label() + ": " + remark.text().split(" ")[0] + " " + named(remark)).toList());
    }

    @Test
    void whatIsThereOnceIsToldAsOne() {
        assertTrue(Remark.of(Samples.hostile()).getFirst().text().startsWith("1 record that could not be decoded and was passed over"));
        for (TraceCounter counter : TraceCounter.values()) {
            assertNotEquals(counter.sentence(1), counter.sentence(2));
        }
    }

    @Test
    void aCheaperCollectorIsAdviceAndNoDoubt() {
        Summary s = Samples.pipeline(Summary.Scope.FINAL, 10 * Samples.S);
        Map<String, String> said = Map.of(
                "perf+bpf", "for 46 s others made 300,000 system calls a second and the traced 5: -c perf+bpf would have cost them less",
                "bpf", "for 46 s the traced made 5 system calls a second and others 300,000: -c bpf would have cost them less");
        said.forEach((name, text) -> {
            Summary with = new Summary(s.scope(), "bpf", s.startNs(), s.durationNs(), s.events(), s.syscallEvents(), 0, Map.of(), s.self(),
                    s.processes(), s.verdict(), s.graph(), new CheaperCollector(name, 7, 46 * Samples.S, 300_000, 5));
            assertEquals(List.of(new Remark(TraceCounter.Severity.NOTE, text, "; ktrace stays with what a trace began with", true)),
                    Remark.of(with));
        });
    }

    @Test
    void whereThereIsNoRingNothingFoundNoRoomInIt() {
        Summary summary = new Summary(Summary.Scope.FINAL, "ptrace", 0, 1, 10, 10, 3,
                Map.of(TraceCounter.LOST_EVENTS, 3L, TraceCounter.LOST_AT_END, 3L), SelfUsage.NONE, List.of());
        assertEquals(List.of("3 events that came when the trace was at its end"), Remark.of(summary).stream().map(Remark::text).toList());
        assertEquals("", Remark.of(summary).getFirst().meaning());
    }

    private static String named(Remark remark) {
        for (TraceCounter counter : TraceCounter.values()) {
            if (remark.text().contains(" " + counter.sentence(1)) || remark.text().contains(" " + counter.sentence(2))) {
                return counter.name();
            }
        }
        return "?";
    }

    @Test
    void heightsKeepTheirProportionsInFewerColumns() {
        var syscall = Samples.syscall("read", 1000, 0, Samples.S, 20);
        LatencyScale scale = LatencyScale.over(List.of(syscall));
        assertEquals(7, scale.powers());
        assertEquals("131us-16ms", scale.ends(new Units("u")));
        int[] all = scale.heights(syscall, 20, 8);
        assertEquals(7, all.length);
        assertEquals(8, all[3], "most calls");
        int[] few = scale.heights(syscall, 3, 8);
        assertEquals(3, few.length);
        assertEquals(0, LatencyScale.over(List.of()).heights(Samples.syscall("x", 0, 0, 0, 1), 5, 8).length);
    }

    @Test
    void arrowsInNamesOfObjectsAreWrittenInAsciiToo() {
        assertEquals("tcp 1->2 <-> \\xe9", Alphabet.ASCII.escape("tcp 1→2 ↔ é"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unicode", "ascii"})
    void nothingOfATracedProcessIsToldRaw(String name) {
        Alphabet alphabet = name.equals("ascii") ? Alphabet.ASCII : Alphabet.UNICODE;
        SummaryRows rows = rows(Samples.hostile());
        List<String> told = new ArrayList<>();
        rows.waits().forEach(row -> told.add(new WaitSentence(row, alphabet, 3).fit(500).toString()));
        rows.waits().forEach(row -> told.add(new WaitSentence(row, alphabet, 3).fit(30).toString()));
        rows.processes().forEach(row -> told.add(Names.of(row, alphabet, Names.MAX_COLUMNS)));
        rows(Samples.threads()).waits().forEach(row -> told.add(new WaitSentence(row, alphabet, 3).fit(500).toString()));
        told.add(Heading.of(rows.summary(), "\u001b]0;x\u0007 -- \n", 0, alphabet).what().toString());
        String text = told.stream().collect(Collectors.joining());
        assertTrue(text.contains("\\x1b[2J"), text);
        assertTrue(text.contains("\\x1b]0;x\\x07 -- \\n"), text);
        assertFalse(text.codePoints().anyMatch(Unseen::is), text);
        assertTrue(alphabet == Alphabet.UNICODE || text.chars().allMatch(c -> c >= ' ' && c < 0x7f), text);
    }

    private static WaitFigures figures(WaitRow row) {
        return new WaitFigures(row, Alphabet.UNICODE);
    }

    private static SummaryRows rows(Summary summary) {
        return SummaryRows.of(summary);
    }

    /** Nobody has asked for them: theirs are told of behind all others but those that merely sit and wait. */
    @Test
    void waitsOfWhoIsWatchedComeBehindThoseThatWereAskedFor() {
        List<ProcessSummary> processes = List.of(waiting(7, true, 9 * Samples.S), waiting(8, false, Samples.S));
        assertEquals(List.of(8, 7), WaitRows.of(processes.stream().map(process -> new ProcessRow(process, 1, false)).toList()).stream()
                .map(row -> row.process().summary().pid()).toList());
    }

    private static ProcessSummary waiting(int pid, boolean statesOnly, long ns) {
        WaitSummary wait = new WaitSummary(ObjectKind.PIPE, "pipe:[1]", "read", null, List.of(), Evidence.NONE, 3, ns, ns, ns, ns, false,
                List.of());
        return new ProcessSummary(pid, 1, "p", "p", 0, null, statesOnly, List.of(), StateTimes.NONE, List.of(), List.of(wait));
    }
}
