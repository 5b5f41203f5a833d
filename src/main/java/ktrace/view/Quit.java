package ktrace.view;

import java.util.concurrent.atomic.AtomicBoolean;

/** Tells once that the reader wants no more, however many reasons there are, and even when it was asked before anybody listened. */
final class Quit {
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile boolean requested;
    private volatile Runnable action;

    void onQuit(Runnable newAction) {
        action = newAction;
        tell();
    }

    void request() {
        requested = true;
        tell();
    }

    boolean isRequested() {
        return requested;
    }

    private void tell() {
        Runnable known = action;
        if (requested && known != null && told.compareAndSet(false, true)) {
            known.run();
        }
    }
}
