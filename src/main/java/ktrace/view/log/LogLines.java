package ktrace.view.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import ktrace.view.screen.Output;
import ktrace.view.screen.Quit;

/**
 * The lines of a log on their way out: put together one by one, buffered, written in whole lines. At the begin of a trace what its
 * threads are called is told a moment after their first calls: lines wait for that, and those behind them too. One thread; a line of
 * ASCII allocates nothing, unless it waits.
 */
final class LogLines {
    /** Lines reach a reader within this time of the trace, and sooner when an interval ends. */
    private static final long FLUSH_NS = 200_000_000L;
    private static final int BUFFER_BYTES = 1 << 16;
    /** So long, in the trace's time, does a line wait for a name. */
    private static final long NAME_NS = 1_000_000_000L;
    /** So many lines wait at most. */
    private static final int WAITING_LIMIT = 1 << 16;

    /** A line without the name that belongs at {@code nameAt}; null thread: nothing is missing. */
    private record Waiting(String text, LoggedThread thread, int nameAt, long timeNs) {
    }

    private final OutputStream out;
    private final TimeOfDay clock;
    private final boolean asciiOnly;
    private final Quit quit = new Quit();
    private final Output output;
    private final Output.Writing writing = this::write;
    private final StringBuilder line = new StringBuilder();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    /** Whose name the line lacks; null: none is missing. */
    private LoggedThread unnamed;
    private int nameAt;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int buffered;
    private long flushedNs;

    LogLines(OutputStream out, TimeOfDay clock, boolean asciiOnly) {
        this.out = out;
        this.clock = clock;
        this.asciiOnly = asciiOnly;
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
        start(timeNs).append(thread.tid).append(' ');
        nameAt = line.length();
        unnamed = thread.name.isEmpty() ? thread : null;
        return line.append(thread.name).append("  ");
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
