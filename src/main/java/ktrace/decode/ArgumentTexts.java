package ktrace.decode;

import java.util.Arrays;

/**
 * What arguments of a call pointed to when it was made: paths, names and addresses of sockets, as the bytes that lay in the
 * caller's memory, without the zero behind a path. Whoever reads them must expect anything. Nobody changes the arrays.
 */
public final class ArgumentTexts {
    /** Of a path no more is read: one of so many bytes is cut, and the kernel takes none that long. */
    public static final int PATH_BYTES = 4096;
    /** No address of a socket is longer: struct sockaddr_storage. */
    public static final int ADDRESS_BYTES = 128;

    private final byte[][] byArgument;

    /** @param byArgument null where an argument points to nothing of that kind, or it could not be read */
    public ArgumentTexts(byte[]... byArgument) {
        this.byArgument = byArgument;
    }

    /** What the argument of that number, from 0, pointed to; null when that is not known. */
    public byte[] of(int argument) {
        return argument < byArgument.length ? byArgument[argument] : null;
    }

    /** Whether there was more of the path than was read. */
    public static boolean isCut(byte[] path) {
        return path.length >= PATH_BYTES;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ArgumentTexts texts && Arrays.deepEquals(byArgument, texts.byArgument);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(byArgument);
    }

    @Override
    public String toString() {
        return Arrays.deepToString(byArgument);
    }
}
