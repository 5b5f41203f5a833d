package ktrace.pipeline;

import ktrace.event.EventType;
import ktrace.event.TraceEvent;

/**
 * Decides with which event a trace begins; whatever comes before is passed over.
 *
 * @param execTgid begin with the exec of this process, or 0: begin at once
 * @param fallbackNs begin of a trace into which no event came
 */
public record StartGate(int execTgid, long fallbackNs) {
    boolean opensAt(TraceEvent event) {
        return execTgid == 0 || event.type == EventType.SCHED_PROCESS_EXEC && event.tgid == execTgid;
    }

    /** Whether this may be the call that the exec is in, with a text of its arguments: there will be no asking for it later. */
    boolean describes(TraceEvent event) {
        return execTgid != 0 && event.type == EventType.SYS_ENTER && event.tid == execTgid && event.payload instanceof String;
    }

    /** Whether this names the command, though the trace has not begun. */
    boolean renames(TraceEvent event) {
        return execTgid != 0 && event.type == EventType.TASK_RENAME && event.tid == execTgid;
    }
}
