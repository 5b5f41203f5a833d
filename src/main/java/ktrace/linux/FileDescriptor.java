package ktrace.linux;

/**
 * An open file descriptor that belongs to ktrace, closed once. All are opened with O_CLOEXEC, so that no command started by
 * ktrace inherits one. Not thread-safe; a close while another thread is in a call on it is the caller's mistake.
 */
public final class FileDescriptor implements AutoCloseable {
    private int number;

    FileDescriptor(int number) {
        this.number = number;
    }

    /** The kernel's number. */
    public int number() {
        if (number < 0) {
            throw new IllegalStateException("closed");
        }
        return number;
    }

    @Override
    public void close() {
        if (number >= 0) {
            // The result is of no use: Linux frees the number even when close(2) reports an error.
            Native.syscall(Syscalls.CLOSE, number, 0, 0);
            number = -1;
        }
    }
}
