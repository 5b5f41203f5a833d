package ktrace.facts;

import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;

/**
 * The {@link KernelObject#key}s of {@link ObjectKind#FUSE}: of a file on such a mount, and of the connection by which its server
 * answers, which all files of the mount have in common. The kernel gives both the number of the mount's device (st_dev).
 */
public final class FuseKeys {
    private static final int DEVICE_SHIFT = 31;
    private static final long FILE = (1L << DEVICE_SHIFT) - 1;

    private FuseKeys() {
    }

    /** @param device {@code major << 20 | minor} */
    public static long ofFile(int device, String path) {
        return ofFile(ofServer(device), path);
    }

    /** The key of a file that this server answers for. */
    public static long ofFile(long server, String path) {
        return server | Math.max(1, path.hashCode() & FILE);
    }

    /** @param device {@code major << 20 | minor} */
    public static long ofServer(int device) {
        return Integer.toUnsignedLong(device) << DEVICE_SHIFT;
    }

    /** The key of the connection that answers for the file with this key. */
    public static long serverOf(long file) {
        return file & ~FILE;
    }

    public static boolean isServer(long key) {
        return (key & FILE) == 0;
    }
}
