package ktrace.facts.live;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** Addresses as people write them. */
final class InetAddresses {
    private InetAddresses() {
    }

    /**
     * Four or sixteen bytes in network order. An IPv4 address mapped into IPv6 is written as IPv4, since the other end of the same
     * connection may be an IPv4 socket. Other IPv6 addresses stand in brackets, shortened as RFC 5952 wants it.
     */
    static String text(MemorySegment memory, long at, boolean six) {
        if (!six) {
            return four(memory, at);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (memory.get(JAVA_BYTE, at + 2 * i) & 0xff) << 8 | memory.get(JAVA_BYTE, at + 2 * i + 1) & 0xff;
        }
        if (isMapped(groups)) {
            return four(memory, at + 12);
        }
        int zerosAt = -1;
        int zeros = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > zeros) {
                zeros = end - i;
                zerosAt = i;
            }
        }
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < 8; i++) {
            if (i == zerosAt) {
                text.append("::");
                i += zeros - 1;
            } else {
                if (i > 0 && i != zerosAt + zeros) {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.append(']').toString();
    }

    private static boolean isMapped(int[] groups) {
        return (groups[0] | groups[1] | groups[2] | groups[3] | groups[4]) == 0 && groups[5] == 0xffff;
    }

    private static String four(MemorySegment memory, long at) {
        return (memory.get(JAVA_BYTE, at) & 0xff) + "." + (memory.get(JAVA_BYTE, at + 1) & 0xff) + '.'
                + (memory.get(JAVA_BYTE, at + 2) & 0xff) + '.' + (memory.get(JAVA_BYTE, at + 3) & 0xff);
    }
}
