package ktrace.analysis;

import ktrace.event.KernelObject;
import ktrace.event.ProcessId;
import ktrace.event.ThreadId;
import ktrace.event.Waker;

/**
 * How much of a process's time ended on whom, and why.
 *
 * @param waiter whose time it is; null for those that were joined because there were too many
 * @param end the thread that it ended on; null when that is none that is observed, or when several were joined
 * @param waker the thread or process that it ended on, as it is called; of own time in the queue for a CPU, who had that; null when that
 *     is nobody known
 * @param cause what {@code end} did, or what else it was
 * @param own it was no wait for somebody else but the process's own doing
 * @param object what most of it waited for at last, or the control group whose quota held it back, or
 *     the CPUs that it may run on alone, while others idled; null when that is not known
 * @param ns how long, over all threads of the process
 * @param sureNs as far as the object proves every step of the way
 */
public record Explanation(ProcessId waiter, ThreadId end, Waker waker, Cause cause, boolean own, KernelObject object, long ns,
        long sureNs) {
}
