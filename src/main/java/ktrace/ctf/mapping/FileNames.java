package ktrace.ctf.mapping;

import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;

/** What a descriptor refers to, as far as the name of its file tells, which is all that LTTng recorded. */
final class FileNames {
    private static final String ANONYMOUS = "anon_inode:";

    private FileNames() {
    }

    static KernelObject object(String name, int fd) {
        if (name.startsWith("pipe:[")) {
            return new KernelObject(ObjectKind.PIPE, name, number(name));
        }
        if (name.startsWith(ANONYMOUS)) {
            return anonymous(name, fd);
        }
        if (name.startsWith("/dev/pts/") || name.startsWith("/dev/tty")) {
            return new KernelObject(ObjectKind.TTY, name, key(name));
        }
        if (name.startsWith("/") && !name.startsWith("/dev/")) {
            return new KernelObject(ObjectKind.DISK, name, key(name));
        }
        // Of a socket the name does not tell the family, nor of a device what it is.
        return new KernelObject(ObjectKind.OTHER, name, name.startsWith("socket:[") ? number(name) : key(name));
    }

    private static KernelObject anonymous(String name, int fd) {
        ObjectKind kind = switch (name.substring(ANONYMOUS.length())) {
            case "[eventfd]" -> ObjectKind.EVENTFD;
            case "[eventpoll]" -> ObjectKind.POLL;
            case "[timerfd]" -> ObjectKind.TIMERFD;
            case "[signalfd]" -> ObjectKind.SIGNALFD;
            case "inotify", "[inotify]" -> ObjectKind.INOTIFY;
            case "[io_uring]" -> ObjectKind.IO_URING;
            default -> ObjectKind.OTHER;
        };
        // They share one inode: nothing in the name tells one from another.
        return new KernelObject(kind, kind == ObjectKind.OTHER ? name : kind.label() + " fd " + fd, 0);
    }

    /** The same name is the same file; never 0, which means that there is none. */
    private static long key(String name) {
        return (name.hashCode() & 0xffffffffL) + 1;
    }

    private static long number(String name) {
        long number = 0;
        for (int i = name.indexOf('[') + 1; i < name.length() && name.charAt(i) >= '0' && name.charAt(i) <= '9'; i++) {
            number = number * 10 + name.charAt(i) - '0';
        }
        return number;
    }
}
