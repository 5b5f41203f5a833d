package ktrace.facts.live;

import java.util.List;
import ktrace.event.FdSnapshot;
import ktrace.facts.FileKeys;
import ktrace.facts.FuseKeys;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.linux.files.FileReads.FileStat;

/**
 * Makes out what a descriptor refers to: from its link, its fdinfo, and for a socket from the {@link SocketTable}. Opens nothing
 * but files of /proc itself. Belongs to one thread.
 */
final class FdReader {
    private static final int AT_FDCWD = -100;
    /** Documentation/networking/tuntap.rst. */
    private static final int TUN_MAJOR = 10;
    private static final int TUN_MINOR = 200;
    private static final int S_IFMT_FIFO = 0x1000;
    private static final int S_IFMT_CHR = 0x2000;
    private static final int S_IFMT_DIR = 0x4000;
    private static final int S_IFMT_BLK = 0x6000;
    private static final int S_IFMT_REG = 0x8000;
    /** FUSE_MINOR of include/linux/miscdevice.h. */
    private static final int MISC_MAJOR = 10;
    private static final int FUSE_MINOR = 229;
    /** FILENT_SIZE of ipc/mqueue.c. */
    private static final int QUEUE_BYTES = 80;
    /** Keys that are numbers of another sort, or may be 0, are kept apart by a bit above them. */
    private static final long EVENTFD_KEY = 1L << 32;
    private static final long MASTER_KEY = 1L << 32;
    private static final long SLAVE_KEY = 1;
    private static final long OTHER_TTY_KEY = 1L << 33;

    private final ProcFs proc;
    private final SocketTable sockets;
    private final MountTable mounts;

    FdReader(ProcFs proc, SocketTable sockets) {
        this.proc = proc;
        this.sockets = sockets;
        mounts = new MountTable(proc);
    }

    /** Null when it is not open (any more), or may not be looked at. */
    FdSnapshot read(int tgid, int fd) {
        String link = proc.link(tgid, fd);
        FdInfo info = link == null ? null : proc.fdInfo(tgid, fd);
        if (info == null) {
            return null;
        }
        if (link.startsWith("socket:[")) {
            return sockets.describe(tgid, fd, number(link), info.flags());
        }
        if (link.startsWith("pipe:[")) {
            return new FdSnapshot(tgid, fd, new KernelObject(ObjectKind.PIPE, link, number(link)), info.flags());
        }
        if (link.startsWith("anon_inode:")) {
            return anonymous(tgid, fd, link, info);
        }
        return file(tgid, fd, link, info);
    }

    /** What a path in a process's memory leads to: a FIFO or a file, the two that calls with a path wait for; null for anything else. */
    KernelObject opening(int tgid, int dirFd, long pathAddress) {
        String path = proc.string(tgid, pathAddress);
        return path == null || path.isEmpty() ? null : atPath(tgid, dirFd, path);
    }

    /** The same, of a path that is known, and not empty. */
    KernelObject atPath(int tgid, int dirFd, String given) {
        String path = given;
        if (path.charAt(0) != '/') {
            String directory = dirFd == AT_FDCWD ? proc.cwd(tgid) : proc.link(tgid, dirFd);
            if (directory == null || directory.isEmpty() || directory.charAt(0) != '/') {
                return null;
            }
            path = directory.endsWith("/") ? directory + path : directory + '/' + path;
        }
        FileStat stat = proc.statOpening(tgid, path);
        if (stat == null || stat.deviceMajor() == 0) {
            // Of no device, as a mount that a process serves; that, too, may be why nothing is known without asking it.
            MountTable.Mount mount = mounts.at(tgid, path);
            if (mount.isFuse()) {
                return onFuse(mount, path);
            }
        }
        if (stat == null) {
            return null;
        }
        return switch (stat.type()) {
            case S_IFMT_FIFO -> new KernelObject(ObjectKind.FIFO, path, key(stat.deviceMajor(), stat.deviceMinor(), stat.inode()));
            case S_IFMT_REG, S_IFMT_DIR ->
                    new KernelObject(ObjectKind.DISK, path, key(stat.deviceMajor(), stat.deviceMinor(), stat.inode()));
            default -> null;
        };
    }

    private FdSnapshot anonymous(int tgid, int fd, String link, FdInfo info) {
        KernelObject object = switch (link.substring("anon_inode:".length())) {
            case "[eventfd]" -> new KernelObject(ObjectKind.EVENTFD, "eventfd:[" + info.eventfdId() + ']',
                    info.eventfdId() < 0 ? 0 : EVENTFD_KEY | info.eventfdId());
            case "[eventpoll]" -> KernelObject.ofDescriptor(ObjectKind.POLL, "epoll", fd);
            case "[timerfd]" -> KernelObject.ofDescriptor(ObjectKind.TIMERFD, "timerfd", fd);
            case "[signalfd]" -> KernelObject.ofDescriptor(ObjectKind.SIGNALFD, "signalfd", fd);
            case "[userfaultfd]" -> KernelObject.ofDescriptor(ObjectKind.USERFAULT, "userfaultfd", fd);
            case "[fanotify]" -> KernelObject.ofDescriptor(ObjectKind.FANOTIFY, "fanotify", fd);
            case "inotify", "[inotify]" -> KernelObject.ofDescriptor(ObjectKind.INOTIFY, "inotify", fd);
            case "[io_uring]" -> KernelObject.ofDescriptor(ObjectKind.IO_URING, "[io_uring]", fd);
            case "[pidfd]" -> info.pid() > 0
                    ? new KernelObject(ObjectKind.CHILD, "child " + info.pid(), info.pid())
                    : KernelObject.ofDescriptor(ObjectKind.OTHER, "pidfd", fd);
            default -> new KernelObject(ObjectKind.OTHER, link, 0);
        };
        return new FdSnapshot(tgid, fd, object, info.flags(), 0, info.watched());
    }

