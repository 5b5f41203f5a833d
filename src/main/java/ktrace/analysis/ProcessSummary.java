package ktrace.analysis;

import java.util.List;

/**
 * One process in the window of a {@link Summary}; or, with pid 0, all of one name that have ended and are too many to show one by
 * one.
 *
 * @param pid thread group id, or 0
 * @param comm its name at the end of the window, unescaped
 * @param cmdline its arguments joined by blanks, unescaped; the file it exec'd while they are not known; empty for a fork
 * @param startNs when it was born, or its observation began
 * @param exitNs when its last thread exited, or null while it lives
 * @param statesOnly it was not asked for but is waited for, and nothing is known of its calls
 * @param threads every thread that lived in the window, by number; tid 0 sums up threads that have ended and are too many
 * @param states summed over the threads
 * @param syscalls every system call made in the window, by total time, longest first
 * @param waits every blocked time in the window, by total time, longest first; their sum is {@code states.blockedNs()}
 */
public record ProcessSummary(int pid, int ppid, String comm, String cmdline, long startNs, Long exitNs,
        boolean statesOnly, List<ThreadSummary> threads, StateTimes states, List<SyscallSummary> syscalls,
        List<WaitSummary> waits) {

    /** Of which the kernel's threads are children; {@code pid} of its own. */
    private static final int KTHREADD = 2;

    /** One that was asked for. */
    public ProcessSummary(int pid, int ppid, String comm, String cmdline, long startNs, Long exitNs, List<ThreadSummary> threads,
            StateTimes states, List<SyscallSummary> syscalls, List<WaitSummary> waits) {
        this(pid, ppid, comm, cmdline, startNs, exitNs, false, threads, states, syscalls, waits);
    }

    /** It is a thread of the kernel's. */
    public boolean isKernels() {
        return pid == KTHREADD || ppid == KTHREADD;
    }
}
