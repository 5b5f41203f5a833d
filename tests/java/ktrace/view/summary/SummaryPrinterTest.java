package ktrace.view.summary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ktrace.Golden;
import ktrace.analysis.Because;
import ktrace.analysis.Cause;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.Summary;
import ktrace.analysis.ThreadWaits;
import ktrace.analysis.Verdict;
import ktrace.analysis.WaitSummary;
import ktrace.event.Evidence;
import ktrace.event.ObjectKind;
import ktrace.event.TraceCounter;
import ktrace.story.Samples;
import ktrace.story.SortKey;
import ktrace.view.screen.Glyphs;
import ktrace.view.screen.Line;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SummaryPrinterTest {
    private static final long ELAPSED_NS = 12 * Samples.S;

    @ParameterizedTest
    @CsvSource({"pipeline, 80", "pipeline, 120", "pipeline, 200", "hostile, 80", "hostile, 200", "crowd, 80", "crowd, 200",
        "empty, 80", "verdict, 80", "verdict, 120"})
    void text(String name, int width) throws IOException {
        Golden.assertMatches("view-" + name + "-" + width + ".txt", plain(lines(name, width, Glyphs.UNICODE)));
    }

    @Test
    void textInAscii() throws IOException {
        String text = plain(lines("hostile", 80, Glyphs.ASCII));
        assertTrue(text.chars().allMatch(c -> c == '\n' || c >= ' ' && c < 0x7f));
        Golden.assertMatches("view-hostile-80-ascii.txt", text);
    }

    @Test
    void colours() throws IOException {
        String text = lines("pipeline", 80, Glyphs.UNICODE).stream().map(l -> l.ansi() + "\n").collect(Collectors.joining());
        Golden.assertMatches("view-pipeline-80-colours.txt", text.replace("\u001b", "ESC"));
        assertEquals(plain(lines("pipeline", 80, Glyphs.UNICODE)),
                text.replaceAll("\u001b\\[[0-9;]*m", "").replaceAll(" +\n", "\n"), "the same text as without colours");
    }

    @Test
    void aSentenceForEachKindOfWait() throws IOException {
        SummaryPrinter printer = new SummaryPrinter("-p 1", 100, Glyphs.UNICODE);
        Golden.assertMatches("view-waits-120.txt", plain(printer.lines(Samples.everyKind(), ELAPSED_NS, 120, SortKey.TIME)));
    }

    @Test
    void waitsThatAreManyOfAKindAreOneSentence() throws IOException {
        String text = plain(lines("alike", 132, Glyphs.UNICODE));
        // With the end that all of them have, but as much of it as there is room for.
        assertTrue(text.contains("server(77) waited 240 ms (24 %) for 60 tcp sockets of 127.0.0.1:6379 ← client(900)"), text);
        assertTrue(text.contains("server(77) waited 200 ms (20 %) to read pipe:[7] ← 40 × seq"), text);
        assertTrue(text.contains("server(77) waited 20 ms (2 %) for disk (20 files) in read"), text);
        assertTrue(text.contains("← bash(500)"), "what is long stays apart");
        assertEquals(3, text.split("← few").length - 1, "and what is few");
        Golden.assertMatches("view-alike-132.txt", text);
        Golden.assertMatches("view-alike-80.txt", plain(lines("alike", 80, Glyphs.UNICODE)));
    }

    @Test
    void processesThatCameAndWentUnderOneNameAreOneRow() throws IOException {
        String text = plain(lines("loop", 132, Glyphs.UNICODE));
        assertTrue(text.contains("sh(300) waited 1.6 s (80 %) for 40 children to exit ← 40 × sleep"), text);
        assertTrue(text.contains("\n39 × sleep"), text);
        assertTrue(text.contains("\nsleep(340)"), "who is still there is a process of its own");
        assertTrue(text.contains("78 ENOENT"), "errors are summed");
        Golden.assertMatches("view-loop-132.txt", text);
        Golden.assertMatches("view-loop-80.txt", plain(lines("loop", 80, Glyphs.UNICODE)));
        Golden.assertMatches("view-loop-80x23.txt",
                plain(printer(Glyphs.UNICODE).fitted(sample("loop"), ELAPSED_NS, 80, 23, SortKey.TIME)));
    }

    @Test
    void withinOneProcessItsThreadsAreNamed() throws IOException {
        String text = plain(lines("threads", 200, Glyphs.UNICODE));
        assertTrue(text.contains("worker-1(902) of java(900) waited 3.6 s (90 %) for futex 0x7f3a10c1 ← hog-holder(901)"), text);
        assertTrue(text.contains("worker-2(903) of java(900) waited 3.6 s (90 %) for futex 0x7f3a10c2 ← hog-holder(901)"), text);
        assertTrue(text.contains("12 threads of java(900) waited 36 s (75 %) for futex 0x7f3a2000 ← queue\\x1b[2J(909)"), text);
        assertTrue(text.contains("12 threads of java(900) waited 600 ms (1.3 %) for futex 0x7f3a3000 ← 12 threads"), text);
        assertTrue(text.contains("java(900) waited 40 ms (<0.1 %) for futex 0x7f3a4000 ← java(900)"), "not known which: " + text);
        assertTrue(text.contains("java(900) waited 400 ms (0.6 %) to read tcp 127.0.0.1:3306→127.0.0.1:50000 ← mariadbd(77)"),
                text);
        Golden.assertMatches("view-threads-200.txt", text);
        Golden.assertMatches("view-threads-80.txt", plain(lines("threads", 80, Glyphs.UNICODE)));
    }

    @Test
    void whatTheAnalysisHasJoinedIsCountedToo() {
        Summary loop = Samples.loop();
        List<ProcessSummary> processes = new ArrayList<>(loop.processes());
        ProcessSummary child = processes.getFirst();
        processes.add(new ProcessSummary(0, 0, "sleep", "(500 processes that have ended)", 0, 1L, List.of(), child.states(),
                child.syscalls(), child.waits()));
        processes.add(new ProcessSummary(0, 0, "cc1", "(70 processes that have ended)", 0, 1L, List.of(), child.states(),
                child.syscalls(), child.waits()));
        String text = plain(printer(Glyphs.UNICODE).lines(Samples.summary(Summary.Scope.FINAL, Samples.S, 0, Map.of(), processes),
                ELAPSED_NS, 132, SortKey.TIME));
        assertTrue(text.contains("\n539 × sleep"), text);
        assertTrue(text.contains("\n70 × cc1"), text);
    }

    @Test
    void longSentencesOfCountersAreBroken() {
        Summary summary = Samples.summary(Summary.Scope.FINAL, Samples.S, 0, Map.of(TraceCounter.WAKER_NOT_RUNNING, 1_000L),
                List.of());
        List<Line> lines = printer(Glyphs.UNICODE).lines(summary, ELAPSED_NS, 50, SortKey.TIME);
        List<String> last = lines.subList(lines.size() - 3, lines.size()).stream().map(Line::plain).toList();
        assertEquals(List.of("doubt  1,000 wake-ups whose waker was not the", "       thread known to run on that CPU; another",
                "       may have ended the wait than it says"), last);
    }

    @ParameterizedTest
    @CsvSource({"pipeline, 80, 23", "pipeline, 200, 49", "verdict, 80, 23", "crowd, 80, 23", "crowd, 200, 49"})
    void fittedToAScreen(String name, int width, int rows) throws IOException {
        List<Line> lines = printer(Glyphs.UNICODE).fitted(sample(name), ELAPSED_NS, width, rows, SortKey.TIME);
        assertTrue(lines.size() <= rows, lines.size() + " lines");
        Golden.assertMatches("view-" + name + "-" + width + "x" + rows + ".txt", plain(lines));
    }

    @Test
    void noLineIsWiderThanThePage() {
        for (String name : List.of("pipeline", "hostile", "crowd", "empty", "kinds", "alike", "loop", "threads", "verdict", "computing")) {
            for (Glyphs glyphs : List.of(Glyphs.UNICODE, Glyphs.ASCII)) {
                for (int width = 20; width <= 220; width++) {
                    for (Line line : lines(name, width, glyphs)) {
                        assertTrue(line.width() <= width, width + ": " + line.plain());
                    }
                    for (Line line : printer(glyphs).fitted(sample(name), ELAPSED_NS, width, 23, SortKey.CPU)) {
                        assertTrue(line.width() <= width, width + ": " + line.plain());
                    }
                }
            }
        }
    }

    @Test
    void aUsualScreenIsFilledButNotOverfilled() {
        for (String name : List.of("pipeline", "hostile", "crowd", "kinds", "alike", "loop", "threads", "verdict", "computing")) {
            for (int rows = 18; rows <= 80; rows++) {
                int used = printer(Glyphs.UNICODE).fitted(sample(name), ELAPSED_NS, 100, rows, SortKey.TIME).size();
                assertTrue(used <= rows, name + " in " + rows + " rows: " + used);
            }
        }
        assertTrue(printer(Glyphs.UNICODE).fitted(sample("crowd"), ELAPSED_NS, 80, 50, SortKey.TIME).size() >= 46);
    }

    @Test
    void lossIsInTheHeaderAndRed() {
        String header = lines("hostile", 80, Glyphs.UNICODE).get(1).ansi();
        assertTrue(header.contains("\u001b[1;31m12,340 LOST (1 %)"), header);
        assertTrue(lines("pipeline", 80, Glyphs.UNICODE).get(1).plain().contains("0 lost"));
    }

    @Test
    void topLimitsEachSectionAndSaysWhatIsLeftOut() {
        String text = plain(new SummaryPrinter("-a", 3, Glyphs.UNICODE).lines(sample("crowd"), ELAPSED_NS, 100, SortKey.TIME));
        assertTrue(text.contains("… and 297 more processes"), text);
        assertTrue(text.contains("… and 297 more waits"), text);
        assertTrue(text.contains("… and 27 more system calls"), text);
    }

    @Test
    void sortKeysChangeWhoComesFirst() {
        assertEquals("sort(812)", firstProcess(SortKey.CPU));
        assertEquals("cat(811)", firstProcess(SortKey.DISK));
        assertEquals("bash(810)", firstProcess(SortKey.PID));
        assertEquals("cat(811)", firstProcess(SortKey.CALLS));
        assertEquals("sort(812)", firstProcess(SortKey.ERRORS));
        assertEquals("bash(810)", firstProcess(SortKey.NAME));
        assertEquals("sort(812)", firstProcess(SortKey.WAIT));
        assertEquals("calls", SortKey.CALLS.toString());
        assertEquals(SortKey.TIME, SortKey.NAME.next());
    }

    @Test
    void theIdleComeLast() {
        String text = plain(lines("pipeline", 120, Glyphs.UNICODE));
        assertTrue(text.indexOf("bash(810) has waited") > text.indexOf("postgres(4321) waited 20 ms"), text);
    }

    /** Of a server with idle workers, one of the kernel's threads, and one that has waited for an answer. */
    private static Summary resting(int idle) {
        List<ProcessSummary> processes = new ArrayList<>();
        processes.add(process(50, 1, "asks", wait(50, Cause.COMPUTES)));
        processes.add(process(60, 2, "kworker/0:1", wait(60, Cause.UNKNOWN)));
        for (int pid = 100; pid < 100 + idle; pid++) {
            processes.add(process(pid, 1, "worker", wait(pid, Cause.IDLE), wait(pid + 1000, Cause.IDLE)));
        }
        return Samples.summary(Summary.Scope.FINAL, Samples.S, 0, Map.of(), processes);
    }

    private static ProcessSummary process(int pid, int ppid, String comm, WaitSummary... waits) {
        return new ProcessSummary(pid, ppid, comm, comm, 0, null, List.of(), Samples.states(Samples.S, 0, 0, 0, 100, 0, 0), List.of(),
                List.of(waits));
    }

    private static WaitSummary wait(int tid, Cause cause) {
        List<Because> because = List.of(new Because(9, "other", 9, "", cause, Samples.S));
        ThreadWaits part = new ThreadWaits(tid, "t", null, 3, Samples.S, 0, 0, 0, false, because);
        return new WaitSummary(ObjectKind.FUTEX, "futex 0x1" + tid, "futex", null, List.of(), Evidence.NONE, 3, Samples.S, 0, 0, 0, false,
                List.of(part), because);
    }

    private static List<String> told(Summary summary, int top, int width) {
        return new SummaryPrinter("-a", top, Glyphs.UNICODE).lines(summary, ELAPSED_NS, width, SortKey.TIME).stream().map(Line::plain).toList();
    }

    @Test
    void whoHadNothingToDoIsOneLine() {
        List<String> lines = told(resting(3), 0, 120);
        assertTrue(lines.contains("idle: 7 threads of 4 processes, kworker/0:1(60), worker(100), worker(101), worker(102)"), lines::toString);
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("asks(50) waited")), lines::toString);
        assertTrue(lines.stream().noneMatch(line -> line.startsWith("worker(100) waited")), lines::toString);
        assertTrue(told(resting(3), 1, 80).contains("idle: 7 threads of 4 processes, kworker/0:1(60), worker(100), worker(101), …"),
                () -> told(resting(3), 1, 80).toString());
        assertTrue(told(resting(0), 0, 120).stream().noneMatch(line -> line.startsWith("idle")), "one alone is a sentence as all others");
        for (int rows = 18; rows <= 40; rows++) {
            assertTrue(printer(Glyphs.UNICODE).fitted(resting(40), ELAPSED_NS, 80, rows, SortKey.TIME).size() <= rows);
        }
    }

    @Test
    void theLocaleChoosesTheCharacters() {
        assertEquals(Glyphs.UNICODE, Glyphs.of(Map.of("LANG", "C.UTF-8")));
        assertEquals(Glyphs.UNICODE, Glyphs.of(Map.of("LC_ALL", "", "LC_CTYPE", "de_DE.utf8", "LANG", "C")));
        assertEquals(Glyphs.ASCII, Glyphs.of(Map.of("LC_ALL", "C", "LANG", "C.UTF-8")));
        assertEquals(Glyphs.ASCII, Glyphs.of(Map.of()));
    }

    @Test
    void nothingOfATracedProcessReachesTheTerminalRaw() {
        String text = lines("hostile", 200, Glyphs.UNICODE).stream().map(Line::ansi).collect(Collectors.joining());
        String withoutOwn = text.replaceAll("\u001b\\[[0-9;]*m", "");
        assertFalse(withoutOwn.codePoints().anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT));
        assertTrue(text.contains("\\x1b[2J"));
    }

    private static String firstProcess(SortKey key) {
        List<Line> lines = printer(Glyphs.UNICODE).lines(sample("pipeline"), ELAPSED_NS, 100, key);
        return lines.get(4).plain().split(" ")[0];
    }

    private static List<Line> lines(String name, int width, Glyphs glyphs) {
        return printer(glyphs).lines(sample(name), ELAPSED_NS, width, SortKey.TIME);
    }

    private static SummaryPrinter printer(Glyphs glyphs) {
        return new SummaryPrinter("-p 810,811,812,4321", 0, glyphs);
    }

    private static Summary sample(String name) {
        return switch (name) {
            case "verdict" -> Samples.judged(Samples.bottleneck(Cause.SLEEPS, Verdict.Confidence.LIKELY));
            case "computing" -> Samples.judged(Samples.bottleneck(Cause.COMPUTES, Verdict.Confidence.SURE));
            case "pipeline" -> Samples.pipeline(Summary.Scope.INTERVAL, Samples.S);
            case "hostile" -> Samples.hostile();
            case "crowd" -> Samples.crowd(300);
            case "kinds" -> Samples.everyKind();
            case "alike" -> Samples.alike();
            case "loop" -> Samples.loop();
            case "threads" -> Samples.threads();
            default -> Samples.empty();
        };
    }

    private static String plain(List<Line> lines) {
        return Stream.concat(lines.stream().map(Line::plain), Stream.of("")).collect(Collectors.joining("\n"));
    }
}
