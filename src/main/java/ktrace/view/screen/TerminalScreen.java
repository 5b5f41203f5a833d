package ktrace.view.screen;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import ktrace.linux.Errno;
import ktrace.linux.Processes;
import ktrace.linux.SignalActions;
import ktrace.linux.terminal.TerminalMode;
import ktrace.linux.terminal.Terminals;
import ktrace.linux.uapi.Uapi;

/**
 * The terminal that ktrace was started on, its alternate screen. The sequences are those of xterm, which everything but TERM=dumb
 * understands or ignores. Ctrl-C and Ctrl-Z are keys here; SIGTERM and the SIGINT of others stay the JVM's.
 */
public final class TerminalScreen implements Screen {
    private static final String CSI = "\u001b[";
    /** Alternate screen, no cursor, no wrapping at the right edge. */
    private static final String ENTER = CSI + "?1049h" + CSI + "?25l" + CSI + "?7l" + CSI + "H" + CSI + "2J";
    /** Clears first, for terminals that have no alternate screen. */
    private static final String LEAVE = CSI + "m" + CSI + "H" + CSI + "J" + CSI + "?7h" + CSI + "?25h" + CSI + "?1049l";
    /** Synchronised output: a terminal that knows it shows the frame at once. */
    private static final String BEGIN_FRAME = CSI + "?2026h";
    private static final String END_FRAME = CSI + "?2026l";
    /** Within that a stop has come. In a session without a shell, which could end it, none comes. */
    private static final long STOP_NS = 100_000_000;
    /** Over a slow line the bytes of one key may come so far apart. */
    private static final long SEQUENCE_NS = 50_000_000;
    private static final int USUAL_ROWS = 24;
    private static final int USUAL_COLUMNS = 80;

    private final TerminalMode mode;
    private final boolean colours;
    private final OutputStream out = new FileOutputStream(FileDescriptor.out);
    private final FileInputStream in = new FileInputStream(FileDescriptor.in);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final byte[] typed = new byte[256];
    private List<String> shown = List.of();
    private volatile boolean forgotten = true;
    /** Held while a frame is written: nothing is drawn upon a terminal that has been given back. */
    private final Object frames = new Object();
    private boolean away;
    private volatile Runnable resized = () -> { };

    private TerminalScreen(TerminalMode mode, boolean colours) {
        this.mode = mode;
        this.colours = colours;
    }

    public static TerminalScreen open(boolean colours) throws IOException {
        TerminalScreen screen = new TerminalScreen(TerminalMode.of(0), colours);
        SignalActions.on("WINCH", screen::changed);
        SignalActions.on("CONT", screen::resumed);
        try {
            screen.enter();
        } catch (IOException e) {
            screen.close();
            throw e;
        }
        return screen;
    }

    private void enter() throws IOException {
        int result = mode.setRaw();
        if (result < 0) {
            throw new IOException("cannot take keys from the terminal: " + Errno.describe(-result));
        }
        write(ENTER);
        forgotten = true;
    }

    private void changed() {
        forgotten = true;
        resized.run();
    }

    /** After SIGSTOP and SIGCONT the shell has set the terminal to its own taste. */
    private void resumed() {
        if (!closed.get()) {
            try {
                enter();
            } catch (IOException e) {
                // The next drawing meets the same error and reports it.
                forgotten = true;
            }
            changed();
        }
    }

    @Override
    public int rows() {
        return sizeOr(Terminals.rows(1), USUAL_ROWS);
    }

    @Override
    public int columns() {
        return sizeOr(Terminals.columns(1), USUAL_COLUMNS);
    }

    /** Some serial lines do not know their size. */
    private static int sizeOr(int size, int usual) {
        return size == 0 ? usual : size;
    }

    @Override
    public void draw(List<Line> lines) throws IOException {
        List<String> frame = new ArrayList<>(lines.size());
        int columns = columns();
        StringBuilder text = new StringBuilder(BEGIN_FRAME);
        if (forgotten) {
            forgotten = false;
            shown = List.of();
            text.append(CSI).append("2J");
        }
        for (int row = 0; row < lines.size(); row++) {
            Line line = lines.get(row);
            String drawn = colours || row == lines.size() - 1 ? line.ansi() : line.plain();
            frame.add(drawn);
            if (row >= shown.size() || !shown.get(row).equals(drawn)) {
                text.append(CSI).append(row + 1).append(";1H").append(drawn);
                // At the right edge the cursor stays on the last character, which would be erased.
                text.append(line.width() < columns ? CSI + "K" : "");
            }
        }
        if (shown.size() > lines.size()) {
            text.append(CSI).append(lines.size() + 1).append(";1H").append(CSI).append('J');
        }
        shown = frame;
        synchronized (frames) {
            if (!closed.get() && !away) {
                write(text.append(END_FRAME).toString());
            }
        }
    }

    @Override
    public void suspend() throws IOException {
        synchronized (frames) {
            away = true;
            write(LEAVE);
        }
        mode.restore();
        // To all that a shell would stop with it.
        Processes.kill(0, Uapi.SIGTSTP());
        LockSupport.parkNanos(STOP_NS);
        synchronized (frames) {
            away = false;
        }
        if (!closed.get()) {
            enter();
        }
        changed();
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void forget() {
        forgotten = true;
    }

    @Override
    public List<Typed> read() throws IOException {
        while (true) {
            int length = in.read(typed);
            if (length < 0) {
                return List.of();
            }
            if (Key.isCut(typed, length)) {
                // The key Escape, or the begin of another whose rest is still on its way.
                LockSupport.parkNanos(SEQUENCE_NS);
                length += in.available() > 0 ? Math.max(0, in.read(typed, length, typed.length - length)) : 0;
            }
            List<Typed> keys = Key.decode(typed, length);
            if (!keys.isEmpty()) {
                return keys;
            }
        }
    }

    @Override
    public void onResize(Runnable action) {
        resized = action;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            write(LEAVE);
        } catch (IOException e) {
            // The terminal is gone: nothing is left to give back.
            forgotten = true;
        }
        // Fails only when the terminal is gone.
        mode.restore();
    }
}
