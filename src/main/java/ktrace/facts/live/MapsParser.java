package ktrace.facts.live;

import java.util.function.Predicate;
import ktrace.event.MappingSnapshot;
import ktrace.text.RawText;

/**
 * /proc/PID/maps (proc_pid_maps(5)), one line each:
 *
 * <pre>
 * 7f2c40000000-7f2c40001000 rw-s 00000000 00:1a 42     /dev/shm/queue
 * </pre>
 */
final class MapsParser {
    private MapsParser() {
    }

    /** The mapping that {@code address} lies in; null when there is none or the text is null. */
    static MappingSnapshot find(byte[] maps, long address) {
        return first(maps, mapping -> mapping.contains(address));
    }

    /** Whether this file is mapped, and shared. */
    static boolean has(byte[] maps, int device, long inode) {
        return first(maps, mapping -> mapping.shared() && mapping.device() == device && mapping.inode() == inode) != null;
    }

    private static MappingSnapshot first(byte[] maps, Predicate<MappingSnapshot> wanted) {
        for (int line = 0; maps != null && line < maps.length;) {
            int next = ProcText.nextLine(maps, line);
            MappingSnapshot mapping = parse(maps, line, Math.min(next - 1, maps.length));
            if (mapping != null && wanted.test(mapping)) {
                return mapping;
            }
            line = next;
        }
        return null;
    }

    private static MappingSnapshot parse(byte[] maps, int start, int end) {
        String text = RawText.of(maps, start, end - start);
        String[] words = text.split(" +", 6);
        if (words.length < 5 || words[1].length() < 4) {
            return null;
        }
        int dash = words[0].indexOf('-');
        int colon = words[3].indexOf(':');
        if (dash < 0 || colon < 0) {
            return null;
        }
        try {
            return new MappingSnapshot(
                    Long.parseUnsignedLong(words[0].substring(0, dash), 16),
                    Long.parseUnsignedLong(words[0].substring(dash + 1), 16),
                    words[1].charAt(3) == 's',
                    Integer.parseUnsignedInt(words[3].substring(0, colon), 16) << 20
                            | Integer.parseUnsignedInt(words[3].substring(colon + 1), 16),
                    Long.parseLong(words[4]),
                    Long.parseUnsignedLong(words[2], 16),
                    words.length == 6 ? words[5] : "");
        } catch (NumberFormatException notSuchALine) {
            return null;
        }
    }
}
