package ktrace.analysis.shard;

/**
 * How much is kept one by one before it is summed up, so that memory stays bounded however many threads, processes and objects
 * come and go.
 *
 * @param waits rows of waits of one process
 * @param pairs pairs of waiting thread and waker in these rows, beyond one for each row
 * @param endedThreads threads of one process that have ended
 * @param endedThreadsOfAll threads of all ended processes, beyond which a process that ends keeps few; and pairs
 * @param endedProcesses processes that have ended
 * @param endedNames different names under which further ended processes are summed up
 */
record Limits(int waits, int pairs, int endedThreads, int endedThreadsOfAll, int endedProcesses, int endedNames) {
    static final Limits DEFAULT = new Limits(4096, 2048, 1024, 16_384, 2048, 256);
}
