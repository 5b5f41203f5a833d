package ktrace.cli;

import java.io.IOException;
import java.util.List;
import ktrace.event.EventSink;

/** Whom a trace is for: what it makes of the events, and how that reaches the user. */
interface Audience extends AutoCloseable {
    /** Who sees the stamped events, each on a thread of its own. */
    List<? extends EventSink> readers();

    /** Whether each call is wanted with the name of what it is on. */
    default boolean wantsNames() {
        return false;
    }

    /** Whether it is of use to them what those do meanwhile who are waited for and were not asked for. */
    default boolean wantsOthers() {
        return true;
    }

    /** Time between INTERVAL events, or 0 for none. */
    long intervalNs();

    /** {@code action} asks for the end of the trace, when the reader quits or is gone. */
    void onQuit(Runnable action);

    /** There was nothing to trace: nothing is to be shown. */
    void discard();

    /**
     * The last event has been seen: everything is shown or written.
     *
     * @return why not all could be, or null
     */
    IOException finish() throws InterruptedException;

    @Override
    void close();
}
