package ktrace.facts.live;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import ktrace.facts.ObjectSource.LockSort;

/**
 * A line of /proc/locks (proc_locks(5)), or the {@code lock:} line of /proc/PID/fdinfo/N:
 *
 * <pre>
 * 4: FLOCK  ADVISORY  WRITE 812 fd:00:2531452 0 EOF         held by process 812
 * 4: -> FLOCK  ADVISORY  WRITE 813 fd:00:2531452 0 EOF      which 813 waits for, or for who waits for it
 * </pre>
 *
 * @param number which all that wait for a lock have in common with it
 * @param isWaiting it is waited for, not held
 * @param pid of the process that asked for it; -1 for a lock that goes with an open file, and of a server of another machine
 * @param file its device and inode, as they stand there
 */
record LockLine(String number, boolean isWaiting, LockSort sort, int pid, String file, long inode) {
    private static final String OF_DESCRIPTOR = "lock:";

    /** All that {@code table} has, of the sorts that are known; none of null. */
    static List<LockLine> all(byte[] table) {
        List<LockLine> lines = new ArrayList<>();
        for (String line : table == null ? new String[0] : new String(table, StandardCharsets.ISO_8859_1).split("\n")) {
            LockLine lock = parse(line);
            if (lock != null) {
                lines.add(lock);
            }
        }
        return lines;
    }

    /** Those of fdinfo, which has other lines as well. */
    static List<LockLine> ofDescriptor(byte[] info) {
        List<LockLine> lines = new ArrayList<>();
        for (String line : info == null ? new String[0] : new String(info, StandardCharsets.ISO_8859_1).split("\n")) {
            LockLine lock = line.startsWith(OF_DESCRIPTOR) ? parse(line.substring(OF_DESCRIPTOR.length())) : null;
            if (lock != null) {
                lines.add(lock);
            }
        }
        return lines;
    }

    /** Null for what is not such a line. */
    private static LockLine parse(String line) {
        String[] words = line.strip().split("\\s+");
        boolean isWaiting = words.length > 1 && words[1].equals("->");
        int sort = isWaiting ? 2 : 1;
        if (words.length < sort + 5 || !words[0].endsWith(":")) {
            return null;
        }
        try {
            String file = words[sort + 4];
            return new LockLine(words[0], isWaiting, LockSort.valueOf(words[sort]), Integer.parseInt(words[sort + 3]), file,
                    Long.parseLong(file.substring(file.lastIndexOf(':') + 1)));
        } catch (IllegalArgumentException notSuchALine) {
            return null;
        }
    }
}
