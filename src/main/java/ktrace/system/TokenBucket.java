package ktrace.system;

/**
 * Bounds how often something expensive is done per second of the trace. The clock is the events' own, so that a replayed trace
 * decides as the live one did. Written by the tracker's thread; allocates nothing.
 */
final class TokenBucket {
    private final long intervalNs;
    private final long capacity;
    private long tokens;
    private long refilledNs = Long.MIN_VALUE;

    TokenBucket(int perSecond, int burst) {
        intervalNs = 1_000_000_000L / perSecond;
        capacity = burst;
        tokens = burst;
    }

    /** Takes one, if more than {@code reserve} are left for what matters more. */
    boolean take(long nowNs, long reserve) {
        if (refilledNs == Long.MIN_VALUE) {
            refilledNs = nowNs;
        }
        long earned = (nowNs - refilledNs) / intervalNs;
        if (earned > 0) {
            tokens = Math.min(capacity, tokens + earned);
            refilledNs += earned * intervalNs;
        }
        if (tokens <= reserve) {
            return false;
        }
        tokens--;
        return true;
    }
}
