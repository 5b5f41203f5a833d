package ktrace.system;

import java.util.List;
import ktrace.event.Peer;

/**
 * That one descriptor table refers to one object: how often for reading, how often for writing, and, once somebody asked, who
 * is at the other end as seen from here. Written by the tracker's thread.
 */
final class Holding {
    final FdTable table;
    int readers;
    int writers;
    /** Cached answers of {@link PeerLists}; null when they must be made again. */
    List<Peer> peersOfReader;
    List<Peer> peersOfWriter;

    Holding(FdTable table) {
        this.table = table;
    }

    void forgetPeers() {
        peersOfReader = null;
        peersOfWriter = null;
    }
}
