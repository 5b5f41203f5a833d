package ktrace.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A terminal as a person sees it: a shell in a tmux server of the test's own, where {@code ktrace} is a command. */
final class TmuxTerminal implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final String server = "ktrace-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();

    /** @param directory where the script that starts ktrace goes */
    TmuxTerminal(Path directory, int columns, int rows) {
        try {
            Path script = directory.resolve("ktrace");
            Files.writeString(script, "#!/bin/sh\nexec '" + String.join("' '", Ktrace.launcher()) + "' \"$@\"\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
            Path profile = Files.writeString(directory.resolve("profile"),
                    "PS1='$ '; unset HISTFILE NO_COLOR PROMPT_COMMAND; LC_ALL=C.UTF-8; PATH='" + directory + "':$PATH\n"
                            + "export LC_ALL PATH\n");
            tmux("-f", "/dev/null", "new-session", "-d", "-x", Integer.toString(columns), "-y", Integer.toString(rows),
                    "bash --noprofile --rcfile '" + profile + "'");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await("a prompt", screen -> screen.startsWith("$"));
    }

    static boolean isThere() {
        return List.of(System.getenv("PATH").split(":")).stream().anyMatch(d -> Files.isExecutable(Path.of(d, "tmux")));
    }

    /** Types a line and Return. */
    void line(String text) {
        tmux("send-keys", "-l", text);
        key("Enter");
    }

    /** Types text, and no Return. */
    void type(String text) {
        tmux("send-keys", "-l", text);
    }

    /** Presses a key by tmux's name: {@code q}, {@code C-c}, {@code Down}. */
    void key(String name) {
        tmux("send-keys", name);
    }

    void resize(int columns, int rows) {
        tmux("resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows));
    }

    /** What is on the screen, without blanks at the ends of lines. */
    String screen() {
        return tmux("capture-pane", "-p");
    }

    /** The same with the escape sequences of its colours. */
    String colouredScreen() {
        return tmux("capture-pane", "-p", "-e");
    }

    /** The screen with what has been scrolled out at its top. */
    String history() {
        return tmux("capture-pane", "-p", "-J", "-S", "-");
    }

    /** Whether the alternate screen is shown, the cursor is visible, and lines wrap: {@code 0 1 1} when nothing runs. */
    String modes() {
        return tmux("display-message", "-p", "#{alternate_on} #{cursor_flag} #{wrap_flag}").strip();
    }

    long shellPid() {
        return Long.parseLong(tmux("display-message", "-p", "#{pane_pid}").strip());
    }

    String awaitText(String text) {
        return await("\"" + text + "\"", screen -> screen.contains(text));
    }

    String await(String what, Predicate<String> condition) {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        String screen = screen();
        while (!condition.test(screen)) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("no " + what + " on the screen:\n" + screen);
            }
            RunningProgram.sleep(Duration.ofMillis(50));
            screen = screen();
        }
        return screen;
    }

    private String tmux(String... arguments) {
        List<String> command = new ArrayList<>(List.of("tmux", "-u", "-L", server));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(command + ": " + text);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        tmux("kill-server");
    }
}
