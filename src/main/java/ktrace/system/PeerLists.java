package ktrace.system;

import java.util.ArrayList;
import java.util.List;
import ktrace.event.Peer;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.Holding;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;

/**
 * Who is at the other end of an object, as seen from one process. Each list is made once and kept in the {@link Holding} until
 * somebody comes or goes, so that stamping an event allocates nothing. Used on the tracker's thread.
 */
public final class PeerLists {
    /**
     * So many are named, and some more of those who share a table: what thousands hold, as the pipe that a service's workers write
     * their log to, each of them would have a list of thousands of.
     */
    private static final int LIMIT = 64;

    private PeerLists() {
    }

    /**
     * @param way what the process does there: who reads waits for those who write
     * @return immutable; empty when nobody is known
     */
    static List<Peer> of(Machine machine, FamilySet families, TrackedObject object, ProcessEntry process, Way way) {
        if (!object.kind().ipc()) {
            return List.of();
        }
        if (families.of(object.kind()).sharedEnd(object.object) != 0) {
            return object.otherEnd() == null ? List.of() : allHolders(object.otherEnd());
        }
        // Whoever has the file open can hold the lock.
        Holding mine = object.base().holdingOf(process.fds);
        if (mine == null) {
            return List.of();
        }
        if (way == Way.WRITE) {
            if (mine.peersOfWriter == null) {
                mine.peersOfWriter = families.of(object.kind()).peers(machine, object, process, way);
            }
            return mine.peersOfWriter;
        }
        if (mine.peersOfReader == null) {
            mine.peersOfReader = families.of(object.kind()).peers(machine, object, process, way);
        }
        return mine.peersOfReader;
    }

    /** Who holds it, whoever asks. */
    static List<Peer> allHolders(TrackedObject object) {
        if (object.holderPeers == null) {
            object.holderPeers = holders(object, null, true, true);
        }
        return object.holderPeers;
    }

    /** Who holds it. */
    public static List<Peer> holders(TrackedObject object, ProcessEntry process) {
        return holders(object.base(), process.fds, true, true);
    }

    /** Who holds it so that he can do what the process waits for: who reads waits for writers, and the other way round. */
    public static List<Peer> otherWay(TrackedObject object, ProcessEntry process, Way way) {
        return holders(object, process.fds, way == Way.WRITE, way != Way.WRITE);
    }

    /** Who holds the object at its other end. */
    public static List<Peer> ofOtherEnd(TrackedObject object, ProcessEntry process) {
        TrackedObject end = object.otherEnd();
        return end == null ? List.of() : holders(end, process.fds, true, true);
    }

    /** The processes that hold {@code object}; the asking one only when it is alone. */
    private static List<Peer> holders(TrackedObject object, FdTable own, boolean readers, boolean writers) {
        List<Peer> peers = new ArrayList<>();
        boolean mine = false;
        for (int i = 0; i < object.holdingCount() && peers.size() < LIMIT; i++) {
            Holding holding = object.holding(i);
            if ((readers && holding.readers > 0) || (writers && holding.writers > 0)) {
                if (holding.table == own) {
                    mine = true;
                } else {
                    holding.table.owners().forEach(owner -> peers.add(owner.peer()));
                }
            }
        }
        if (peers.isEmpty() && mine) {
            own.owners().forEach(owner -> peers.add(owner.peer()));
        }
        return List.copyOf(peers);
    }
}
