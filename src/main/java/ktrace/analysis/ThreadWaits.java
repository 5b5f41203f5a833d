package ktrace.analysis;

import java.util.List;
import ktrace.event.Waker;

/**
 * Those waits of a {@link WaitSummary} that one thread waited and one thread ended. Times and counts mean what they mean there.
 *
 * @param tid the waiting thread; 0 sums up threads that are too many to be told one by one
 * @param comm its name when it last waited so, unescaped
 * @param waker who ended the waits, its tid 0 when it was more than one thread; null when not seen or in interrupt
 */
public record ThreadWaits(int tid, String comm, Waker waker, long count, long totalNs, long p50Ns, long p99Ns, long maxNs,
        boolean ongoing, List<Because> because) {

    /** One that is not explained. */
    public ThreadWaits(int tid, String comm, Waker waker, long count, long totalNs, long p50Ns, long p99Ns, long maxNs,
            boolean ongoing) {
        this(tid, comm, waker, count, totalNs, p50Ns, p99Ns, maxNs, ongoing, List.of());
    }
}
