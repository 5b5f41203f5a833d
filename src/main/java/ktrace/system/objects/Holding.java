package ktrace.system.objects;

import java.util.List;
import ktrace.event.Peer;
import ktrace.system.PeerLists;

/**
 * That one descriptor table refers to one object: how often for reading, how often for writing, and, once somebody asked, who
 * is at the other end as seen from here. Written by the tracker's thread.
 */
public final class Holding {
    public final FdTable table;
    public int readers;
    public int writers;
    /** How many descriptors of the table, or uses without one, refer to the object. */
    int references;
    /** The number that was the last to refer to it, and need not do so any more; -1 when it is used without one. */
    int lastFd;
    /** Where it stands in {@link Holders}. */
    int place;
    /** Cached answers of {@code PeerLists}; null when they must be made again. */
    public List<Peer> peersOfReader;
    public List<Peer> peersOfWriter;
    /** As of which change of the holders those are. */
    int peersVersion;

    Holding(FdTable table) {
        this.table = table;
    }
}
