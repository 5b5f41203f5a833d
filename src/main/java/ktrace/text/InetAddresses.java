package ktrace.text;

/** Addresses of the internet as people write them. */
public final class InetAddresses {
    private static final long MAPPED = 0xffffL;

    private InetAddresses() {
    }

    /** Four bytes. */
    public static String four(int address) {
        return (address >>> 24) + "." + (address >> 16 & 0xff) + '.' + (address >> 8 & 0xff) + '.' + (address & 0xff);
    }

    /**
     * Sixteen bytes. An IPv4 address mapped into IPv6 is written as IPv4, since the other end of the same connection may be an IPv4
     * socket. Others stand in brackets, shortened as RFC 5952 wants it.
     */
    public static String six(long high, long low) {
        if (high == 0 && low >>> Integer.SIZE == MAPPED) {
            return four((int) low);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (int) ((i < 4 ? high : low) >>> (48 - 16 * (i & 3))) & 0xffff;
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
}
