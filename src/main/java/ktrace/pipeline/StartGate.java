package ktrace.pipeline;

import java.util.function.LongConsumer;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;

/**
 * Decides with which event a trace begins; whatever comes before is passed over.
 *
 * @param execTgid begin with the exec of this process, or 0: begin at once
 * @param fallbackNs begin of a trace into which no event came
 * @param onStart told the begin, on the poller thread, before the first event goes on its way
 */
record StartGate(int execTgid, long fallbackNs, LongConsumer onStart) {
    boolean opensAt(TraceEvent event) {
        return execTgid == 0 || event.type == EventType.SCHED_PROCESS_EXEC && event.tgid == execTgid;
    }

    void opened(long startNs) {
        onStart.accept(startNs);
    }
}
