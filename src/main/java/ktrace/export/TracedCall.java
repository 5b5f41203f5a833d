package ktrace.export;

import java.util.Locale;
import ktrace.decode.ArgumentTexts;
import ktrace.decode.Call;
import ktrace.event.Comm;
import ktrace.event.KernelObject;
import ktrace.event.ThreadId;

/** What one thread is called, and the system call that it is in, as far as its events tell. One for each thread; written anew. */
final class TracedCall {
    /** A time that is not known. */
    static final long UNKNOWN_NS = -1;

    /** How a call ended. */
    enum End {
        RETURNED,
        /** Its return was not seen: events were lost, or the thread was found in another call. */
        CUT,
        /** It has no return: the thread was over in it, as in exit_group(2). */
        EXITED,
        /** Not before the end of the trace. */
        ONGOING;

        private final String label = name().toLowerCase(Locale.ROOT);

        String label() {
            return label;
        }
    }

    final ThreadId thread;
    final Call call = new Call();
    boolean inside;
    /** The number may be none that the table knows; -1 in an exit that the kernel gave no number. */
    int number;
    long startNs;
    long endNs;
    boolean hasResult;
    long result;
    End end;
    KernelObject object;
    /** From a collector that reads the caller's memory: the call's text so far; else null. */
    String text;
    /** What its arguments point to; null when that is not known. */
    ArgumentTexts given;
    private long comm0;
    private long comm1;
    private String comm = "";

    TracedCall(ThreadId thread) {
        this.thread = thread;
    }

    String comm() {
        return comm;
    }

    /** Allocates when the name is another than before. */
    void rename(long newComm0, long newComm1) {
        if (newComm0 != 0 && (newComm0 != comm0 || newComm1 != comm1)) {
            comm = Comm.text(newComm0, newComm1);
            comm0 = newComm0;
            comm1 = newComm1;
        }
    }

    void rename(String name) {
        rename(Comm.pack(name, 0), Comm.pack(name, Long.BYTES));
        comm = name;
    }
}
