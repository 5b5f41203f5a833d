package ktrace.story;

import ktrace.analysis.ProcessSummary;
import ktrace.analysis.ThreadSummary;

/** A thread with its process. */
public record ThreadRow(ProcessSummary process, ThreadSummary thread) {
    /** Time on a CPU, or ready for one. */
    long busyNs() {
        return thread.states().runningNs() + thread.states().runnableNs();
    }
}
