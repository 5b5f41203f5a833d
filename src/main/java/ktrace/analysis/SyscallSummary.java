package ktrace.analysis;

import java.util.List;
import java.util.Map;

/**
 * One system call of one process in the window of a {@link Summary}: the calls that returned in it.
 *
 * @param number the kernel's number
 * @param totalNs entry to exit, waiting included
 * @param errnos how often each error was returned, by name ({@code EAGAIN}); interrupted calls that the kernel restarts count
 *     under its inner names ({@code ERESTARTSYS})
 * @param histogram how many calls took how long, shortest first, for drawing: only buckets that are not empty
 */
public record SyscallSummary(String name, int number, long calls, long errors, long totalNs, long minNs, long maxNs,
        long p50Ns, long p95Ns, long p99Ns, Map<String, Long> errnos, List<Bucket> histogram) {

    /**
     * Calls that took from {@code fromNs} (included) to twice that (excluded): one power of two. {@code fromNs} 0 is
     * everything below 1 ns.
     */
    public record Bucket(long fromNs, long calls) {
    }
}
