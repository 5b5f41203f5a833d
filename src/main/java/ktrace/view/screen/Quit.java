package ktrace.view.screen;

import java.util.concurrent.atomic.AtomicBoolean;

/** Tells once that the reader wants no more, however many reasons there are, and even when it was asked before anybody listened. */
public final class Quit {
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile boolean requested;
    private volatile Runnable action;

    public void onQuit(Runnable newAction) {
        action = newAction;
        tell();
    }

    public void request() {
        requested = true;
        tell();
    }

    private void tell() {
        Runnable known = action;
        if (requested && known != null && told.compareAndSet(false, true)) {
            known.run();
        }
    }
}
