package ktrace.system;

import java.util.ArrayList;
import java.util.List;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.system.SyscallRole.Way;

/**
 * Who is at the other end of an object, as seen from one process. Each list is made once and kept in the {@link Holding} until
 * somebody comes or goes, so that stamping an event allocates nothing.
 */
final class PeerLists {
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
    static List<Peer> of(TrackedObject object, ProcessEntry process, Way way) {
        if (object.kind() == ObjectKind.DISK) {
            return List.of();
        }
        // Whoever has the file open can hold the lock.
        TrackedObject held = object.file != null ? object.file : object;
        Holding mine = held.holdingOf(process.fds);
        if (mine == null) {
            return List.of();
        }
        if (way == Way.WRITE) {
            if (mine.peersOfWriter == null) {
                mine.peersOfWriter = list(held, process.fds, way);
            }
            return mine.peersOfWriter;
        }
        if (mine.peersOfReader == null) {
            mine.peersOfReader = list(held, process.fds, way);
        }
        return mine.peersOfReader;
    }

    private static List<Peer> list(TrackedObject object, FdTable own, Way way) {
        return switch (object.kind()) {
            case PIPE, FIFO -> holders(object, own, way == Way.WRITE, way != Way.WRITE);
            case UNIX, TCP, UDP -> object.other == null ? List.of() : holders(object.other.canonical(), own, true, true);
            case TTY -> object.other == null ? List.of() : holders(object.other.canonical(), own, true, true);
            case EVENTFD, FUTEX, SYSVMSG, SYSVSEM, MQUEUE, DISK -> holders(object, own, true, true);
            default -> List.of();
        };
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
                    holding.table.owners().forEach(owner -> peers.add(owner.peer));
                }
            }
        }
        if (peers.isEmpty() && mine) {
            own.owners().forEach(owner -> peers.add(owner.peer));
        }
        return List.copyOf(peers);
    }
}
