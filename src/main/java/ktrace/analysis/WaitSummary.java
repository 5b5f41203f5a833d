package ktrace.analysis;

import java.util.List;
import ktrace.event.Evidence;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.Waker;

/**
 * All blocked intervals of one process with the same kind, object, system call, process of the waker and evidence, in the window of
 * a {@link Summary}.
 *
 * @param object name of what was waited for, unescaped; empty when it is not known or there is none
 * @param syscall the call it waited in; null outside a call
 * @param waker who ended the waits, its tid 0 when it was more than one thread; null when not seen or in interrupt
 * @param peers who holds the other end
 * @param count waits that ended in the window
 * @param totalNs blocked time that lies in the window
 * @param p50Ns of the waits that ended in the window, each with its whole length
 * @param ongoing at the end of the window one of them was still going on
 * @param threads the same by waiting thread and waker thread, by total time, longest first; their sums are those of the whole
 * @param because what the waker did meanwhile, and whoever it waited for itself, the longest first; adds up to {@code totalNs}
 *     where waits are explained, else empty
 * @param interrupts what the interrupts came of, where these ended the waits
 */
public record WaitSummary(ObjectKind kind, String object, String syscall, Waker waker, List<Peer> peers, Evidence evidence,
        long count, long totalNs, long p50Ns, long p99Ns, long maxNs, boolean ongoing, List<ThreadWaits> threads,
        List<Because> because, Interrupts interrupts) {

    /** One that no interrupt ended. */
    public WaitSummary(ObjectKind kind, String object, String syscall, Waker waker, List<Peer> peers, Evidence evidence, long count,
            long totalNs, long p50Ns, long p99Ns, long maxNs, boolean ongoing, List<ThreadWaits> threads, List<Because> because) {
        this(kind, object, syscall, waker, peers, evidence, count, totalNs, p50Ns, p99Ns, maxNs, ongoing, threads, because, Interrupts.NONE);
    }

    /** One that is not explained. */
    public WaitSummary(ObjectKind kind, String object, String syscall, Waker waker, List<Peer> peers, Evidence evidence, long count,
            long totalNs, long p50Ns, long p99Ns, long maxNs, boolean ongoing, List<ThreadWaits> threads) {
        this(kind, object, syscall, waker, peers, evidence, count, totalNs, p50Ns, p99Ns, maxNs, ongoing, threads, List.of());
    }
}
