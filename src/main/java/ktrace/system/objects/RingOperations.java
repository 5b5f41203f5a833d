package ktrace.system.objects;

import ktrace.event.ObjectKind;

/** What the operations of io_uring are about (include/uapi/linux/io_uring.h, {@code enum io_uring_op}, whose numbers stay). */
public final class RingOperations {
    public static final int ACCEPT = 13;
    public static final int CONNECT = 16;
    public static final int OPENAT = 18;
    public static final int OPENAT2 = 28;
    public static final int SOCKET = 45;
    public static final int FUTEX_WAIT = 51;
    public static final int FUTEX_WAITV = 53;

    private RingOperations() {
    }

    /** What is waited for where it is not known what the request is on. */
    static ObjectKind kind(int operation) {
        return switch (operation) {
            // TIMEOUT, LINK_TIMEOUT
            case 11, 15 -> ObjectKind.SLEEP;
            case FUTEX_WAIT, FUTEX_WAITV -> ObjectKind.FUTEX;
            // WAITID
            case 50 -> ObjectKind.CHILD;
            // FSYNC, SYNC_FILE_RANGE, FALLOCATE, OPENAT, STATX, FADVISE, MADVISE, OPENAT2, RENAMEAT to LINKAT, FSETXATTR to
            // GETXATTR, FTRUNCATE
            case 3, 8, 17, OPENAT, 21, 24, 25, OPENAT2, 35, 36, 37, 38, 39, 41, 42, 43, 44, 55 -> ObjectKind.DISK;
            default -> ObjectKind.IO_URING;
        };
    }

    /** WRITEV, WRITE_FIXED, SENDMSG, CONNECT, WRITE, SEND, SEND_ZC, SENDMSG_ZC, and the further forms of write. */
    static Way way(int operation) {
        return switch (operation) {
            case 2, 5, 9, CONNECT, 23, 26, 47, 48, 59, 61 -> Way.WRITE;
            default -> Way.READ;
        };
    }

    /** A time limit on other things: nobody waits for it as long as there is something else. */
    static boolean isTimeout(int operation) {
        return kind(operation) == ObjectKind.SLEEP;
    }

    static boolean isFutex(int operation) {
        return kind(operation) == ObjectKind.FUTEX;
    }
}
