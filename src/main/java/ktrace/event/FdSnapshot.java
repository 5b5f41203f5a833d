package ktrace.event;

/**
 * An open file descriptor as /proc/PID/fd and fdinfo told of it.
 *
 * @param tgid the process that holds it
 * @param fd its number
 * @param object what it refers to
 * @param flags the {@code flags:} of fdinfo: access mode and O_CLOEXEC (proc_pid_fdinfo(5))
 */
public record FdSnapshot(int tgid, int fd, KernelObject object, int flags) {
}
