package ktrace.decode;

/** Numbers and descriptors that a call leaves in the caller's memory. */
public final class Filled {
    private Filled() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "int-out" -> Argument.out((d, value) -> number(d, value, 4, true));
            case "uint-out" -> Argument.out((d, value) -> number(d, value, 4, false));
            case "pointer-out" -> Argument.out((d, value) -> pointer(d, value, parameter.equals("size")));
            case "ushort-out" -> Argument.out((d, value) -> {
                Bytes bytes = d.fetch(value, Short.BYTES);
                if (bytes == null) {
                    d.address(value);
                } else {
                    d.out().append('[').append(bytes.u16(0)).append(']');
                }
            });
            case "fds-out" -> Argument.out(Filled::twoFds);
            case "llong-out" -> Argument.out((d, value) -> number(d, value, 8, true));
            case "offset-in-out" -> Argument.inOut((d, value) -> number(d, value, 8, true), (d, value) -> changed(d, value, 8));
            case "offset32-in-out" -> Argument.inOut((d, value) -> number(d, value, 4, true), (d, value) -> changed(d, value, 4));
            case "bytes-out" -> Argument.out((d, value) -> d.bytes(value, d.call().result(), d.options().stringBytes()));
            // Without room nothing is filled: the call only tells how much there would be.
            case "attribute-out" -> {
                int room = Integer.parseInt(parameter);
                yield Argument.out((d, value) -> {
                    if (d.argument(room) == 0) {
                        d.address(value);
                    } else {
                        d.bytes(value, d.call().result(), d.options().stringBytes());
                    }
                });
            }
            case "ids" -> {
                int count = Integer.parseInt(parameter);
                yield Argument.in((d, value) -> list(d, value, (int) d.argument(count)));
            }
            case "numbers64-out" -> Argument.out((d, value) -> wideNumbers(d, value, null));
            default -> null;
        };
    }

    /** {@code [5]}. */
    public static void number(Decoding d, long address, int sizeBytes, boolean signed) {
        Bytes bytes = d.fetch(address, sizeBytes);
        if (bytes == null) {
            d.address(address);
            return;
        }
        long value = sizeBytes == 8 ? bytes.i64(0) : signed ? bytes.i32(0) : bytes.u32(0);
        d.out().append('[').append(signed ? Long.toString(value) : Long.toUnsignedString(value)).append(']');
    }

    /**
     * As many numbers of 64 bits as the call returns.
     *
     * @param names what they are called, or null
     */
    public static void wideNumbers(Decoding d, long address, Constants names) {
        long count = d.call().result();
        int shown = (int) Math.min(count, d.options().stringBytes());
        Bytes bytes = count <= 0 ? null : d.fetch(address, shown * Long.BYTES);
        if (bytes == null && count != 0) {
            d.address(address);
            return;
        }
        d.out().append('[');
        for (int i = 0; i < shown; i++) {
            d.out().append(i > 0 ? ", " : "");
            if (names == null) {
                d.hex(bytes.i64(i * Long.BYTES));
            } else {
                names.one(d.out(), bytes.i64(i * Long.BYTES));
            }
        }
        d.out().append(shown < count ? ", ...]" : "]");
    }

    private static void changed(Decoding d, long address, int sizeBytes) {
        Bytes bytes = d.failed() || d.call().result() == 0 ? null : d.fetch(address, sizeBytes);
        if (bytes != null) {
            d.out().append(" => [").append(sizeBytes == 8 ? bytes.i64(0) : bytes.i32(0)).append(']');
        }
    }

    /** {@code [0x7f00]} or, of a size, {@code [24]}. */
    private static void pointer(Decoding d, long address, boolean isSize) {
        Bytes bytes = d.fetch(address, d.call().wordBytes());
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append('[');
        if (isSize) {
            d.out().append(bytes.word(0));
        } else {
            d.address(bytes.word(0));
        }
        d.out().append(']');
    }

    private static void twoFds(Decoding d, long address) {
        Bytes bytes = d.fetch(address, 2 * Integer.BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append('[');
        d.fd(bytes.i32(0));
        d.out().append(", ");
        d.fd(bytes.i32(4));
        d.out().append(']');
    }

    /** Numbers of users and groups: {@code [0, 100]}. */
    public static void list(Decoding d, long address, int count) {
        int shown = Math.min(count, d.options().stringBytes());
        Bytes bytes = count == 0 ? null : d.fetch(address, shown * Integer.BYTES);
        if (bytes == null && count != 0 || count < 0) {
            d.address(address);
            return;
        }
        d.out().append('[');
        for (int i = 0; i < shown; i++) {
            d.out().append(i > 0 ? ", " : "").append(bytes.u32(4 * i));
        }
        d.out().append(shown < count ? ", ...]" : "]");
    }
}
