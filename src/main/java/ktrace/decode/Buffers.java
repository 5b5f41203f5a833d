package ktrace.decode;

/** What is read and written: buffers in one piece, and iovec lists (readv(2)). */
public final class Buffers {
    /** UIO_MAXIOV of include/uapi/linux/uio.h. */
    private static final int MAX_VECTORS = 1024;

    private Buffers() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "read" -> Argument.out((d, value) -> d.data(value, d.call().result()));
            case "write" -> {
                int length = Integer.parseInt(parameter);
                yield Argument.in((d, value) -> d.data(value, d.argument(length)));
            }
            case "iov-in" -> {
                int count = Integer.parseInt(parameter);
                yield Argument.in((d, value) -> vectors(d, value, d.argument(count), Long.MAX_VALUE));
            }
            case "iov-out" -> {
                int count = Integer.parseInt(parameter);
                yield Argument.late((d, value) -> vectors(d, value, d.argument(count), d.failed() ? -1 : d.call().result()));
            }
            case "iov-addresses" -> {
                int count = Integer.parseInt(parameter);
                yield Argument.in((d, value) -> vectors(d, value, d.argument(count), -1));
            }
            case "random" -> Argument.out(Buffers::random);
            case "value" -> {
                int length = Integer.parseInt(parameter);
                yield Argument.in((d, value) -> d.bytes(value, d.argument(length), d.options().stringBytes()));
            }
            default -> null;
        };
    }

    /**
     * {@code [{iov_base="abc", iov_len=3}]}.
     *
     * @param dataBytes how many bytes of data there are in all; -1 shows addresses alone
     */
    public static void vectors(Decoding d, long address, long count, long dataBytes) {
        int shown = (int) Math.min(Math.min(count & 0xffff_ffffL, MAX_VECTORS), d.options().stringBytes());
        int word = d.call().wordBytes();
        Bytes bytes = count == 0 ? null : d.fetch(address, shown * 2 * word);
        if (bytes == null && count != 0) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out().append('[');
        long left = dataBytes;
        for (int i = 0; i < shown; i++) {
            long base = bytes.word(2 * i * word);
            long length = bytes.word((2 * i + 1) * word);
            out.append(i > 0 ? ", " : "").append("{iov_base=");
            if (dataBytes < 0) {
                d.address(base);
            } else {
                long here = Long.compareUnsigned(length, left) < 0 ? length : left;
                d.data(base, here);
                left -= here;
            }
            out.append(", iov_len=").append(Long.toUnsignedString(length)).append('}');
        }
        out.append(shown < count ? ", ...]" : "]");
    }

    /** Always in hexadecimal: {@code "\x5f\x01"}. */
    private static void random(Decoding d, long address) {
        int limit = d.options().dataBytes();
        if (limit == 0) {
            d.address(address);
            return;
        }
        long length = d.call().result();
        int shown = (int) Math.min(length, limit);
        Bytes bytes = d.fetch(address, shown);
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append('"');
        for (int i = 0; i < shown; i++) {
            Quoted.hex(d.out(), bytes.u8(i));
        }
        d.out().append(shown < length ? "\"..." : "\"");
    }
}
