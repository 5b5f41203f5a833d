package ktrace.analysis.waits;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ktrace.analysis.Because;
import ktrace.analysis.Cause;
import ktrace.analysis.ThreadWaits;

/** What the waits of several threads are explained by together. */
final class Reasoned {
    /** Further parts are told by cause alone. */
    private static final int MOST = 16;

    private record Key(int pid, int tid, Cause cause) {
    }

    private Reasoned() {
    }

    static List<Because> of(List<ThreadWaits> threads) {
        if (threads.size() == 1) {
            return threads.getFirst().because();
        }
        List<Because> all = new ArrayList<>();
        threads.forEach(thread -> all.addAll(thread.because()));
        if (all.isEmpty()) {
            return List.of();
        }
        List<Because> sums = summed(all);
        if (sums.size() > MOST) {
            sums.subList(MOST, sums.size()).replaceAll(b -> new Because(0, "", 0, "", b.cause(), b.ns()));
            sums = summed(sums);
        }
        return List.copyOf(sums);
    }

    private static List<Because> summed(List<Because> all) {
        Map<Key, Because> sums = new LinkedHashMap<>();
        for (Because b : all) {
            sums.merge(new Key(b.pid(), b.tid(), b.cause()), b,
                    (a, c) -> new Because(a.pid(), a.comm().isEmpty() ? c.comm() : a.comm(), a.tid(),
                            a.threadComm().isEmpty() ? c.threadComm() : a.threadComm(), a.cause(), a.ns() + c.ns()));
        }
        List<Because> sorted = new ArrayList<>(sums.values());
        sorted.sort(Comparator.comparingLong(Because::ns).reversed());
        return sorted;
    }
}
