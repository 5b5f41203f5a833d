package ktrace.analysis.waits;

import java.util.ArrayList;
import java.util.List;
import ktrace.event.ThreadId;
import ktrace.event.Waker;

/**
 * The waits of one row by who waited and who ended them. Most rows have one such pair; of those that are too many for the process,
 * {@link ProcessWaits} has some joined. One thread. Allocates for a new pair only.
 */
final class WaitPairs {
    private WaitPair[] table = new WaitPair[2];
    private int count;
    /** Of the pairs that were joined; null when none was. */
    private WaitPair rest;

    /** Null when there is none. */
    WaitPair find(ThreadId waiter, Waker waker) {
        int mask = table.length - 1;
        for (int i = hash(waiter, waker == null ? 0 : waker.tid()) & mask; table[i] != null; i = (i + 1) & mask) {
            if (table[i].is(waiter, waker)) {
                return table[i];
            }
        }
        return null;
    }

    private static int hash(ThreadId waiter, int wakerTid) {
        int h = (waiter.index() * 31 + wakerTid) * 0x9E3779B9;
        return h >>> 12;
    }

    WaitPair make(ThreadId waiter, Waker waker) {
        WaitPair pair = new WaitPair(waiter, waker);
        put(pair);
        return pair;
    }

    private void put(WaitPair pair) {
        if (2 * (count + 1) > table.length) {
            rebuild(kept(), 2 * table.length);
        }
        int mask = table.length - 1;
        int i = hash(pair.waiter, pair.wakerTid()) & mask;
        while (table[i] != null) {
            i = (i + 1) & mask;
        }
        table[i] = pair;
        count++;
    }

    private void rebuild(List<WaitPair> pairs, int length) {
        table = new WaitPair[length];
        count = 0;
        pairs.forEach(this::put);
    }

    /** How many there are beyond the one that every row has. */
    int beyondOne() {
        return rest == null ? Math.max(0, count - 1) : count;
    }

    /** Those that are kept apart, in no order. */
    List<WaitPair> kept() {
        List<WaitPair> pairs = new ArrayList<>(count + 1);
        for (WaitPair pair : table) {
            if (pair != null) {
                pairs.add(pair);
            }
        }
        return pairs;
    }

    List<WaitPair> all() {
        List<WaitPair> pairs = kept();
        if (rest != null) {
            pairs.add(rest);
        }
        return pairs;
    }

    /** Those that leave are one from now on. */
    void joinLeaving(boolean keepWaker) {
        List<WaitPair> staying = new ArrayList<>();
        for (WaitPair pair : kept()) {
            if (pair.leaves) {
                join(pair, keepWaker);
            } else {
                staying.add(pair);
            }
        }
        rebuild(staying, 2 * Integer.highestOneBit(Math.max(1, 2 * staying.size() - 1)));
    }

    private void join(WaitPair pair, boolean keepWaker) {
        if (rest == null) {
            rest = new WaitPair(null, null);
        }
        rest.addOthers(pair, keepWaker);
    }

    /** The same waits, counted elsewhere. */
    void add(WaitPairs other) {
        for (WaitPair pair : other.kept()) {
            WaitPair mine = find(pair.waiter, pair.waker());
            (mine == null ? make(pair.waiter, pair.waker()) : mine).add(pair);
        }
        if (other.rest != null) {
            join(other.rest, true);
        }
    }

    /** Without who waited. */
    void addOthers(WaitPairs other, boolean keepWaker) {
        other.all().forEach(pair -> join(pair, keepWaker));
    }

    void pack() {
        all().forEach(WaitPair::pack);
    }

    /** Over all windows, the current one included. */
    long allNs() {
        long sum = rest == null ? 0 : rest.allNs();
        for (WaitPair pair : table) {
            sum += pair == null ? 0 : pair.allNs();
        }
        return sum;
    }
}
