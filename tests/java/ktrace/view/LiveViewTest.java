package ktrace.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import ktrace.analysis.Summary;
import ktrace.story.Samples;
import ktrace.story.SortKey;
import ktrace.view.screen.Glyphs;
import ktrace.view.screen.Key;
import ktrace.view.screen.Line;
import ktrace.view.screen.Screen;
import ktrace.view.screen.Typed;
import ktrace.view.summary.SummaryPrinter;
import ktrace.view.tabs.LivePage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LiveViewTest {
    private final FakeScreen screen = new FakeScreen();
    private final ByteArrayOutputStream normal = new ByteArrayOutputStream();
    private final SummaryPrinter printer = new SummaryPrinter("-p 1", 0, Glyphs.UNICODE);
    private final LiveView view = new LiveView(screen, new LivePage(printer, SortKey.TIME),
            new PlainView(normal, false, printer, SortKey.TIME, () -> 80, false));

    @Test
    void drawsWhatIsShownAndOnKeysAndWhenResized() throws InterruptedException {
        view.start();
        assertTrue(screen.awaitFrame().get(2).plain().startsWith("waiting"));
        show();
        assertTrue(screen.awaitFrame("last 1 s of 3 s").getFirst().width() <= 80);
        screen.keys.add(List.of(Typed.of(Key.PERIOD)));
        screen.awaitFrame("all 3 s so far");
        screen.columns = 120;
        screen.resized.run();
        assertEquals(120, screen.awaitFrame("all 3 s so far").getFirst().width());
        view.close();
        assertEquals(1, screen.closes.get());
    }

    @Test
    void aTerminalThatTakesNothingHoldsUpNobody() throws InterruptedException {
        screen.block = new CountDownLatch(1);
        view.start();
        for (int i = 0; i < 1000; i++) {
            show();
        }
        view.close();
        assertEquals(1, screen.closes.get(), "given back though the drawing hangs");
        screen.block.countDown();
    }

    @Test
    void ctrlZSuspends() throws InterruptedException {
        view.start();
        screen.keys.add(List.of(Typed.of(Key.SUSPEND)));
        assertTrue(screen.suspensions.tryAcquire(5, TimeUnit.SECONDS));
        screen.awaitFrame();
        view.close();
    }

    @Test
    void quitIsToldOnceAndTheFinalSummaryFollowsOnTheNormalScreen() throws InterruptedException {
        AtomicInteger told = new AtomicInteger();
        CountDownLatch quit = new CountDownLatch(1);
        view.start();
        screen.keys.add(List.of(new Typed(Key.QUIT, "q"), Typed.of(Key.QUIT)));
        screen.awaitFrame();
        view.onQuit(() -> {
            told.incrementAndGet();
            quit.countDown();
        });
        assertTrue(quit.await(5, TimeUnit.SECONDS));
        view.finish(Samples.pipeline(Summary.Scope.FINAL, 3 * Samples.S));
        assertEquals(1, told.get());
        assertTrue(screen.closes.get() >= 1);
        assertTrue(normal.toString(StandardCharsets.UTF_8).contains("3 s in all"));
        assertNull(view.failure());
    }

    /** A q in what is looked for is a letter; Ctrl-C ends the trace whatever is typed. */
    @Test
    void whatIsTypedIntoTheFilterQuitsNothing() throws InterruptedException {
        CountDownLatch quit = new CountDownLatch(1);
        view.onQuit(quit::countDown);
        view.start();
        show();
        screen.keys.add(List.of(new Typed(Key.FILTER, "/"), new Typed(Key.QUIT, "q"), new Typed(Key.PAUSE, " ")));
        List<Line> frame = screen.awaitFrame();
        while (frame.stream().noneMatch(line -> line.plain().contains("/q _"))) {
            frame = screen.awaitFrame();
        }
        assertEquals(1, quit.getCount());
        screen.keys.add(List.of(Typed.of(Key.QUIT)));
        assertTrue(quit.await(5, TimeUnit.SECONDS));
        view.close();
    }

    @Test
    void theEndOfTheKeysIsTheEnd() throws InterruptedException {
        CountDownLatch quit = new CountDownLatch(1);
        view.onQuit(quit::countDown);
        view.start();
        screen.keys.add(List.of());
        assertTrue(quit.await(5, TimeUnit.SECONDS));
        view.close();
    }

    @Test
    void aScreenThatFailsIsGivenBackAndTold() throws InterruptedException {
        CountDownLatch quit = new CountDownLatch(1);
        view.onQuit(quit::countDown);
        screen.failure = new IOException("Input/output error");
        view.start();
        assertTrue(quit.await(5, TimeUnit.SECONDS));
        assertEquals("Input/output error", view.failure().getMessage());
        assertNotNull(view.failure());
        view.close();
        assertTrue(screen.closes.get() >= 1);
    }

    private void show() {
        view.show(Samples.pipeline(Summary.Scope.INTERVAL, Samples.S), Samples.pipeline(Summary.Scope.SO_FAR, 3 * Samples.S));
    }

    private static final class FakeScreen implements Screen {
        final LinkedBlockingQueue<List<Typed>> keys = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<List<Line>> frames = new LinkedBlockingQueue<>();
        final AtomicInteger closes = new AtomicInteger();
        final Semaphore suspensions = new Semaphore(0);
        volatile int columns = 80;
        volatile Runnable resized;
        volatile CountDownLatch block;
        volatile IOException failure;

        List<Line> awaitFrame() throws InterruptedException {
            List<Line> frame = frames.poll(5, TimeUnit.SECONDS);
            assertNotNull(frame, "nothing was drawn");
            return frame;
        }

        List<Line> awaitFrame(String header) throws InterruptedException {
            List<Line> frame = awaitFrame();
            while (!frame.getFirst().plain().contains(header)) {
                frame = awaitFrame();
            }
            return frame;
        }

        @Override
        public int rows() {
            return 24;
        }

        @Override
        public int columns() {
            return columns;
        }

        @Override
        public void draw(List<Line> lines) throws IOException {
            if (failure != null) {
                throw failure;
            }
            if (block != null) {
                try {
                    block.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            frames.add(lines);
        }

        @Override
        public void suspend() {
            suspensions.release();
        }

        @Override
        public void forget() {
            // Draws everything anyway.
        }

        @Override
        public List<Typed> read() throws IOException {
            try {
                return keys.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return List.of();
            }
        }

        @Override
        public void onResize(Runnable action) {
            resized = action;
        }

        @Override
        public void close() {
            closes.incrementAndGet();
        }
    }
}
