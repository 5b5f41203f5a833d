package ktrace.system.objects;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The descriptor tables that refer to one object. However many they are, as of a terminal or of what a service's workers inherit,
 * each comes, is found and goes in the same time.
 *
 * <p>Written by the tracker's thread; allocates for a new holder.
 */
final class Holders {
    private static final Holding[] NOBODY = {};
    /** Beyond so many they are looked up in a map. It is never gone through: its order is that of addresses. */
    private static final int FEW = 8;

    private Holding[] holdings = NOBODY;
    private int count;
    private Map<FdTable, Holding> byTable;
    /** Tables that can read, and that can write. */
    private int readers;
    private int writers;
    private int version;

    int count() {
        return count;
    }

    Holding get(int index) {
        return holdings[index];
    }

    /** Null when {@code table} holds it not; without lists of peers that are out of date. */
    Holding of(FdTable table) {
        Holding holding = find(table);
        if (holding != null && holding.peersVersion != version) {
            holding.peersOfReader = null;
            holding.peersOfWriter = null;
            holding.peersVersion = version;
        }
        return holding;
    }

    /** The lists of peers are to be made anew. */
    void forgetPeers() {
        version++;
    }

    /** Whether some table can read and some can write. */
    boolean readAndWrite() {
        return readers > 0 && writers > 0;
    }

    /** Whether {@code table} is the only one that can read, or the only one that can write. */
    boolean isLast(FdTable table) {
        Holding own = find(table);
        return own != null && (own.readers > 0 && readers == 1 || own.writers > 0 && writers == 1);
    }

    /** One more reference from {@code table}. */
    void add(FdTable table, int fd, boolean reads, boolean writes) {
        Holding holding = find(table);
        if (holding == null) {
            holding = new Holding(table);
            enter(holding);
        }
        holding.references++;
        holding.lastFd = fd;
        if (reads && holding.readers++ == 0) {
            readers++;
        }
        if (writes && holding.writers++ == 0) {
            writers++;
        }
    }

    /** One reference less. */
    void remove(FdTable table, boolean reads, boolean writes) {
        Holding holding = find(table);
        if (holding == null) {
            return;
        }
        if (reads && --holding.readers == 0) {
            readers--;
        }
        if (writes && --holding.writers == 0) {
            writers--;
        }
        if (--holding.references == 0) {
            leave(holding);
        }
    }

    void clear() {
        holdings = NOBODY;
        count = 0;
        byTable = null;
        readers = 0;
        writers = 0;
    }

    private Holding find(FdTable table) {
        if (byTable != null) {
            return byTable.get(table);
        }
        for (int i = 0; i < count; i++) {
            if (holdings[i].table == table) {
                return holdings[i];
            }
        }
        return null;
    }

    private void enter(Holding holding) {
        if (count == holdings.length) {
            holdings = Arrays.copyOf(holdings, Math.max(2, count * 2));
        }
        holding.place = count;
        holdings[count++] = holding;
        if (byTable != null) {
            byTable.put(holding.table, holding);
        } else if (count > FEW) {
            byTable = new IdentityHashMap<>();
            for (int i = 0; i < count; i++) {
                byTable.put(holdings[i].table, holdings[i]);
            }
        }
    }

    private void leave(Holding holding) {
        Holding last = holdings[--count];
        holdings[count] = null;
        if (last != holding) {
            holdings[holding.place] = last;
            last.place = holding.place;
        }
        if (byTable != null) {
            byTable.remove(holding.table);
            if (count == 0) {
                byTable = null;
                holdings = NOBODY;
            }
        }
    }
}
