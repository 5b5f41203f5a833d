package ktrace.event;

import java.util.Locale;

/** What a thread can wait for. The label is the {@code kind} of a wait in the JSON summary. */
public enum ObjectKind {
    PIPE(Reason.IPC), FIFO(Reason.IPC), UNIX(Reason.IPC), TCP(Reason.IPC), UDP(Reason.IPC), NETLINK(Reason.IPC),
    EVENTFD(Reason.IPC), SIGNALFD(Reason.IPC), TIMERFD(Reason.IPC), FUTEX(Reason.IPC), SYSVMSG(Reason.IPC), SYSVSEM(Reason.IPC),
    MQUEUE(Reason.IPC), CHILD(Reason.IPC), SIGNAL(Reason.IPC), FILELOCK(Reason.IPC),
    /** poll, select or epoll for which no single object is known; also the epoll set itself. */
    POLL(Reason.IPC),
    INOTIFY(Reason.IPC), TTY(Reason.IPC),
    /** A file, directory or block device: waiting for it is waiting for storage. */
    DISK(Reason.DISK),
    SLEEP(Reason.SLEEP), OTHER(Reason.OTHER);

    /** What waiting for something is, whatever it is. */
    public enum Reason {
        /** Waiting for somebody else. */
        IPC,
        /** Waiting for storage. */
        DISK,
        /** It asked to sleep. */
        SLEEP,
        /** None of these, or not known. */
        OTHER
    }

    private final Reason reason;
    private final String label = name().toLowerCase(Locale.ROOT);

    ObjectKind(Reason reason) {
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** Whether waiting for it counts as waiting for somebody else. */
    public boolean ipc() {
        return reason == Reason.IPC;
    }

    public String label() {
        return label;
    }
}
