package ktrace.analysis;

import java.util.List;

/**
 * One process in the window of a {@link Summary}.
 *
 * @param pid thread group id
 * @param comm its name at the end of the window, unescaped
 * @param cmdline its arguments joined by blanks, unescaped
 * @param startNs when it was born, or its observation began
 * @param exitNs when its last thread exited, or null while it lives
 * @param threads every thread that lived in the window, by number
 * @param states summed over the threads
 * @param syscalls every system call made in the window, by total time, longest first
 * @param waits every blocked time in the window, by total time, longest first; their sum is {@code states.blockedNs()}
 */
public record ProcessSummary(int pid, int ppid, String comm, String cmdline, long startNs, Long exitNs,
        List<ThreadSummary> threads, StateTimes states, List<SyscallSummary> syscalls, List<WaitSummary> waits) {
}
