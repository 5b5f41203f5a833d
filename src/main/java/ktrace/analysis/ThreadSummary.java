package ktrace.analysis;

/**
 * One thread in the window of a {@link Summary}.
 *
 * @param comm its name at the end of the window, unescaped
 * @param states where its time went; they sum to the time that it was under observation in the window. A thread that was there
 *     from the begin of the trace, but was heard of only later, brings the time before into the window where it was heard of, so
 *     that the windows add up
 */
public record ThreadSummary(int tid, String comm, StateTimes states) {
}
