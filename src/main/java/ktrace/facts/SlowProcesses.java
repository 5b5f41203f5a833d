package ktrace.facts;

import java.util.HashMap;
import java.util.Map;

/** Processes about which a question was not answered in time: none is asked about them for a while. One thread. */
final class SlowProcesses {
    private static final long PAUSE_NS = 10_000_000_000L;
    private static final int LIMIT = 1024;

    private final Map<Integer, Long> untilNs = new HashMap<>();

    void add(int tgid, long nowNs) {
        if (tgid > 0 && untilNs.size() < LIMIT) {
            untilNs.put(tgid, nowNs + PAUSE_NS);
        }
    }

    boolean contains(int tgid, long nowNs) {
        if (untilNs.isEmpty()) {
            return false;
        }
        untilNs.values().removeIf(until -> until <= nowNs);
        return untilNs.containsKey(tgid);
    }
}
