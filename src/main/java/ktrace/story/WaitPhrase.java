package ktrace.story;

import java.util.Set;
import ktrace.analysis.WaitSummary;
import ktrace.event.ObjectKind;

/**
 * What a wait was for, in words that stand before and behind the name of the object: {@code to read} pipe:[8123],
 * {@code for} child 811 {@code to exit}.
 *
 * @param object the name as the kernel object has it, unescaped; empty when the words say it all
 */
record WaitPhrase(String before, String object, String after) {
    /** As {@link #before}, where room is short. */
    String brief() {
        return before.startsWith("in ") && before.endsWith(" for") ? "for" : before;
    }

    private static final Set<String> POLLS = Set.of("poll", "ppoll", "select", "_newselect", "pselect6", "epoll_wait",
            "epoll_pwait", "epoll_pwait2");
    private static final Set<String> READS = Set.of("read", "readv", "pread64", "preadv", "preadv2", "recv", "recvfrom", "recvmsg",
            "recvmmsg", "getdents", "getdents64", "mq_timedreceive", "msgrcv");
    private static final Set<String> WRITES = Set.of("write", "writev", "pwrite64", "pwritev", "pwritev2", "send", "sendto",
            "sendmsg", "sendmmsg", "vmsplice", "mq_timedsend", "msgsnd");
    private static final Set<String> OPENS = Set.of("open", "openat", "openat2", "creat");
    private static final Set<String> VFORKS = Set.of("vfork", "clone", "clone3");

    static WaitPhrase of(WaitSummary wait) {
        String call = wait.syscall() == null ? "" : wait.syscall();
        ObjectKind kind = wait.kind();
        String object = nameOf(kind, wait.object());
        if (POLLS.contains(call) && kind != ObjectKind.SLEEP) {
            return isNamed(kind, object) ? new WaitPhrase("in " + call + (kind == ObjectKind.POLL ? " on" : " for"), object, "")
                    : new WaitPhrase("in " + call + (kind == ObjectKind.POLL ? "" : " for " + anUnnamed(kind)), "", "");
        }
        return switch (kind) {
            case SLEEP -> new WaitPhrase(call.isEmpty() ? "" : "in " + call, "", "");
            case CHILD -> child(call, object);
            case SIGNAL -> new WaitPhrase("for a signal", "", "");
            case SIGNALFD -> named(kind, "for a signal on", object, "");
            case INOTIFY -> named(kind, "for file events on", object, "");
            case FUTEX -> object.equals("futexes") ? new WaitPhrase("for one of several futexes", "", "")
                    : named(kind, "for", object, "");
            case FILELOCK -> named(kind, "for a lock on", object, "");
            case SYSVSEM, TIMERFD, POLL -> named(kind, "for", object, "");
            case SYSVMSG, MQUEUE -> WRITES.contains(call) ? named(kind, "to send to", object, " (full)")
                    : READS.contains(call) ? named(kind, "to receive from", object, "") : onDescriptor(kind, call, object);
            case DISK -> disk(call, object);
            case OTHER -> other(call, object);
            default -> onDescriptor(kind, call, object);
        };
    }

    /** The analysis puts names of its own in brackets: a page fault, and the rest that was joined to bound memory. */
    private static String nameOf(ObjectKind kind, String object) {
        if (object == null) {
            return "";
        }
        return object.equals("(other " + kind.label() + ")") ? "other " + plural(kind) : object;
    }

    private static WaitPhrase onDescriptor(ObjectKind kind, String call, String object) {
        if (READS.contains(call)) {
            return named(kind, "to read", object, "");
        }
        if (WRITES.contains(call)) {
            return named(kind, "to write", object, isStream(kind) ? " (full)" : "");
        }
        if (OPENS.contains(call)) {
            return named(kind, "to open", object, "");
        }
        return switch (call) {
            case "accept", "accept4" -> named(kind, "to accept on", object, "");
            case "connect" -> named(kind, "to connect", object, "");
            case "close" -> named(kind, "to close", object, "");
            case "" -> named(kind, "for", object, "");
            default -> named(kind, "in " + call + " on", object, "");
        };
    }

    private static WaitPhrase child(String call, String object) {
        String end = VFORKS.contains(call) ? " to exec or exit" : " to exit";
        return isNamed(ObjectKind.CHILD, object) ? new WaitPhrase("for", object, end) : new WaitPhrase("for a child" + end, "", "");
    }

    private static WaitPhrase disk(String call, String object) {
        String in = call.isEmpty() ? " in a page fault" : " in " + call;
        return isNamed(ObjectKind.DISK, object) ? new WaitPhrase("for disk", object, in) : new WaitPhrase("for disk" + in, "", "");
    }

    private static WaitPhrase other(String call, String object) {
        if (object.equals("(page fault)")) {
            return new WaitPhrase("in a page fault", "", call.isEmpty() ? "" : " in " + call);
        }
        String in = call.isEmpty() ? "outside any system call" : "in " + call;
        return isNamed(ObjectKind.OTHER, object) ? new WaitPhrase(in + " on", object, "") : new WaitPhrase(in, "", "");
    }

    private static WaitPhrase named(ObjectKind kind, String before, String object, String after) {
        return isNamed(kind, object) ? new WaitPhrase(before, object, after)
                : new WaitPhrase(before + " " + anUnnamed(kind) + after, "", "");
    }

    /** Objects of which only the kind is known bear the name of their kind. */
    private static boolean isNamed(ObjectKind kind, String object) {
        return !object.isEmpty() && !object.equals(kind.label()) && !object.equals("unknown");
    }

    private static String anUnnamed(ObjectKind kind) {
        return switch (kind) {
            case SYSVSEM -> "a semaphore set";
            case SYSVMSG, MQUEUE -> "a message queue";
            case UNIX, TCP, UDP, NETLINK -> "a " + kind.label() + " socket";
            case TTY -> "a terminal";
            case FILELOCK, DISK -> "a file";
            case CHILD -> "a child";
            case EVENTFD, INOTIFY -> "an " + kind.label();
            case OTHER, POLL, SLEEP -> "something";
            default -> "a " + kind.label();
        };
    }

    /** {@code 60 tcp sockets}: stands where the name of one object stands else. */
    static String many(int count, ObjectKind kind) {
        String objects = count + " " + plural(kind);
        return kind == ObjectKind.DISK ? "(" + objects + ")" : objects;
    }

    private static String plural(ObjectKind kind) {
        return switch (kind) {
            case FUTEX -> "futexes";
            case TCP, UDP, UNIX, NETLINK -> kind.label() + " sockets";
            case SYSVSEM -> "semaphore sets";
            case SYSVMSG, MQUEUE -> "message queues";
            case CHILD -> "children";
            case FILELOCK, DISK -> "files";
            case TTY -> "terminals";
            case INOTIFY -> "inotify sets";
            case POLL -> "sets";
            case OTHER, SLEEP, SIGNAL -> "objects";
            case PIPE, FIFO, EVENTFD, SIGNALFD, TIMERFD -> kind.label() + "s";
        };
    }

    private static boolean isStream(ObjectKind kind) {
        return switch (kind) {
            case PIPE, FIFO, UNIX, TCP -> true;
            default -> false;
        };
    }
}
