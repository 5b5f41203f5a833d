package ktrace.facts.live;

import java.util.ArrayList;
import java.util.List;

/**
 * /proc/PID/fdinfo/N (proc_pid_fdinfo(5)).
 *
 * @param flags access mode and status flags of open(2), O_CLOEXEC among them
 * @param mountId the mount that the file was opened through, -1 when it is not told
 * @param inode -1 before Linux 5.14
 * @param eventfdId -1 for what is not an eventfd
 * @param pid of a pidfd; -1 also when that process was reaped
 * @param ttyIndex of the master of a pseudo-terminal, else -1
 * @param fuseDevice of /dev/fuse: the device of the mount that it serves ({@code major << 20 | minor}), else -1
 * @param watched of an epoll set: its members' numbers
 */
record FdInfo(int flags, int mountId, long inode, long eventfdId, int pid, int ttyIndex, int fuseDevice,
        List<Integer> watched) {

    /** Null for null. */
    static FdInfo parse(byte[] text) {
        return text == null ? null : new FdInfo(
                octal(ProcText.field(text, "flags:", 0)),
                (int) ProcText.field(text, "mnt_id:", -1),
                ProcText.field(text, "ino:", -1),
                ProcText.field(text, "eventfd-id:", -1),
                (int) ProcText.field(text, "Pid:", -1),
                (int) ProcText.field(text, "tty-index:", -1),
                (int) ProcText.field(text, "fuse_connection:", -1),
                watched(text));
    }

    private static List<Integer> watched(byte[] text) {
        List<Integer> fds = null;
        for (int line = 0; line < text.length; line = ProcText.nextLine(text, line)) {
            if (text.length - line > 4 && text[line] == 't' && text[line + 1] == 'f' && text[line + 2] == 'd'
                    && text[line + 3] == ':') {
                fds = fds == null ? new ArrayList<>() : fds;
                fds.add(tfd(text, line + 4));
            }
        }
        return fds == null ? List.of() : fds;
    }

    private static int tfd(byte[] text, int from) {
        int at = from;
        while (at < text.length && text[at] == ' ') {
            at++;
        }
        int number = 0;
        while (at < text.length && text[at] >= '0' && text[at] <= '9') {
            number = number * 10 + text[at++] - '0';
        }
        return number;
    }

    /** The digits of {@code flags:} are octal, but were read as decimal. */
    private static int octal(long digits) {
        long rest = digits;
        int value = 0;
        for (int shift = 0; rest > 0 && shift < Integer.SIZE; shift += 3) {
            value |= (int) (rest % 10 & 7) << shift;
            rest /= 10;
        }
        return value;
    }
}
