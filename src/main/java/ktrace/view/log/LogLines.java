package ktrace.view.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import ktrace.linux.Signals;
import ktrace.view.screen.Output;
import ktrace.view.screen.Quit;

/**
 * The lines of a log on their way out: put together one by one, buffered, written in whole lines. At the begin of a trace what its
 * threads are called is told a moment after their first calls: lines wait for that, and those behind them too. One thread; a line
 * of ASCII allocates nothing, unless it waits.
 */
final class LogLines {
    /** Lines reach a reader within this time of the trace, and sooner when an interval ends. */
    private static final long FLUSH_NS = 200_000_000L;
    private static final int BUFFER_BYTES = 1 << 16;
    /** So long, in the trace's time, does a line wait for a name. */
    private static final long NAME_NS = 1_000_000_000L;
    private static final String STRONG = "\u001b[1m";
    private static final String BAD = "\u001b[31m";
    private static final String PLAIN = "\u001b[m";
    /** So many lines wait at most. */
    private static final int WAITING_LIMIT = 1 << 16;

    /** A line without the name that belongs at {@code nameAt}; null thread: nothing is missing. */
    private record Waiting(String text, LoggedThread thread, int nameAt, long timeNs) {
    }

    private final OutputStream out;
    private final TimeOfDay clock;
    private final boolean asciiOnly;
    private final LineChoice choice;
    private long callsLeft;
    private final Quit quit = new Quit();
    private final Output output;
    private final Output.Writing writing = this::write;
    private final StringBuilder line = new StringBuilder();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    /** Whose name the line lacks; null: none is missing. */
    private LoggedThread unnamed;
    private int nameAt;
    /** Where what is told of the thread begins. */
    private int callAt;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int buffered;
    private long flushedNs;

    LogLines(OutputStream out, TimeOfDay clock, boolean asciiOnly, LineChoice choice) {
        this.out = out;
        this.clock = clock;
        this.asciiOnly = asciiOnly;
        this.choice = choice;
        callsLeft = choice.limit() == 0 ? Long.MAX_VALUE : choice.limit();
        output = new Output(out, false, quit);
    }

    void onQuit(Runnable action) {
        quit.onQuit(action);
    }

    IOException failure() {
        return output.failure();
    }

    /** Begins a line with the time of day; what is appended to the result belongs to it until {@link #end}. */
    StringBuilder start(long timeNs) {
        unnamed = null;
        line.setLength(0);
        clock.append(line, timeNs);
        return line.append(' ');
    }

    /** Begins a line about a thread. */
    StringBuilder start(LoggedThread thread, long timeNs) {
        if (choice.time() == LineChoice.Time.EPOCH) {
            return startLikeStrace(thread, timeNs);
        }
        start(timeNs).append(thread.tid).append(' ');
        nameAt = line.length();
        unnamed = thread.name.isEmpty() ? thread : null;
        line.append(thread.name).append("  ");
        callAt = line.length();
        return line;
    }

    private StringBuilder startLikeStrace(LoggedThread thread, long timeNs) {
        line.setLength(0);
        line.append(thread.tid);
        unnamed = null;
        if (choice.pidNames()) {
            line.append('<');
            nameAt = line.length();
            unnamed = thread.name.isEmpty() ? thread : null;
            line.append(thread.name).append('>');
        }
        line.append(' ');
        clock.append(line, timeNs);
        line.append(' ');
        callAt = line.length();
        return line;
    }

    /** The line about a call is complete; it may be none of those that are to be shown. */
    void endCall(long timeNs, boolean failed) {
        if (callsLeft == 0 || !choice.isAbout(line)) {
            return;
        }
        callsLeft--;
        if (choice.colours()) {
            colour(failed);
        }
        end(timeNs);
        if (callsLeft == 0) {
            finish(timeNs);
            quit.request();
        }
    }

    /** The name of the call, and what an error is; by SGR (ECMA-48, 8.3.117). */
    private void colour(boolean failed) {
        int error = failed ? line.lastIndexOf(" = -1 ") : -1;
        if (error >= 0) {
            line.insert(line.length(), PLAIN).insert(error + " = ".length(), BAD);
        }
        int bracket = line.indexOf("(", callAt);
        if (bracket > callAt) {
            line.insert(bracket, PLAIN).insert(callAt, STRONG);
        }
    }

    /** The line is complete. */
    void end(long timeNs) {
        line.append('\n');
        if (unnamed != null || !waiting.isEmpty()) {
            waiting.addLast(new Waiting(line.toString(), unnamed, nameAt, timeNs));
            release(timeNs);
        } else {
            append();
        }
        if (buffered >= BUFFER_BYTES / 2 || timeNs - flushedNs > FLUSH_NS) {
            flush(timeNs);
        }
    }

    /** What need not wait any more goes on its way. */
    private void release(long nowNs) {
        while (!waiting.isEmpty()) {
            Waiting first = waiting.getFirst();
            if (first.thread != null && first.thread.name.isEmpty()) {
                if (nowNs - first.timeNs < NAME_NS && waiting.size() < WAITING_LIMIT) {
                    return;
                }
                first.thread.name = "?";
            }
            line.setLength(0);
            line.append(first.text);
            if (first.thread != null) {
                line.insert(first.nameAt, first.thread.name);
            }
            append();
            waiting.removeFirst();
        }
    }

    private void append() {
        if (!appendAscii()) {
            String text = asciiOnly ? line.toString().replace("\u2192", "->") : line.toString();
            append(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A wait status as wait(2) explains it. */
    static void ending(StringBuilder line, int waitStatus) {
        int signal = waitStatus & 0x7f;
        if (signal == 0) {
            line.append("exited with ").append(waitStatus >> 8 & 0xff);
        } else {
            line.append("killed by ").append(Signals.name(signal)).append((waitStatus & 0x80) != 0 ? " (core dumped)" : "");
        }
    }

    private boolean appendAscii() {
        int length = line.length();
        require(length);
        for (int i = 0; i < length; i++) {
            char c = line.charAt(i);
            if (c >= 0x80) {
                return false;
            }
            buffer[buffered + i] = (byte) c;
        }
        buffered += length;
        return true;
    }

    private void append(byte[] bytes) {
        require(bytes.length);
        System.arraycopy(bytes, 0, buffer, buffered, bytes.length);
        buffered += bytes.length;
    }

    private void require(int bytes) {
        if (buffer.length - buffered < bytes) {
            buffer = Arrays.copyOf(buffer, buffered + bytes);
        }
    }

    /** Nothing comes any more, no name either. */
    void finish(long timeNs) {
        release(Long.MAX_VALUE);
        flush(timeNs);
    }

    void flush(long timeNs) {
        release(timeNs);
        flushedNs = timeNs;
        if (buffered > 0) {
            output.attempt(writing);
            buffered = 0;
        }
    }

    private void write() throws IOException {
        out.write(buffer, 0, buffered);
        out.flush();
    }
}
