package ktrace.view;

import ktrace.decode.Call;
import ktrace.event.KernelObject;

/** What the log knows of one thread. Written by the log's thread. */
final class LoggedThread {
    /** {@link #enterNs} of a call that was going on before it could be seen. */
    static final long UNKNOWN_TIME = Long.MIN_VALUE;

    final int tid;
    int tgid;
    /** Escaped; empty when it is not known. */
    String name = "";
    Call call = new Call();
    /** The call in flight as far as it is written, when it is asked for. */
    final StringBuilder text = new StringBuilder();
    boolean inCall;
    /** Whether the call in flight is one of those asked for. */
    boolean wanted;
    long enterNs;
    /** What it gave to exit(2); null when it has not called that. */
    Integer exitCode;
    /** What the call in flight works on, and how it is shown; null when that is not known. */
    KernelObject object;
    String objectName;

    LoggedThread(int tid, int tgid) {
        this.tid = tid;
        this.tgid = tgid;
    }

    /** This is the thread that {@code caller} has become by exec. */
    void continueFrom(LoggedThread caller) {
        call = caller.call;
        text.setLength(0);
        text.append(caller.text);
        inCall = true;
        wanted = caller.wanted;
        enterNs = caller.enterNs;
    }

    void leave() {
        inCall = false;
        object = null;
        objectName = null;
        text.setLength(0);
    }
}
