package ktrace.analysis;

/**
 * Is told of each wait of a {@link ProcessShard}'s threads when it is over, on the shard's thread, while the shard looks at the
 * event that ended it; at END, of those still going on. A wait whose object is a guess is told of when the guess is confirmed or
 * taken back, so waits come in no strict order of time.
 */
@FunctionalInterface
public interface WaitListener {
    void onWait(ObservedWait wait);
}
