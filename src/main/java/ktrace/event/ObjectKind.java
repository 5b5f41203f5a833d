package ktrace.event;

import java.util.Locale;

/**
 * What a thread can wait for. The label is the {@code kind} of a wait in the JSON summary.
 *
 * <p>{@code ipc} says whether waiting for it counts as waiting for somebody else.
 */
public enum ObjectKind {
    PIPE(true), FIFO(true), UNIX(true), TCP(true), UDP(true), NETLINK(true), EVENTFD(true), SIGNALFD(true), TIMERFD(true),
    FUTEX(true), SYSVMSG(true), SYSVSEM(true), MQUEUE(true), CHILD(true), SIGNAL(true), FILELOCK(true),
    /** poll, select or epoll for which no single object is known; also the epoll set itself. */
    POLL(true),
    INOTIFY(true), TTY(true),
    /** A file, directory or block device: waiting for it is waiting for storage. */
    DISK(false),
    SLEEP(false), OTHER(false);

    private final boolean ipc;
    private final String label = name().toLowerCase(Locale.ROOT);

    ObjectKind(boolean ipc) {
        this.ipc = ipc;
    }

    public boolean ipc() {
        return ipc;
    }

    public String label() {
        return label;
    }
}
