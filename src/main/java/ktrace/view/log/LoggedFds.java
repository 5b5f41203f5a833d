package ktrace.view.log;

import java.util.List;
import ktrace.decode.FdNames;
import ktrace.event.Fact;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * What the descriptors of the logged processes are called: as the tracker stamped it on the call, else as it was when it was last
 * seen or dumped. What a call made or closed is forgotten until it is seen at work. One thread.
 */
final class LoggedFds implements FdNames {
    private static final int MAX_PEERS = 3;
    /** include/uapi/asm-generic/fcntl.h and include/uapi/linux/fcntl.h. */
    private static final long F_DUPFD = 0;
    private static final long F_DUPFD_CLOEXEC = 1030;

    private final Int2ObjectHashMap<Int2ObjectHashMap<KernelObject>> processes = new Int2ObjectHashMap<>();
    private final LoggedTasks tasks;
    private LoggedThread caller;
    private boolean exiting;

    LoggedFds(LoggedTasks tasks) {
        this.tasks = tasks;
    }

    /** The names that are asked for from now on are those of {@code thread}. */
    LoggedFds of(LoggedThread thread, boolean atExit) {
        caller = thread;
        exiting = atExit;
        return this;
    }

    /** An event tells what a descriptor is, or something else. */
    void learn(Object payload) {
        switch (payload) {
            case FdSnapshot fd -> put(fd.tgid(), fd.fd(), fd.object());
            case Fact.OfDescriptor(int tgid, int fd, FdSnapshot found) when found != null -> put(tgid, fd, found.object());
            case Fact.Held(FdSnapshot held) -> put(held.tgid(), held.fd(), held.object());
            case null, default -> { }
        }
    }

    void put(int tgid, int fd, KernelObject object) {
        Int2ObjectHashMap<KernelObject> fds = processes.get(tgid);
        if (fds == null) {
            fds = new Int2ObjectHashMap<>();
            processes.put(tgid, fds);
        }
        fds.put(fd, object);
    }

    void forget(int tgid, int fd) {
        Int2ObjectHashMap<KernelObject> fds = processes.get(tgid);
        if (fds != null) {
            fds.remove(fd);
        }
    }

    void forget(int tgid) {
        processes.remove(tgid);
    }

    /** What {@code fd} was called is what {@code newFd} is called now. */
    void duplicate(int tgid, int fd, int newFd) {
        KernelObject object = known(tgid, fd);
        if (object == null) {
            forget(tgid, newFd);
        } else {
            put(tgid, newFd, object);
        }
    }

    /** {@code call}, which {@code thread} was in, has returned {@code result}, which is no error. */
    void succeeded(String call, LoggedThread thread, int result) {
        int first = (int) thread.call.argument(0);
        switch (call) {
            case "close" -> forget(thread.tgid, first);
            case "dup", "dup2", "dup3" -> duplicate(thread.tgid, first, result);
            case "fcntl" -> {
                long command = thread.call.argument(1);
                if (command == F_DUPFD || command == F_DUPFD_CLOEXEC) {
                    duplicate(thread.tgid, first, result);
                }
            }
            case "open", "openat", "openat2", "creat", "socket", "accept", "accept4", "eventfd", "eventfd2", "epoll_create",
                    "epoll_create1", "timerfd_create", "signalfd", "signalfd4", "inotify_init", "inotify_init1", "memfd_create",
                    "pidfd_open" -> forget(thread.tgid, result);
            default -> { }
        }
    }

    /** What {@code /dev/fd/N} is called, or null. */
    String opened(int tgid, String path) {
        String number = path.substring(path.lastIndexOf('/') + 1);
        KernelObject object = number.matches("\\d{1,9}") ? known(tgid, Integer.parseInt(number)) : null;
        return object == null ? null : object.name();
    }

    /** A child begins with what its parent has. */
    void inherit(int parent, int child) {
        Int2ObjectHashMap<KernelObject> fds = processes.get(parent);
        if (fds != null && parent != child) {
            Int2ObjectHashMap<KernelObject> copy = new Int2ObjectHashMap<>();
            copy.putAll(fds);
            processes.put(child, copy);
        }
    }

    @Override
    public String name(int fd) {
        if (fd < 0) {
            return null;
        }
        // The object of a call is what its first descriptor refers to.
        if (!exiting && caller.object != null && fd == (int) caller.call.argument(0)) {
            return describe(caller.object, caller.peers, caller.tgid);
        }
        KernelObject object = known(caller.tgid, fd);
        return object == null ? null : object.name();
    }

    @Override
    public String task(int number) {
        return tasks.name(caller, number);
    }

    private KernelObject known(int tgid, int fd) {
        Int2ObjectHashMap<KernelObject> fds = processes.get(tgid);
        return fds == null ? null : fds.get(fd);
    }

    /** {@code pipe:[81]→sort(812)}: an object, and who holds its other end. Nobody is named as who has his own lock. */
    static String describe(KernelObject object, List<Peer> all, int ownTgid) {
        List<Peer> peers = object.kind() == ObjectKind.FILELOCK ? all.stream().filter(peer -> peer.pid() != ownTgid).toList() : all;
        if (peers.isEmpty() || !object.kind().ipc()) {
            return object.name();
        }
        StringBuilder text = new StringBuilder(object.name()).append('\u2192');
        for (int i = 0; i < Math.min(peers.size(), MAX_PEERS); i++) {
            Peer peer = peers.get(i);
            text.append(i > 0 ? "," : "").append(peer.comm()).append('(').append(peer.pid()).append(')');
        }
        return text.append(peers.size() > MAX_PEERS ? ",..." : "").toString();
    }
}
