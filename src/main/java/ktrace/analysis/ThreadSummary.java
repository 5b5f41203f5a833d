package ktrace.analysis;

/**
 * One thread in the window of a {@link Summary}.
 *
 * @param comm its name at the end of the window, unescaped
 * @param states where its time went; they sum to the time that it was under observation in the window
 */
public record ThreadSummary(int tid, String comm, StateTimes states) {
}
