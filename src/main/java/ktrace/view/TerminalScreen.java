package ktrace.view;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The terminal that ktrace was started on, its alternate screen. JLine knows its modes, its size and when that changes; the
 * sequences are those of xterm, which everything but TERM=dumb understands or ignores.
 */
final class TerminalScreen implements Screen {
    private static final String CSI = "\u001b[";
    /** Alternate screen, no cursor, no wrapping at the right edge. */
    private static final String ENTER = CSI + "?1049h" + CSI + "?25l" + CSI + "?7l" + CSI + "H" + CSI + "2J";
    /** Clears first, for terminals that have no alternate screen. */
    private static final String LEAVE = CSI + "m" + CSI + "H" + CSI + "J" + CSI + "?7h" + CSI + "?25h" + CSI + "?1049l";
    /** Synchronised output: a terminal that knows it shows the frame at once. */
    private static final String BEGIN_FRAME = CSI + "?2026h";
    private static final String END_FRAME = CSI + "?2026l";

    private final Terminal terminal;
    private final Attributes original;
    private final boolean colours;
    private final OutputStream out = new FileOutputStream(FileDescriptor.out);
    private final FileInputStream in = new FileInputStream(FileDescriptor.in);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final byte[] typed = new byte[256];
    private List<String> shown = List.of();
    private volatile boolean forgotten = true;
    private volatile Runnable resized = () -> { };

    private TerminalScreen(Terminal terminal, boolean colours) {
        this.terminal = terminal;
        this.original = terminal.getAttributes();
        this.colours = colours;
    }

    static TerminalScreen open(boolean colours) throws IOException {
        // The type is given so that JLine need not run infocmp(1) to find out what is not used anyway. No signal handlers but the
        // two below: Ctrl-C and SIGTERM stay the JVM's.
        Terminal terminal = TerminalBuilder.builder().system(true).provider("ffm").dumb(false).type("xterm")
                .encoding(StandardCharsets.UTF_8).nativeSignals(false).build();
        TerminalScreen screen = new TerminalScreen(terminal, colours);
        terminal.handle(Terminal.Signal.WINCH, signal -> screen.changed());
        terminal.handle(Terminal.Signal.CONT, signal -> screen.resumed());
        try {
            screen.enter();
        } catch (IOException e) {
            screen.close();
            throw e;
        }
        return screen;
    }

    private void enter() throws IOException {
        Attributes raw = new Attributes(original);
        // Without ISIG Ctrl-C is a key like q: the trace ends in good order.
        raw.setLocalFlags(EnumSet.of(LocalFlag.ICANON, LocalFlag.ECHO, LocalFlag.IEXTEN, LocalFlag.ISIG), false);
        raw.setInputFlags(EnumSet.of(InputFlag.IXON, InputFlag.ICRNL, InputFlag.INLCR), false);
        raw.setControlChar(ControlChar.VMIN, 1);
        raw.setControlChar(ControlChar.VTIME, 0);
        terminal.setAttributes(raw);
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
        return terminal.getHeight();
    }

    @Override
    public int columns() {
        return terminal.getWidth();
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
        if (!closed.get()) {
            write(text.append(END_FRAME).toString());
        }
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
    public List<Key> read() throws IOException {
        while (true) {
            int length = in.read(typed);
            if (length < 0) {
                return List.of();
            }
            List<Key> keys = Key.decode(typed, length);
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
        try (Terminal toClose = terminal) {
            toClose.setAttributes(original);
        } catch (IOException | java.io.IOError e) {
            forgotten = true;
        }
    }
}
