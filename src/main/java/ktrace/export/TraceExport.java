package ktrace.export;

import java.io.IOException;
import ktrace.event.EventSink;
import ktrace.intervals.Interval;

/**
 * Writes a trace in another tool's format while it is replayed: fed with each stamped event, and by {@link WaitsOfTrace} with the
 * waits in it, all on one thread; that one sees an event first. The stream stays the caller's to close. Holds no more of the trace
 * than what is still going on at a time.
 *
 * <p>When the stream takes no more, {@link #onEvent} and {@link #onWait} throw {@link java.io.UncheckedIOException}: to go on
 * reading the trace would be for nothing.
 */
public interface TraceExport extends EventSink {
    /**
     * A blocked interval is over, or goes on when the trace ends. A wait whose object was a guess is told of when that is settled, so
     * waits come in no strict order of time.
     */
    void onWait(Interval wait);

    /**
     * Writes what is still to be written; nothing comes after it.
     *
     * @throws IOException when the stream takes no more
     */
    void finish() throws IOException;

    /** What of the trace has no place in the format, as a phrase with its number; empty when all is there. */
    String leftOut();
}
