package ktrace.export;

import java.io.IOException;
import ktrace.event.WindowFacts;
import ktrace.intervals.Interval;

/** How rows are written; used by one thread. */
interface RowFormat {
    /** The trace begins. */
    void begin(long timeNs) throws IOException;

    /** @param text the call as strace(1) writes it, printable */
    void call(TracedCall call, CharSequence text) throws IOException;

    /** @param comm of the waiter; empty when it is not known */
    void wait(Interval wait, String comm) throws IOException;

    /** @param cpu or -1 when that is not known */
    void lost(long timeNs, int cpu, long events) throws IOException;

    /** @param facts null when nothing is known */
    void end(long timeNs, WindowFacts facts) throws IOException;

    void flush() throws IOException;
}
