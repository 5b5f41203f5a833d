package ktrace.story;

import java.util.Set;
import ktrace.analysis.Because;
import ktrace.analysis.Cause;
import ktrace.analysis.ThreadWaits;
import ktrace.analysis.WaitSummary;
import ktrace.event.ObjectKind;

/**
 * What one sentence tells: waits of one process for one object and one waker, or for many alike that would each be a line and
 * together are the story: a server's connections, the short-lived children that feed a pipe. Waits that a thread of the same
 * process ended are told of threads: that a process waits for itself says nothing.
 *
 * @param what the waits; several objects are named by their number; of several waits it is the sum: {@code maxNs} is exact,
 *     {@code p99Ns} an upper bound, {@code p50Ns} not known
 * @param observedNs the time that the waits are a share of: that of the process, or of the threads that waited
 * @param waiters the numbers of the threads that waited; empty when it is told of the process
 * @param objects the names of what was waited for
 * @param wakers the numbers of those who ended the waits, threads where it is told of threads, else processes; 0 is nobody known
 * @param wakerName the name that all wakers have; null when they have several, or none is known
 * @param isJoined whether {@code what} is of several
 */
public record WaitRow(ProcessRow process, WaitSummary what, long observedNs, Set<Integer> waiters, Set<String> objects,
        Set<Integer> wakers, String wakerName, boolean isJoined) {
    /** A row with this share of its time is worth a line, in percent. */
    private static final int OWN_LINE_PERCENT = 10;
    /** Of the time waited, this part at least was idle where all of it is called so. */
    private static final double IDLE = 0.9;

    boolean isOfThreads() {
        return !waiters.isEmpty();
    }

    /** The one thread that waited. */
    ThreadWaits waiter() {
        return what.threads().getFirst();
    }

    /** Sat and waited all the time, as idle servers and kernel threads do: not where time is lost, but a disk that is stuck is. */
    public boolean isIdle() {
        return what.kind() != ObjectKind.DISK && (what.count() == 0 || isForNothing());
    }

    /** It waited for work that did not come, as far as that is known: of some waits that have not ended it is not. */
    boolean isForNothing() {
        return what.kind() != ObjectKind.DISK && (process.isKernels() || idleNs() > IDLE * what.totalNs());
    }

    private long idleNs() {
        return what.because().stream().filter(b -> b.cause() == Cause.IDLE).mapToLong(Because::ns).sum();
    }

    /** Of a connection, the end that others connect to; null where there is none, or it is not known. */
    String listeningEnd() {
        return isJoined ? null : ObjectName.listening(what.object());
    }

    boolean isLarge() {
        return what.totalNs() * 100 >= observedNs * OWN_LINE_PERCENT;
    }
}
