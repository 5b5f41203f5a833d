package ktrace.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that a test has started, with what it has written so far. Two threads read its two streams, so that it never waits
 * for the test; closing kills it and its children.
 */
final class RunningProgram implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> command;
    private final Process process;
    private final Lines stdout;
    private final Lines stderr;

    private RunningProgram(List<String> command, Process process) {
        this.command = command;
        this.process = process;
        this.stdout = new Lines(process.getInputStream());
        this.stderr = new Lines(process.getErrorStream());
    }

    static RunningProgram start(List<String> command) {
        return start(new ProcessBuilder(command));
    }

    static RunningProgram start(ProcessBuilder builder) {
        try {
            return new RunningProgram(builder.command(), builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end; the exit status as a shell gives it. */
    int exitStatus(Duration timeout) {
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + timeout + ": " + describe());
            }
            stdout.join();
            stderr.join();
            return process.exitValue();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    String stdout() {
        return stdout.text();
    }

    String stderr() {
        return stderr.text();
    }

    /** The lines of JSON on its standard output. */
    List<JsonNode> documents() {
        return parse(stdout.lines());
    }

    /** Waits until it has printed a line of JSON that has the given field, and returns it. */
    JsonNode awaitDocument(String field, Duration timeout) {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        while (System.nanoTime() < deadlineNs) {
            for (JsonNode document : documents()) {
                if (document.has(field)) {
                    return document;
                }
            }
            if (!process.isAlive() && !stdout.isReading()) {
                break;
            }
            sleep(Duration.ofMillis(5));
        }
        throw new AssertionError("no line with \"" + field + "\" from " + describe());
    }

    /** Waits until its standard error contains the text. */
    void awaitStderr(String text, Duration timeout) {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        while (!stderr().contains(text)) {
            if (System.nanoTime() > deadlineNs || !process.isAlive()) {
                throw new AssertionError("no \"" + text + "\" on the standard error of " + describe());
            }
            sleep(Duration.ofMillis(5));
        }
    }

    /** Gives it a line on its standard input. */
    void writeLine(String line) {
        try {
            OutputStream in = process.getOutputStream();
            in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(describe(), e);
        }
    }

    void closeStdin() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes our end of its standard output, as {@code head} does when it has seen enough. */
    void closeStdout() {
        stdout.close();
    }

    /** Sends a signal by its name: {@code INT}. */
    void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    String describe() {
        return command.stream().map(RunningProgram::shortened).toList() + "\n-- stdout --\n" + stdout() + "\n-- stderr --\n"
                + stderr();
    }

    private static String shortened(String word) {
        return word.length() < 200 ? word : word.substring(0, 200) + "…";
    }

    @Override
    public void close() {
        List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
        process.destroyForcibly();
        family.forEach(ProcessHandle::destroyForcibly);
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    static List<JsonNode> parse(List<String> lines) {
        List<JsonNode> documents = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("{")) {
                documents.add(parse(line));
            }
        }
        return documents;
    }

    static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }

    static void sleep(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static AssertionError interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new AssertionError("interrupted", e);
    }

    /** The complete lines that a stream has brought so far. */
    private static final class Lines {
        private final List<String> lines = new ArrayList<>();
        private final BufferedReader reader;
        private final InputStream stream;
        private final Thread thread;

        Lines(InputStream stream) {
            this.stream = stream;
            this.reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
            this.thread = Thread.ofPlatform().daemon().start(this::readAll);
        }

        private void readAll() {
            try {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    synchronized (lines) {
                        lines.add(line);
                    }
                }
            } catch (IOException closed) {
                synchronized (lines) {
                    lines.add("(" + closed.getMessage() + ")");
                }
            }
        }

        boolean isReading() {
            return thread.isAlive();
        }

        void join() throws InterruptedException {
            thread.join();
        }

        void close() {
            try {
                stream.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        List<String> lines() {
            synchronized (lines) {
                return List.copyOf(lines);
            }
        }

        String text() {
            return String.join("\n", lines());
        }
    }
}
