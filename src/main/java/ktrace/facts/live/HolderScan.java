package ktrace.facts.live;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import ktrace.event.FdSnapshot;
import ktrace.facts.FuseKeys;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;

/**
 * Finds who holds certain objects, by going once through the links in /proc/PID/fd of all processes. Belongs to one thread.
 */
final class HolderScan {
    private static final String MASTER = "ptmx";
    private static final String SERVER = "/fuse";

    private final ProcFs proc;
    private final FdReader reader;
    private final Set<String> links = new HashSet<>();
    private final Set<Long> masters = new HashSet<>();
    private final Set<Long> servers = new HashSet<>();

    HolderScan(ProcFs proc, FdReader reader) {
        this.proc = proc;
        this.reader = reader;
    }

    /** The scan is to look for holders of {@code object} too. */
    void want(KernelObject object) {
        if (object.kind() == ObjectKind.FUSE) {
            servers.add(FuseKeys.serverOf(object.key()));
        }
        String link = link(object.kind(), object.name(), object.key());
        if (link != null) {
            links.add(link);
        }
    }

    /** The same for what is at the other end of a descriptor. */
    void wantOtherEnd(FdSnapshot snapshot) {
        KernelObject object = snapshot.object();
        ObjectKind kind = object.kind();
        if (kind == ObjectKind.FUSE || kind == ObjectKind.PIPE || kind == ObjectKind.FIFO) {
            want(object);
        } else if (snapshot.peerKey() > 0 && kind == ObjectKind.TTY) {
            masters.add(snapshot.peerKey());
        } else if (snapshot.peerKey() > 0 && isSocket(kind)) {
            links.add("socket:[" + snapshot.peerKey() + ']');
        } else if (snapshot.sendsTo() > 0 && isSocket(kind)) {
            links.add("socket:[" + snapshot.sendsTo() + ']');
        }
    }

    private static String link(ObjectKind kind, String name, long key) {
        if (kind == ObjectKind.PIPE || kind == ObjectKind.FIFO) {
            return name;
        }
        return isSocket(kind) ? "socket:[" + key + ']' : null;
    }

    private static boolean isSocket(ObjectKind kind) {
        return kind == ObjectKind.UNIX || kind == ObjectKind.TCP || kind == ObjectKind.UDP || kind == ObjectKind.NETLINK;
    }

    boolean isEmpty() {
        return links.isEmpty() && masters.isEmpty() && servers.isEmpty();
    }

    /** Every descriptor wanted, of the processes that {@code among} admits. */
    List<FdSnapshot> scan(IntPredicate among) {
        List<FdSnapshot> found = new ArrayList<>();
        List<Integer> processes = proc.processes();
        if (isEmpty() || processes == null) {
            return found;
        }
        for (int tgid : processes) {
            List<Integer> fds = among.test(tgid) ? proc.fds(tgid) : null;
            if (fds != null) {
                for (int fd : fds) {
                    scan(tgid, fd, found);
                }
            }
        }
        return found;
    }

    private void scan(int tgid, int fd, List<FdSnapshot> found) {
        String link = proc.link(tgid, fd);
        if (link == null) {
            return;
        }
        boolean perhapsMaster = !masters.isEmpty() && (link.endsWith(MASTER) || link.startsWith("/dev/pts/"));
        boolean perhapsServer = !servers.isEmpty() && link.endsWith(SERVER);
        if (links.contains(link) || perhapsMaster || perhapsServer) {
            FdSnapshot snapshot = reader.read(tgid, fd);
            if (snapshot != null && (!perhapsMaster || masters.contains(snapshot.object().key()))
                    && (!perhapsServer || servers.contains(snapshot.object().key()))) {
                found.add(snapshot);
            }
        }
    }
}
