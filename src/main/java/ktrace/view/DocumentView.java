package ktrace.view;

import java.io.IOException;
import ktrace.analysis.Summary;
import ktrace.view.screen.Output;
import ktrace.view.screen.Quit;

/** One document for each interval and one at the end, written by somebody else: JSON lines. */
final class DocumentView implements SummaryView {
    private final Quit quit = new Quit();
    private final Output output = new Output(null, false, quit);
    private final DocumentWriter writer;

    DocumentView(DocumentWriter writer) {
        this.writer = writer;
    }

    @Override
    public void show(Summary interval, Summary soFar) {
        output.attempt(() -> writer.write(interval));
    }

    @Override
    public void finish(Summary finalSummary) {
        output.attempt(() -> writer.write(finalSummary));
    }

    @Override
    public void onQuit(Runnable action) {
        quit.onQuit(action);
    }

    @Override
    public IOException failure() {
        return output.failure();
    }

    @Override
    public void close() {
        // The stream is its opener's.
    }
}
