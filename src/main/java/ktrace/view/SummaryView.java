package ktrace.view;

import java.io.IOException;
import ktrace.analysis.Summary;

/**
 * Where summaries go: a screen, plain text, or documents. {@link #show} and {@link #finish} are called by one thread at a time;
 * the other methods by any.
 */
public interface SummaryView extends AutoCloseable {
    /**
     * Takes the newest figures.
     *
     * @param interval of the interval that has just ended
     * @param soFar of the trace until now
     */
    void show(Summary interval, Summary soFar);

    /** Gives the terminal back and writes the final summary; also after {@link #close}. */
    void finish(Summary finalSummary);

    /** Sets what asks for the end of the trace when the reader quits or is gone; called at most once, on a thread of the view's. */
    void onQuit(Runnable action);

    /**
     * Why no more could be written, or null. That the reader of a pipe has gone is no failure: output ends there, and
     * {@link #onQuit} has been told.
     */
    IOException failure();

    /** Gives the terminal back. Any thread, any number of times. */
    @Override
    void close();
}
