package ktrace.cli;

import java.io.IOException;
import java.util.List;
import ktrace.event.EventSink;
import ktrace.view.log.CallLog;

/** Those who read a line for each call. */
record LogAudience(CallLog log, long intervalNs) implements Audience {
    @Override
    public List<? extends EventSink> readers() {
        return List.of(log);
    }

    @Override
    public boolean wantsNames() {
        return true;
    }

    @Override
    public boolean wantsOthers() {
        return false;
    }

    @Override
    public void onQuit(Runnable action) {
        log.onQuit(action);
    }

    @Override
    public void discard() {
        // What was logged is logged.
    }

    @Override
    public IOException finish() {
        return log.failure();
    }

    @Override
    public void close() {
        // The stream is not ours.
    }
}
