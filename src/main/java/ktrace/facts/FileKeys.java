package ktrace.facts;

import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;

/** The {@link KernelObject#key}s of files, {@link ObjectKind#DISK}: however one came to be known, it is one and the same. */
public final class FileKeys {
    private FileKeys() {
    }

    /**
     * One number for device and inode; never 0, which means that there is none.
     *
     * @param device {@code major << 20 | minor}
     */
    public static long of(long device, long inode) {
        long key = (device * 0x9E3779B97F4A7C15L ^ inode) & Long.MAX_VALUE;
        return key == 0 ? 1 : key;
    }
}
