package ktrace.linux.files;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ktrace.linux.FileDescriptor;
import ktrace.linux.Native;
import ktrace.linux.SyscallException;
import ktrace.linux.Syscalls;
import ktrace.linux.uapi.Uapi;

/**
 * Makes files and directories by names within a directory that is held open, and never through a symbolic link: whoever may write
 * where root records cannot lead it elsewhere (openat(2), O_NOFOLLOW).
 */
public final class Directories {
    private static final int OPENAT = Syscalls.number("openat");
    private static final int MKDIRAT = Syscalls.number("mkdirat");
    private static final int UNLINKAT = Syscalls.number("unlinkat");
    private static final int FCHMOD = Syscalls.number("fchmod");
    private static final int FTRUNCATE = Syscalls.number("ftruncate");
    private static final int WRITE = Syscalls.number("write");
    /** linux/fcntl.h. */
    private static final int AT_REMOVEDIR = 0x200;

    private Directories() {
    }

    /**
     * Opens the directory {@code name} in {@code parent}, or by its path when {@code parent} is null; its last component must be no
     * link.
     */
    public static FileDescriptor open(FileDescriptor parent, String name) {
        return openAt(parent, name, Uapi.O_RDONLY() | Uapi.O_DIRECTORY() | Uapi.O_NOFOLLOW() | Uapi.O_CLOEXEC(), 0, "open");
    }

    /**
     * Makes a directory and opens it.
     *
     * @param mode its permissions
     * @throws SyscallException with EEXIST when there is anything of that name
     */
    public static FileDescriptor make(FileDescriptor parent, String name, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            check(Native.syscall(MKDIRAT, number(parent), arena.allocateFrom(name).address(), mode), "mkdir",
                    "make the directory " + name);
        }
        try {
            return open(parent, name);
        } catch (SyscallException e) {
            removeEmpty(parent, name);
            throw e;
        }
    }

    /**
     * Makes a new file for writing.
     *
     * @param mode its permissions
     * @throws SyscallException with EEXIST when there is anything of that name
     */
    public static FileDescriptor create(FileDescriptor directory, String name, int mode) {
        return openAt(directory, name,
                Uapi.O_WRONLY() | Uapi.O_CREAT() | Uapi.O_EXCL() | Uapi.O_NOFOLLOW() | Uapi.O_CLOEXEC(), mode, "make");
    }

    /** Removes a file, or a link as such. */
    public static void unlink(FileDescriptor directory, String name) {
        remove(directory, name, 0);
    }

    /** Removes the empty directory {@code name} in {@code parent}, or by its path when {@code parent} is null. */
    public static void removeEmpty(FileDescriptor parent, String name) {
        remove(parent, name, AT_REMOVEDIR);
    }

    private static void remove(FileDescriptor parent, String name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            check(Native.syscall(UNLINKAT, number(parent), arena.allocateFrom(name).address(), flags), "unlink", "remove " + name);
        }
    }

    /** fchmod(2). */
    public static void chmod(FileDescriptor fd, int mode) {
        check(Native.syscall(FCHMOD, fd.number(), mode, 0), "fchmod", "set permissions");
    }

    /**
     * Writes all of the first {@code sizeBytes} bytes of {@code bytes}.
     *
     * @return 0, or the error number for which not all could be written
     */
    public static int write(FileDescriptor fd, MemorySegment bytes, long sizeBytes) {
        long written = 0;
        while (written < sizeBytes) {
            long result = Native.syscall(WRITE, fd.number(), bytes.address() + written, sizeBytes - written);
            if (result < 0 && result != -Uapi.EINTR()) {
                return (int) -result;
            }
            written += Math.max(0, result);
        }
        return 0;
    }

    /**
     * Cuts a file to a length, ftruncate(2).
     *
     * @return 0, or the error number
     */
    public static int truncate(FileDescriptor fd, long sizeBytes) {
        return (int) -Native.syscall(FTRUNCATE, fd.number(), sizeBytes, 0);
    }

    private static FileDescriptor openAt(FileDescriptor parent, String name, int flags, int mode, String tried) {
        try (Arena arena = Arena.ofConfined()) {
            long result = Native.syscall(OPENAT, number(parent), arena.allocateFrom(name).address(), flags, mode, 0, 0);
            check(result, "open", tried + ' ' + name);
            return Syscalls.owned(result);
        }
    }

    private static int number(FileDescriptor parent) {
        return parent == null ? Uapi.AT_FDCWD() : parent.number();
    }

    private static void check(long result, String call, String tried) {
        if (result < 0) {
            throw new SyscallException(call, result, tried);
        }
    }
}