    private FdSnapshot file(int tgid, int fd, String link, FdInfo info) {
        FileStat stat = info.mountId() < 0 || mounts.isLocal(tgid, info.mountId()) ? proc.statFd(tgid, fd) : null;
        MountTable.Mount mount = stat == null && info.mountId() >= 0 ? mounts.mount(tgid, info.mountId()) : MountTable.Mount.UNKNOWN;
        if (mount.isFuse()) {
            return new FdSnapshot(tgid, fd, onFuse(mount, link), info.flags());
        }
        if (stat == null) {
            // On a server that may not answer, or gone in between: a plain file, known by its name.
            return new FdSnapshot(tgid, fd, new KernelObject(ObjectKind.DISK, link, key(info.mountId(), 0, link.hashCode())),
                    info.flags());
        }
        long key = key(stat.deviceMajor(), stat.deviceMinor(), stat.inode());
        return switch (stat.type()) {
            case S_IFMT_FIFO -> new FdSnapshot(tgid, fd, new KernelObject(ObjectKind.FIFO, link, key), info.flags());
            case S_IFMT_CHR -> device(tgid, fd, link, info, stat);
            case S_IFMT_REG -> new FdSnapshot(tgid, fd,
                    new KernelObject(isQueue(tgid, link, info, stat) ? ObjectKind.MQUEUE : ObjectKind.DISK, link, key), info.flags());
            case S_IFMT_DIR, S_IFMT_BLK -> new FdSnapshot(tgid, fd, new KernelObject(ObjectKind.DISK, link, key), info.flags());
            default -> new FdSnapshot(tgid, fd, new KernelObject(ObjectKind.OTHER, link, key), info.flags());
        };
    }

    private static KernelObject onFuse(MountTable.Mount mount, String path) {
        return new KernelObject(ObjectKind.FUSE, path, FuseKeys.ofFile(mount.device(), path));
    }

    /** What a process serves a mount by; called by its device alone before it has mounted it, and where the kernel does not tell. */
    private KernelObject fuseServer(int tgid, FdInfo info) {
        String point = info.fuseDevice() < 0 ? null : mounts.pointOf(tgid, info.fuseDevice());
        return new KernelObject(ObjectKind.FUSE, point == null ? "/dev/fuse" : "fuse " + point,
                info.fuseDevice() < 0 ? 0 : FuseKeys.ofServer(info.fuseDevice()));
    }

    /**
     * A POSIX queue is a file of a mount that no process sees, and of a size that all of them have. statfs(2) would tell the file
     * system; but a mount that nobody sees any more may be one whose server never answers.
     */
    private boolean isQueue(int tgid, String link, FdInfo info, FileStat stat) {
        return link.lastIndexOf('/') == 0 && stat.sizeBytes() == QUEUE_BYTES && stat.deviceMajor() == 0
                && mounts.isInternal(tgid, info.mountId());
    }

    private FdSnapshot device(int tgid, int fd, String link, FdInfo info, FileStat stat) {
        int major = stat.rdevMajor();
        int minor = stat.rdevMinor();
        if (major >= 136 && major <= 143) {
            return slave(tgid, fd, link, info, (major - 136) * 256 + minor);
        }
        if (major == 5 && minor == 2 && info.ttyIndex() >= 0) {
            return new FdSnapshot(tgid, fd,
                    new KernelObject(ObjectKind.TTY, "/dev/ptmx " + info.ttyIndex(), MASTER_KEY + SLAVE_KEY + info.ttyIndex()),
                    info.flags(), SLAVE_KEY + info.ttyIndex(), List.of());
        }
        if (major == 5 && minor == 0) {
            ProcStat process = proc.stat(tgid);
            int index = process == null ? -1 : process.ptsIndex();
            if (index >= 0) {
                return slave(tgid, fd, "/dev/pts/" + index, info, index);
            }
        }
        if (major == MISC_MAJOR && minor == FUSE_MINOR) {
            return new FdSnapshot(tgid, fd, fuseServer(tgid, info), info.flags());
        }
        if (major == TUN_MAJOR && minor == TUN_MINOR) {
            // One device for all interfaces: each descriptor is another one.
            return new FdSnapshot(tgid, fd, KernelObject.ofDescriptor(ObjectKind.TUN, link, fd), info.flags());
        }
        boolean tty = major == 4 || major == 5;
        long key = tty ? OTHER_TTY_KEY | (long) major << 20 | minor : key(major, minor, 0);
        return new FdSnapshot(tgid, fd, new KernelObject(tty ? ObjectKind.TTY : ObjectKind.OTHER, link, key), info.flags());
    }

    private static FdSnapshot slave(int tgid, int fd, String name, FdInfo info, int index) {
        return new FdSnapshot(tgid, fd, new KernelObject(ObjectKind.TTY, name, SLAVE_KEY + index), info.flags(),
                MASTER_KEY + SLAVE_KEY + index, List.of());
    }

    private static long key(int major, int minor, long inode) {
        return FileKeys.of((long) major << 20 | minor, inode);
    }

    /** The number in {@code pipe:[123]}. */
    static long number(String link) {
        long number = 0;
        for (int i = link.indexOf('[') + 1; i < link.length() && link.charAt(i) >= '0' && link.charAt(i) <= '9'; i++) {
            number = number * 10 + link.charAt(i) - '0';
        }
        return number;
    }
}
