package ktrace.cli.export;

import ktrace.ctf.read.CtfReader;
import ktrace.event.EventSink;
import ktrace.event.TraceEvent;
import ktrace.linux.Syscalls;

/** How far a long export is, in percent on the terminal's last line; that line is gone at the end. One thread. */
public final class ExportProgress implements EventSink, AutoCloseable {
    /** A short export is over before anybody reads a number. */
    private static final long FIRST_NS = 1_000_000_000;
    private static final long STEP_NS = 200_000_000;
    private static final int EVENTS_BETWEEN_LOOKS = 1 << 14;
    private static final long NOTHING = -1;

    private final CtfReader reader;
    private long nextNs = System.nanoTime() + FIRST_NS;
    private int events;
    private long shown = NOTHING;

    private ExportProgress(CtfReader reader) {
        this.reader = reader;
    }

    /** Null when standard error is no terminal. */
    public static ExportProgress of(CtfReader reader) {
        return Syscalls.isTerminal(2) ? new ExportProgress(reader) : null;
    }

    @Override
    public void onEvent(TraceEvent event) {
        if (++events < EVENTS_BETWEEN_LOOKS) {
            return;
        }
        events = 0;
        long nowNs = System.nanoTime();
        if (nowNs - nextNs >= 0) {
            nextNs = nowNs + STEP_NS;
            show(percent(reader.readBytes(), reader.sizeBytes()));
        }
    }

    private void show(long percent) {
        if (percent != shown) {
            shown = percent;
            System.err.print("\r" + line(percent));
            System.err.flush();
        }
    }

    private static String line(long percent) {
        return "ktrace: " + percent + " %";
    }

    public static long percent(long done, long all) {
        return all == 0 ? 100 : Math.clamp(Math.round(100.0 * done / all), 0, 100);
    }

    @Override
    public void close() {
        if (shown != NOTHING) {
            System.err.print("\r" + " ".repeat(line(shown).length()) + "\r");
            System.err.flush();
        }
    }
}
