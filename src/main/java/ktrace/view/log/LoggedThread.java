package ktrace.view.log;

import java.util.List;
import ktrace.decode.ArgumentTexts;
import ktrace.decode.Call;
import ktrace.event.KernelObject;
import ktrace.event.Peer;
import ktrace.text.Escaper;

/** What the log knows of one thread. Written by the log's thread. */
final class LoggedThread {
    /** {@link #enterNs} of a call that was going on before it could be seen. */
    static final long UNKNOWN_TIME = Long.MIN_VALUE;

    final int tid;
    int tgid;
    /** Escaped; empty when it is not known. */
    String name = "";
    /** As the kernel has it. */
    String comm = "";
    Call call = new Call();
    /** The call in flight as far as the collector has written it; empty when it writes none. */
    final StringBuilder text = new StringBuilder();
    /** What arguments of the call in flight point to; null when that is not known. */
    ArgumentTexts given;
    boolean inCall;
    /** Whether the call in flight is one of those asked for. */
    boolean wanted;
    long enterNs;
    /** What it gave to exit(2); null when it has not called that. */
    Integer exitCode;
    /** What the first descriptor of the call in flight refers to, null when that is not known; and who holds its other end. */
    KernelObject object;
    List<Peer> peers = List.of();

    LoggedThread(int tid, int tgid) {
        this.tid = tid;
        this.tgid = tgid;
    }

    void called(String comm, Escaper escaper) {
        this.comm = comm;
        name = escaper.escape(comm);
    }

    void calledLike(LoggedThread other) {
        comm = other.comm;
        name = other.name;
    }

    /** This is the thread that {@code caller} has become by exec. */
    void continueFrom(LoggedThread caller) {
        call = caller.call;
        text.setLength(0);
        text.append(caller.text);
        given = caller.given;
        inCall = true;
        wanted = caller.wanted;
        enterNs = caller.enterNs;
        object = caller.object;
        peers = caller.peers;
    }

    void leave() {
        inCall = false;
        given = null;
        object = null;
        peers = List.of();
        text.setLength(0);
    }
}
