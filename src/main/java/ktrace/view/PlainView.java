package ktrace.view;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import ktrace.analysis.Summary;
import ktrace.story.SortKey;
import ktrace.view.screen.Line;
import ktrace.view.screen.Output;
import ktrace.view.screen.Quit;
import ktrace.view.summary.SummaryPrinter;

/** Blocks of text, one below the other: for pipes, files, terminals that can do no more, and beside a command's own output. */
final class PlainView implements SummaryView {
    private final Quit quit = new Quit();
    private final Output output;
    private final SummaryPrinter printer;
    private final SortKey sort;
    private final IntSupplier width;
    private final boolean intervals;
    private boolean first = true;

    /**
     * @param out stays open
     * @param width asked for each block, since a terminal may have been resized
     * @param intervals a block for each interval; else the final one alone
     */
    PlainView(OutputStream out, boolean colours, SummaryPrinter printer, SortKey sort, IntSupplier width, boolean intervals) {
        this.output = new Output(out, colours, quit);
        this.printer = printer;
        this.sort = sort;
        this.width = width;
        this.intervals = intervals;
    }

    @Override
    public void show(Summary interval, Summary soFar) {
        // A trace with one interval: its end says the same.
        boolean isAll = first && soFar.scope() == Summary.Scope.FINAL;
        if (intervals && !isAll) {
            block(interval, soFar.durationNs());
        }
    }

    @Override
    public void finish(Summary finalSummary) {
        block(finalSummary, finalSummary.durationNs());
    }

    private void block(Summary summary, long elapsedNs) {
        List<Line> lines = new ArrayList<>();
        if (!first) {
            lines.add(new Line());
        }
        first = false;
        lines.addAll(printer.lines(summary, elapsedNs, width.getAsInt(), sort));
        output.lines(lines);
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
        // Nothing to give back.
    }
}
