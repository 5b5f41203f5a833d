package ktrace.facts.live;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The types of the file systems that descriptors lie in, by mount id, from /proc/PID/mountinfo (proc_pid_mountinfo(5)). Mount ids
 * are unique over all mount namespaces while the mount lasts. Belongs to one thread.
 */
final class MountTable {
    /** Where a question about a file may wait for a machine far away, or for a program that has died. */
    private static final Set<String> REMOTE = Set.of("nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "9p", "afs", "glusterfs",
            "lustre", "gfs2", "ocfs2", "beegfs", "orangefs", "autofs", "coda", "ncpfs");
    private static final int LIMIT = 1 << 16;
    private static final String UNKNOWN = "";

    private final ProcFs proc;
    private final Map<Integer, String> types = new HashMap<>();

    MountTable(ProcFs proc) {
        this.proc = proc;
    }

    /** Whether a file on this mount can be asked about without waiting for somebody else. */
    boolean isLocal(int tgid, int mountId) {
        String type = type(tgid, mountId);
        return !REMOTE.contains(type) && !type.startsWith("fuse");
    }

    /** Whether the mount is one of those that no process sees: the kernel's own, of POSIX queues among others. */
    boolean isInternal(int tgid, int mountId) {
        return type(tgid, mountId).equals(UNKNOWN);
    }

    private String type(int tgid, int mountId) {
        String known = types.get(mountId);
        if (known != null) {
            return known;
        }
        if (types.size() >= LIMIT) {
            types.clear();
        }
        byte[] text = proc.mountInfo(tgid);
        if (text != null) {
            read(text);
        }
        return types.computeIfAbsent(mountId, id -> UNKNOWN);
    }

    /** 36 35 98:0 /root /mount/point options [optional fields] - type source options. */
    private void read(byte[] text) {
        for (String line : new String(text, StandardCharsets.UTF_8).split("\n")) {
            int blank = line.indexOf(' ');
            int dash = line.indexOf(" - ");
            if (blank > 0 && dash > 0) {
                int end = line.indexOf(' ', dash + 3);
                try {
                    types.put(Integer.parseInt(line.substring(0, blank)), line.substring(dash + 3, end < 0 ? line.length() : end));
                } catch (NumberFormatException notSuchALine) {
                    continue;
                }
            }
        }
    }
}
