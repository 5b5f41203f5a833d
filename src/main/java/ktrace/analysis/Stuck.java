package ktrace.analysis;

import java.util.List;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessId;

/**
 * Processes of which none can go on: each thread of them waits for something that only others of them can end, as far as it is
 * known who could.
 *
 * @param parties what each thread waits for that others of them wait for, by process
 * @param ns for how long none of them has gone on
 */
public record Stuck(List<Party> parties, long ns) {
    /**
     * @param comm the name of the process; empty while that is not known
     * @param object name of what it waits for, unescaped; empty when that is not known
     * @param syscall the call that it waits in; null when it is in none
     */
    public record Party(ProcessId process, String comm, int tid, ObjectKind kind, String object, String syscall) {
    }
}
