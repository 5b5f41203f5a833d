package ktrace.view;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import ktrace.analysis.Summary;
import ktrace.linux.ShutdownHook;
import ktrace.linux.terminal.StandardStream;
import ktrace.story.SortKey;
import ktrace.view.screen.Line;
import ktrace.view.screen.Quit;
import ktrace.view.screen.Screen;
import ktrace.view.screen.TerminalScreen;
import ktrace.view.screen.Typed;
import ktrace.view.summary.SummaryPrinter;
import ktrace.view.tabs.LivePage;

/**
 * The summary on a screen, renewed in place. Two threads of its own, one that draws and one that waits for keys: whoever shows a
 * summary only leaves it here, and a terminal that is slow makes nobody else slow.
 */
final class LiveView implements SummaryView {
    private static final long PATIENCE_MS = 1_000;

    private final Quit quit = new Quit();
    private final Screen screen;
    private final SummaryView after;
    private final Thread drawing;
    private final Thread typing;
    /** Guards what follows. */
    private final Object lock = new Object();
    private final LivePage page;
    private boolean changed = true;
    private boolean closed;
    private volatile IOException failure;

    /** @param after writes the final summary when the screen has been given back */
    LiveView(Screen screen, LivePage page, SummaryView after) {
        this.screen = screen;
        this.page = page;
        this.after = after;
        screen.onResize(this::changed);
        drawing = Thread.ofPlatform().daemon().name("ktrace-screen").unstarted(this::draw);
        typing = Thread.ofPlatform().daemon().name("ktrace-keys").unstarted(this::type);
    }

    static LiveView open(SummaryPrinter printer, SortKey sort, boolean colours) throws IOException {
        Screen screen = TerminalScreen.open(colours);
        LiveView view = new LiveView(screen, new LivePage(printer, sort), new PlainView(
                StandardStream.output(), colours, printer, sort,
                () -> Views.width(1, Map.of()), false));
        // However ktrace ends, the terminal must be usable: cursor, echo, the old screen.
        if (!ShutdownHook.add("ktrace-restore", screen::close)) {
            screen.close();
            throw new IOException("ktrace was to end before");
        }
        view.start();
        return view;
    }

    void start() {
        drawing.start();
        typing.start();
    }

    @Override
    public void show(Summary interval, Summary soFar) {
        synchronized (lock) {
            page.show(interval, soFar);
        }
        changed();
    }

    private void changed() {
        synchronized (lock) {
            changed = true;
            lock.notifyAll();
        }
    }

    private void draw() {
        try {
            while (true) {
                List<Line> lines;
                synchronized (lock) {
                    while (!changed && !closed) {
                        lock.wait();
                    }
                    if (closed) {
                        return;
                    }
                    changed = false;
                    lines = page.lines(screen.rows(), screen.columns());
                }
                screen.draw(lines);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            fail(new IOException("cannot draw the screen: " + e, e));
            throw e;
        }
    }

    private void type() {
        try {
            List<Typed> keys = screen.read();
            while (!keys.isEmpty()) {
                for (Typed key : keys) {
                    press(key);
                }
                keys = screen.read();
            }
            quit.request();
        } catch (IOException e) {
            fail(e);
        }
    }

    private void press(Typed key) throws IOException {
        synchronized (lock) {
            if (page.takes(key)) {
                page.press(key);
                changed();
                return;
            }
        }
        switch (key.key()) {
            case QUIT -> quit.request();
            case REDRAW -> screen.forget();
            case SUSPEND -> screen.suspend();
            default -> { }
        }
        changed();
    }

    private void fail(IOException e) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
        }
        failure = e;
        screen.close();
        quit.request();
    }

    @Override
    public void onQuit(Runnable action) {
        quit.onQuit(action);
    }

    @Override
    public IOException failure() {
        return failure != null ? failure : after.failure();
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        if (Thread.currentThread() != drawing) {
            try {
                // A terminal that takes no more output must not keep ktrace from ending.
                drawing.join(PATIENCE_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        screen.close();
    }

    @Override
    public void finish(Summary finalSummary) {
        close();
        after.finish(finalSummary);
    }
}
