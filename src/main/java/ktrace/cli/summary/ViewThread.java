package ktrace.cli.summary;

import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import ktrace.analysis.Summary;
import ktrace.cli.options.Scope;
import ktrace.view.SummaryView;

/**
 * Shows summaries on a thread of its own, in order, so that a slow terminal or a full pipe never holds up the stages. A document can
 * be large, so only a few wait here for their reader: whoever is about to make one asks for room before.
 */
public final class ViewThread implements AutoCloseable {
    private record Shown(Summary interval, Summary soFar) {
    }

    private static final Shown END = new Shown(null, null);
    /** Intervals that wait for the reader or are being written. */
    private static final int ROOM = 4;

    private final SummaryView view;
    private final LinkedBlockingQueue<Shown> waiting = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(ROOM);
    private final Thread thread;
    private Summary interval;
    private volatile boolean discarded;
    private volatile Summary last;

    public ViewThread(SummaryView view) {
        this.view = view;
        thread = Thread.ofPlatform().daemon().name("ktrace-view").start(this::run);
    }

    /** {@code action} asks for the end of the trace, when the reader quits or is gone. */
    public void onQuit(Runnable action) {
        view.onQuit(action);
    }

    /** Keeps room for an interval if there is any. Any thread. */
    public boolean tryAdmit() {
        return room.tryAcquire();
    }

    /** The same, but waits until there is. */
    public boolean admit() {
        room.acquireUninterruptibly();
        return true;
    }

    /** The summary of an interval, or the one of the trace so far that follows it. One thread at a time. */
    public void take(Summary summary) {
        if (discarded) {
            return;
        }
        if (summary.scope() == Summary.Scope.INTERVAL) {
            interval = summary;
            return;
        }
        if (summary.scope() == Summary.Scope.FINAL) {
            last = summary;
        }
        waiting.add(new Shown(interval, summary));
    }

    /** Shows nothing that comes from now on: there was nothing to trace. */
    public void discard() {
        discarded = true;
    }

    /**
     * Waits until every interval is shown, and then shows the final summary.
     *
     * @return why not all could be written, or null
     */
    public IOException finish() throws InterruptedException {
        waiting.add(END);
        thread.join();
        if (last != null) {
            view.finish(last);
        }
        return view.failure();
    }

    /** Gives the terminal back. */
    @Override
    public void close() {
        waiting.add(END);
        view.close();
    }

    private void run() {
        try {
            for (Shown shown = waiting.take(); shown != END; shown = waiting.take()) {
                view.show(shown.interval, shown.soFar);
                room.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // Nobody shows anything any more: nobody need wait for it.
            room.release(Integer.MAX_VALUE / 2);
        }
    }
}
