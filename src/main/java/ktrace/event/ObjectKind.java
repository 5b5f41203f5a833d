package ktrace.event;

/**
 * What a thread can wait for. Two are the same when they are the same instance: each is made once, the known ones here, those of a
 * family that nobody else speaks of where the family is. The label is the {@code kind} of a wait in the JSON summary, and by it a
 * trace tells of the kind: it stays for ever.
 */
public final class ObjectKind {
    public static final ObjectKind PIPE = new ObjectKind("pipe", Reason.IPC);
    public static final ObjectKind FIFO = new ObjectKind("fifo", Reason.IPC);
    public static final ObjectKind UNIX = new ObjectKind("unix", Reason.IPC);
    public static final ObjectKind TCP = new ObjectKind("tcp", Reason.IPC);
    public static final ObjectKind UDP = new ObjectKind("udp", Reason.IPC);
    public static final ObjectKind NETLINK = new ObjectKind("netlink", Reason.IPC);
    public static final ObjectKind PACKET = new ObjectKind("packet", Reason.IPC);
    public static final ObjectKind TUN = new ObjectKind("tun", Reason.IPC);
    public static final ObjectKind EVENTFD = new ObjectKind("eventfd", Reason.IPC);
    public static final ObjectKind SIGNALFD = new ObjectKind("signalfd", Reason.IPC);
    public static final ObjectKind TIMERFD = new ObjectKind("timerfd", Reason.IPC);
    public static final ObjectKind FUTEX = new ObjectKind("futex", Reason.IPC);
    public static final ObjectKind SYSVMSG = new ObjectKind("sysvmsg", Reason.IPC);
    public static final ObjectKind SYSVSEM = new ObjectKind("sysvsem", Reason.IPC);
    public static final ObjectKind MQUEUE = new ObjectKind("mqueue", Reason.IPC);
    public static final ObjectKind CHILD = new ObjectKind("child", Reason.IPC);
    public static final ObjectKind SIGNAL = new ObjectKind("signal", Reason.IPC);
    public static final ObjectKind FILELOCK = new ObjectKind("filelock", Reason.IPC);
    /** poll, select or epoll for which no single object is known; also the epoll set itself. */
    public static final ObjectKind POLL = new ObjectKind("poll", Reason.IPC);
    public static final ObjectKind INOTIFY = new ObjectKind("inotify", Reason.IPC);
    /** A file that another process serves, and the connection by which it does. */
    public static final ObjectKind FUSE = new ObjectKind("fuse", Reason.IPC);
    /** Who is asked for leave before a file may be opened or read. */
    public static final ObjectKind FANOTIFY = new ObjectKind("fanotify", Reason.IPC);
    /** Who is to fill a page. */
    public static final ObjectKind USERFAULT = new ObjectKind("userfault", Reason.IPC);
    /** A lock inside the kernel, that another thread has. */
    public static final ObjectKind KERNELLOCK = new ObjectKind("kernellock", Reason.IPC);
    public static final ObjectKind TTY = new ObjectKind("tty", Reason.IPC);
    /** A ring of io_uring, for which it is not known what the request that was waited for is on. */
    public static final ObjectKind IO_URING = new ObjectKind("io_uring", Reason.IPC);
    /** A file, directory or block device. */
    public static final ObjectKind DISK = new ObjectKind("disk", Reason.DISK);
    public static final ObjectKind SLEEP = new ObjectKind("sleep", Reason.SLEEP);
    /** None of the others, or one that only a later ktrace knows. */
    public static final ObjectKind OTHER = new ObjectKind("other", Reason.OTHER);

    /** What waiting for something is, whatever it is. */
    public enum Reason {
        /** Waiting for somebody else. */
        IPC,
        /** Waiting for storage. */
        DISK,
        /** It asked to sleep. */
        SLEEP,
        /** Held still by others, whatever it was doing. */
        STOPPED,
        /** None of these, or not known. */
        OTHER
    }

    private final String label;
    private final Reason reason;
    private final KernelObject unnamed;
    private final KernelObject further;

    public ObjectKind(String label, Reason reason) {
        this.label = label;
        this.reason = reason;
        unnamed = new KernelObject(this, label, 0);
        further = new KernelObject(this, "(other " + label + ")", -1);
    }

    public String label() {
        return label;
    }

    public Reason reason() {
        return reason;
    }

    /** Whether waiting for it counts as waiting for somebody else. */
    public boolean ipc() {
        return reason == Reason.IPC;
    }

    /** Stands for all of the kind that were gone before anybody could look up what they were called. */
    public KernelObject unnamed() {
        return unnamed;
    }

    /** Stands for all further ones of the kind, where there are too many to keep them apart. */
    public KernelObject further() {
        return further;
    }

    @Override
    public String toString() {
        return label;
    }
}
