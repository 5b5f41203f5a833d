package ktrace.decode;

/** What the numbers of the thread that makes a call stand for: file descriptors, and tasks. */
@FunctionalInterface
public interface FdNames {
    /** Asks for the name of the current directory, where a descriptor is asked for (fcntl.h). */
    int AT_FDCWD = -100;

    /** When nothing is known of any. */
    FdNames UNKNOWN = fd -> null;

    /**
     * The name of a descriptor as the link /proc/PID/fd/N has it, unescaped: {@code /etc/passwd}, {@code pipe:[81234]}. In a name
     * that is no path, {@code →} stands between two ends and is shown as it is.
     *
     * @param fd its number, or {@link #AT_FDCWD}
     * @return null when it is not open, or not known
     */
    String name(int fd);

    /** The name of the process or thread that has a number for the caller, unescaped; null when there is none, or it is not known. */
    default String task(int number) {
        return null;
    }
}
