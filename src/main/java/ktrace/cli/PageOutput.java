package ktrace.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import ktrace.analysis.Summary;
import ktrace.cli.export.ExportFile;
import ktrace.event.EventSink;
import ktrace.export.page.HtmlPage;
import ktrace.linux.terminal.ReaderGoneException;
import ktrace.view.SummaryView;

/** A page that is made beside a summary, of the same events, and written when the trace has ended. */
final class PageOutput {
    private final HtmlPage page;
    private final Supplier<ExportFile> file;
    private Summary last;

    /** @param file opens where it goes; asked for at the end */
    PageOutput(HtmlPage page, Supplier<ExportFile> file) {
        this.page = page;
        this.file = file;
    }

    /** Hands everything on, and keeps the summary that the page is about. */
    SummaryView beside(SummaryView view) {
        return new Watched(view);
    }

    /** The same audience, and who makes the page. */
    Audience beside(Audience audience) {
        return new Joined(audience);
    }

    private void write() {
        if (last == null) {
            return;
        }
        try (ExportFile to = file.get()) {
            try {
                page.write(to.stream(), last);
                to.finish();
            } catch (ReaderGoneException e) {
                // Who reads has seen enough.
            } catch (IOException e) {
                throw to.cannotWrite(e);
            }
        }
    }

    private final class Watched implements SummaryView {
        private final SummaryView view;

        Watched(SummaryView view) {
            this.view = view;
        }

        @Override
        public void show(Summary interval, Summary soFar) {
            view.show(interval, soFar);
        }

        @Override
        public void finish(Summary finalSummary) {
            last = finalSummary;
            view.finish(finalSummary);
        }

        @Override
        public void onQuit(Runnable action) {
            view.onQuit(action);
        }

        @Override
        public IOException failure() {
            return view.failure();
        }

        @Override
        public void close() {
            view.close();
        }
    }

    private final class Joined implements Audience {
        private final Audience audience;
        private final List<EventSink> readers;

        Joined(Audience audience) {
            this.audience = audience;
            readers = new ArrayList<>(audience.readers());
            readers.add(page.reader());
        }

        @Override
        public List<? extends EventSink> readers() {
            return readers;
        }

        @Override
        public boolean wantsNames() {
            return audience.wantsNames();
        }

        @Override
        public long intervalNs() {
            return audience.intervalNs();
        }

        @Override
        public void onQuit(Runnable action) {
            audience.onQuit(action);
        }

        @Override
        public void discard() {
            audience.discard();
        }

        @Override
        public IOException finish() throws InterruptedException {
            IOException failure = audience.finish();
            write();
            return failure;
        }

        @Override
        public void close() {
            audience.close();
        }
    }
}
