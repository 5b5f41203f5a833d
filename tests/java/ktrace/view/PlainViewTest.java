package ktrace.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import ktrace.analysis.Summary;
import ktrace.linux.terminal.ReaderGoneException;
import ktrace.story.Samples;
import ktrace.story.SortKey;
import ktrace.view.screen.Glyphs;
import ktrace.view.summary.SummaryPrinter;
import org.junit.jupiter.api.Test;

class PlainViewTest {
    private final SummaryPrinter printer = new SummaryPrinter("-p 1", 0, Glyphs.UNICODE);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void aBlockForEachIntervalAndOneAtTheEnd() {
        PlainView view = view(out, false, true);
        show(view);
        show(view);
        view.finish(Samples.pipeline(Summary.Scope.FINAL, 2 * Samples.S));
        String text = out.toString(StandardCharsets.UTF_8);
        assertEquals(3, text.split("(?m)^ktrace -p 1", -1).length - 1);
        assertTrue(text.startsWith("ktrace -p 1"));
        assertTrue(text.contains("\n\nktrace -p 1"), "blocks are apart");
        assertTrue(text.endsWith("\n") && !text.endsWith("\n\n"));
        assertFalse(text.contains("\u001b"), "no escape codes");
    }

    @Test
    void theOnlyIntervalIsNotShownTwice() {
        PlainView view = view(out, false, true);
        Summary last = Samples.pipeline(Summary.Scope.FINAL, Samples.S);
        view.show(Samples.pipeline(Summary.Scope.INTERVAL, Samples.S), last);
        view.finish(last);
        assertEquals(1, out.toString(StandardCharsets.UTF_8).split("(?m)^ktrace -p 1", -1).length - 1);
    }

    @Test
    void besideACommandOnlyTheFinalBlock() {
        PlainView view = view(out, true, false);
        show(view);
        assertEquals(0, out.size());
        view.finish(Samples.pipeline(Summary.Scope.FINAL, 2 * Samples.S));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("\u001b["), "colours as asked");
    }

    @Test
    void aReaderThatHasGoneEndsTheTraceAndIsNoFailure() {
        AtomicInteger quit = new AtomicInteger();
        AtomicInteger writes = new AtomicInteger();
        PlainView view = view(failing(new ReaderGoneException(), writes), false, true);
        view.onQuit(quit::incrementAndGet);
        show(view);
        show(view);
        view.finish(Samples.empty());
        assertEquals(1, quit.get());
        assertEquals(1, writes.get(), "nothing is written after the end");
        assertNull(view.failure());
    }

    @Test
    void anyOtherErrorIsAFailure() {
        AtomicInteger quit = new AtomicInteger();
        PlainView view = view(failing(new IOException("No space left on device"), new AtomicInteger()), false, true);
        show(view);
        view.onQuit(quit::incrementAndGet);
        assertEquals(1, quit.get(), "told also to who asks later");
        assertEquals("No space left on device", view.failure().getMessage());
    }

    @Test
    void documentsAreWrittenForIntervalsAndTheEnd() {
        StringBuilder written = new StringBuilder();
        SummaryView view = Views.documents(s -> written.append(s.scope()).append(' '));
        show(view);
        view.finish(Samples.empty());
        view.close();
        assertEquals("INTERVAL FINAL ", written.toString());
        AtomicInteger quit = new AtomicInteger();
        SummaryView closed = Views.documents(s -> {
            throw new ReaderGoneException();
        });
        closed.onQuit(quit::incrementAndGet);
        show(closed);
        assertEquals(1, quit.get());
        assertNull(closed.failure());
    }

    private static void show(SummaryView view) {
        view.show(Samples.pipeline(Summary.Scope.INTERVAL, Samples.S), Samples.pipeline(Summary.Scope.SO_FAR, 3 * Samples.S));
    }

    private PlainView view(OutputStream to, boolean colours, boolean intervals) {
        return new PlainView(to, colours, printer, SortKey.TIME, () -> 80, intervals);
    }

    private static OutputStream failing(IOException error, AtomicInteger writes) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                writes.incrementAndGet();
                throw error;
            }
        };
    }
}
