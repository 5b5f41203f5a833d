package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import ktrace.linux.Processes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ktrace on a terminal, looked at through tmux: what a person sees, and what is left of the terminal afterwards. */
@RealKernel
class TerminalTest {
    /** SGR with a colour of text: 30 to 37. */
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[(?:[0-9;]*;)?3[0-7]m");

    /** asm-generic/signal.h. */
    private static final int SIGSTOP = 19;

    @TempDir
    private Path directory;
    private TmuxTerminal terminal;
    private RunningProgram target;

    @BeforeEach
    void open() {
        assumeTrue(TmuxTerminal.isThere(), "needs tmux");
        target = RunningProgram.start(List.of("sh", "-c", "while :; do sleep 0.05; done"));
        terminal = new TmuxTerminal(directory, 80, 24);
    }

    @AfterEach
    void close() {
        if (terminal != null) {
            terminal.close();
            target.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"q", "C-c"})
    void drawsTheTraceAndGivesTheTerminalBack(String quit) throws IOException {
        String left = settingsAround("ktrace -p " + target.pid(), t -> {
            String screen = awaitFigures();
            assertTrue(screen.startsWith("ktrace -p " + target.pid()), screen);
            assertTrue(screen.contains(" 0 lost"), screen);
            assertTrue(screen.contains("sh(" + target.pid() + ") waited"), screen);
            assertTrue(screen.contains("to exit"), screen);
            assertEquals("1 0 0", t.modes());
            t.key(quit);
        });
        assertTrue(left.contains("status=0"), left);
        assertTrue(terminal.history().contains(" in all"), "the final summary: " + left);
        assertFalse(terminal.history().contains("q quit"), left);
    }

    @Test
    void followsTheSizeOfTheTerminal() {
        terminal.line("ktrace -p " + target.pid());
        awaitFigures();
        terminal.resize(200, 50);
        String wide = terminal.await("a wide header", s -> s.lines().findFirst().orElse("").length() == 200);
        assertTrue(wide.lines().toList().get(49).startsWith(" q quit"), wide);
        assertTrue(wide.contains("COMMAND"), wide);
        terminal.resize(80, 24);
        String narrow = terminal.await("a narrow header", s -> s.lines().findFirst().orElse("").length() == 80);
        assertTrue(narrow.lines().toList().get(23).startsWith(" q quit"), narrow);
        assertFalse(narrow.contains("COMMAND"), narrow);
        quit();
    }

    @Test
    void keysChangeWhatIsShown() {
        terminal.line("ktrace -p " + target.pid());
        awaitFigures();
        terminal.key("t");
        terminal.awaitText("s so far");
        terminal.key("s");
        terminal.awaitText("sort: wait");
        terminal.key("?");
        terminal.awaitText("the wake-up was not seen");
        terminal.key("x");
        terminal.key("Space");
        terminal.awaitText("PAUSED");
        quit();
    }

    @Test
    void takesTheTerminalAgainAfterItWasStopped() {
        terminal.line("ktrace -p " + target.pid());
        awaitFigures();
        ProcessHandle.of(terminal.shellPid()).orElseThrow().children().forEach(ktrace -> Processes.kill((int) ktrace.pid(), SIGSTOP));
        terminal.awaitText("Stopped");
        terminal.line("clear; fg");
        awaitFigures();
        assertEquals("1 0 0", terminal.modes());
        quit();
        assertEquals("0 1 1", terminal.modes());
    }

    @Test
    void ctrlZStopsItAndGivesTheTerminalBackMeanwhile() {
        terminal.line("ktrace -p " + target.pid());
        awaitFigures();
        terminal.key("C-z");
        terminal.awaitText("Stopped");
        assertEquals("0 1 1", terminal.modes());
        terminal.line("echo typed-$((40 + 2)); stty -a | tr ' ' '\\n' | grep -x -e icanon -e echo -e isig | tr '\\n' ' '");
        terminal.awaitText("typed-42");
        terminal.awaitText("isig icanon echo");
        terminal.line("clear; fg");
        awaitFigures();
        assertEquals("1 0 0", terminal.modes());
        quit();
        assertEquals("0 1 1", terminal.modes());
    }

    @Test
    void tabsAreChosenByKeysAndARowTellsItsChain() {
        terminal.line("ktrace -p " + target.pid());
        awaitFigures();
        terminal.key("2");
        terminal.await("the waits", s -> s.contains("[2 waits]") && s.contains("\n>sh(" + target.pid() + ") waited"));
        terminal.key("Enter");
        terminal.await("the chain", s -> s.contains("Esc back") && s.contains("p50 ") && s.contains("sh(" + target.pid() + ") waited"));
        terminal.key("Escape");
        terminal.await("the waits again", s -> s.contains("Enter chain") && s.contains("\n>"));
        terminal.key("/");
        // The q in it is a letter here.
        terminal.type("no such q");
        terminal.await("nothing", s -> s.contains("/no such q_") && s.contains("no row has"));
        terminal.key("Escape");
        terminal.key("1");
        terminal.await("the processes", s -> s.contains("[1 processes]") && s.contains("\n>"));
        terminal.key("Right");
        terminal.key("Tab");
        terminal.await("the graph", s -> s.contains("[3 graph]") && s.contains("WHO WAITED FOR WHOM"));
        terminal.resize(200, 50);
        terminal.key("4");
        terminal.await("calls in a wide screen", s -> s.contains("[4 calls]") && s.lines().anyMatch(line -> line.length() > 120));
        terminal.key("Down");
        terminal.await("the second row", s -> s.contains("2 of "));
        terminal.key("5");
        terminal.await("connections", s -> s.contains("[5 connections]"));
        terminal.key("?");
        terminal.await("the help", s -> s.contains("the chain of the row"));
        quit();
        assertEquals("0 1 1", terminal.modes());
    }

    /** The JVM would print a list of its threads. */
    @Test
    void ctrlBackslashIsForTheCommand() {
        terminal.line("clear; ktrace -- sh -c 'trap \"echo trapped; exit 5\" QUIT; echo ready; while :; do sleep 0.1; done'; echo status=$?");
        terminal.awaitText("ready");
        terminal.key("C-\\");
        terminal.awaitText("status=5");
        assertTrue(terminal.history().contains("trapped"), terminal.history());
        assertFalse(terminal.history().contains("thread dump"), terminal.history());
    }

    @Test
    void coloursUnlessNoColorIsSet() {
        terminal.line("ktrace -p " + target.pid());
        awaitFigures();
        assertTrue(COLOUR.matcher(terminal.colouredScreen()).find());
        quit();
        terminal.line("clear; NO_COLOR=1 ktrace -p " + target.pid());
        awaitFigures();
        assertFalse(COLOUR.matcher(terminal.colouredScreen()).find());
        quit();
        assertFalse(COLOUR.matcher(terminal.colouredScreen()).find());
    }

    @Test
    void aTerminalThatCanDoNothingGetsPlainBlocks() throws IOException {
        String left = settingsAround("TERM=dumb ktrace -n 2 -d 2500ms -p " + target.pid(), t -> {
            t.await("figures", s -> s.contains("CALLS"));
            assertEquals("0 1 1", t.modes());
        });
        assertTrue(left.contains("status=0"), left);
        assertTrue(terminal.history().contains("bpf · last 1 s of 2 s"), terminal.history());
        assertFalse(COLOUR.matcher(terminal.colouredScreen()).find());
    }

    @Test
    void sigtermEndsTheTraceInGoodOrder() throws IOException {
        String left = settingsAround("ktrace -p " + target.pid(), t -> {
            awaitFigures();
            ProcessHandle.of(t.shellPid()).orElseThrow().children().forEach(ProcessHandle::destroy);
        });
        assertTrue(left.contains("status=0"), left);
        assertTrue(terminal.history().contains(" in all"), left);
    }

    @Test
    void aReaderThatHasSeenEnoughEndsTheTraceWithoutAWord() throws IOException {
        settingsAround("ktrace -p " + target.pid() + " 2>" + directory.resolve("err") + " | head -n 1; echo pipe=${PIPESTATUS[0]}",
                t -> t.awaitText("pipe=0"));
        // What it is told at the begin, if the target's child ran just then, is no word about the end.
        assertEquals("", Files.readString(directory.resolve("err"))
                .replaceFirst("^ktrace: 1 child that runs already is left out; --tree takes it in\n", ""));
        assertTrue(terminal.screen().startsWith("ktrace -p " + target.pid()), terminal.screen());
    }

    @Test
    void aCommandOwnsTheTerminal() throws IOException {
        String left = settingsAround("ktrace -- cat", t -> {
            t.line("a line");
            t.await("the line twice", s -> s.lines().filter("a line"::equals).count() == 2);
            assertEquals("0 1 1", t.modes());
            t.key("C-d");
        });
        assertTrue(left.contains("status=0"), left);
        assertTrue(terminal.history().contains("cat("), terminal.history());
    }

    @Test
    void inTheBackgroundItWritesBlocksAndIsNotStopped() {
        terminal.line("ktrace -d 2500ms -p " + target.pid() + " & wait $!; echo status=$?");
        terminal.await("the end", s -> s.contains("status=0"));
        assertTrue(terminal.history().contains("bpf · last 1 s of 1 s"), terminal.history());
    }

    @Test
    void namesDoNotReachTheTerminalAsTheyAre() {
        terminal.resize(200, 50);
        terminal.line("ktrace -n 40 -- " + Workload.program("evilcomm") + " --ms 5 > " + directory.resolve("names"));
        terminal.await("the end", s -> s.strip().endsWith("\n$"));
        String text = terminal.history();
        assertTrue(text.contains("\\x1b[31mred\\x1b["), text);
        assertTrue(text.contains("\\x1b[2J\\x1b[H"), text);
        assertTrue(text.contains("line\\nbreak"), text);
        assertTrue(text.contains("\\u202ertl"), text);
    }

    /** Runs a command line, does what a person does meanwhile, and checks that the terminal is as it was; gives the screen. */
    private String settingsAround(String command, Consumer<TmuxTerminal> meanwhile) throws IOException {
        Path before = directory.resolve("before");
        Path after = directory.resolve("after");
        terminal.line("clear; stty -g > " + before + "; " + command + "; echo status=$?; stty -g > " + after + "; echo done");
        terminal.await("a cleared screen", s -> !s.contains("stty"));
        meanwhile.accept(terminal);
        String screen = terminal.await("the end", s -> s.lines().anyMatch("done"::equals));
        assertEquals("0 1 1", terminal.modes());
        assertEquals(Files.readString(before), Files.readString(after));
        return screen;
    }

    private void quit() {
        terminal.key("q");
        terminal.await("the prompt", s -> s.strip().endsWith("\n$"));
    }

    private String awaitFigures() {
        return terminal.await("figures", s -> s.contains("SYSTEM CALL") && s.contains("q quit") && s.contains("waited"));
    }
}
