package ktrace.facts.live;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The file systems that descriptors and paths lie in, from /proc/PID/mountinfo (proc_pid_mountinfo(5)). Mount ids are unique over
 * all mount namespaces while the mount lasts. Belongs to one thread.
 */
final class MountTable {
    /** Where a question about a file may wait for a machine far away, or for a program that has died. */
    private static final Set<String> REMOTE = Set.of("nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "9p", "afs", "glusterfs",
            "lustre", "gfs2", "ocfs2", "beegfs", "orangefs", "autofs", "coda", "ncpfs");
    private static final int LIMIT = 1 << 16;

    /**
     * @param device {@code major << 20 | minor}
     * @param point where it is mounted, seen from the root of a process that sees it
     */
    record Mount(String type, int device, String point) {
        /** Nobody sees it, or it is gone. */
        static final Mount UNKNOWN = new Mount("", -1, "");

        /** Served by a process: to ask about a file there may wait for it. */
        boolean isFuse() {
            return type.equals("fuse") || type.equals("fuseblk") || type.startsWith("fuse.");
        }

        private boolean covers(String path) {
            return path.startsWith(point)
                    && (path.length() == point.length() || point.equals("/") || path.charAt(point.length()) == '/');
        }
    }

    private final ProcFs proc;
    private final Map<Integer, Mount> mounts = new HashMap<>();

    MountTable(ProcFs proc) {
        this.proc = proc;
    }

    /** Whether a file on this mount can be asked about without waiting for somebody else. */
    boolean isLocal(int tgid, int mountId) {
        Mount mount = mount(tgid, mountId);
        return !REMOTE.contains(mount.type) && !mount.isFuse();
    }

    /** Whether the mount is one of those that no process sees: the kernel's own, of POSIX queues among others. */
    boolean isInternal(int tgid, int mountId) {
        return mount(tgid, mountId) == Mount.UNKNOWN;
    }

    /** {@link Mount#UNKNOWN} when no process that was asked for sees it. */
    Mount mount(int tgid, int mountId) {
        Mount known = mounts.get(mountId);
        if (known != null) {
            return known;
        }
        read(tgid);
        return mounts.computeIfAbsent(mountId, id -> Mount.UNKNOWN);
    }

    /**
     * What a path of process {@code tgid} leads into, without asking for the path, which may take long; a symbolic link on its way
     * is not seen.
     */
    Mount at(int tgid, String path) {
        Mount deepest = Mount.UNKNOWN;
        for (Mount mount : read(tgid).values()) {
            // Of two that are mounted at one place the later, whose id mostly is the greater, hides the other.
            if (mount.covers(path) && mount.point.length() >= deepest.point.length()) {
                deepest = mount;
            }
        }
        return deepest;
    }

    /** Where process {@code tgid} sees the file system of this device; null when it does not. */
    String pointOf(int tgid, int device) {
        for (Mount mount : read(tgid).values()) {
            if (mount.device == device) {
                return mount.point;
            }
        }
        return null;
    }

    /** What the process sees now, which is remembered by the ids. */
    private Map<Integer, Mount> read(int tgid) {
        Map<Integer, Mount> seen = new TreeMap<>();
        byte[] text = proc.mountInfo(tgid);
        if (text != null) {
            for (String line : new String(text, StandardCharsets.UTF_8).split("\n")) {
                enter(line, seen);
            }
        }
        if (mounts.size() + seen.size() > LIMIT) {
            mounts.clear();
        }
        mounts.putAll(seen);
        return seen;
    }

    /** 36 35 98:0 /root /mount/point options [optional fields] - type source options. */
    private static void enter(String line, Map<Integer, Mount> seen) {
        String[] words = line.split(" ");
        int dash = line.indexOf(" - ");
        int colon = words.length < 5 || dash < 0 ? -1 : words[2].indexOf(':');
        if (colon > 0) {
            int end = line.indexOf(' ', dash + 3);
            try {
                int device = Integer.parseInt(words[2].substring(0, colon)) << 20
                        | Integer.parseInt(words[2].substring(colon + 1));
                seen.put(Integer.parseInt(words[0]),
                        new Mount(line.substring(dash + 3, end < 0 ? line.length() : end), device, unescaped(words[4])));
            } catch (NumberFormatException notSuchALine) {
                return;
            }
        }
    }

    /** Blanks, tabs, newlines and backslashes are written in octal. */
    static String unescaped(String point) {
        return point.indexOf('\\') < 0 ? point
                : point.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\");
    }
}
