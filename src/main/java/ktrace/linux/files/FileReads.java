package ktrace.linux.files;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import ktrace.linux.FileDescriptor;
import ktrace.linux.Mapping;
import ktrace.linux.Native;
import ktrace.linux.SyscallException;
import ktrace.linux.Syscalls;
import ktrace.linux.uapi.Uapi;
import ktrace.linux.uapi.statx;

/**
 * Reads small files, links and directories, as /proc is made of, byte for byte: names there are bytes that need not be valid in any
 * character set, least of all the JVM's. What is not there is null, for a process may end at any moment.
 *
 * <p>Holds its buffers, so it belongs to one thread. A result is allocated, and nothing else.
 */
public final class FileReads {
    private static final int OPENAT = Syscalls.number("openat");
    private static final int READ = Syscalls.number("read");
    private static final int PREAD64 = Syscalls.number("pread64");
    private static final int READLINKAT = Syscalls.number("readlinkat");
    private static final int OPENAT2 = Syscalls.number("openat2");
    private static final int STATX = Syscalls.number("statx");
    private static final int GETXATTR = Syscalls.number("getxattr");
    private static final int GETDENTS64 = Syscalls.number("getdents64");
    private static final int PATH_SIZE = 4096;
    /** struct linux_dirent64: u64 d_ino, s64 d_off, u16 d_reclen, u8 d_type, char d_name[] (getdents(2)). */
    private static final int DIRENT_RECLEN = 16;
    private static final int DIRENT_NAME = 19;
    private static final long MAX_FILE_BYTES = 64L << 20;
    /** struct open_how: u64 flags, u64 mode, u64 resolve (linux/openat2.h). */
    private static final int OPEN_HOW_BYTES = 24;
    private static final int OPEN_HOW_RESOLVE = 16;
    private static final long RESOLVE_NO_MAGICLINKS = 0x02;
    private static final long RESOLVE_IN_ROOT = 0x10;
    /** Since Linux 5.12: what is not in the cache of names is not looked up, so no file system is asked. */
    private static final long RESOLVE_CACHED = 0x20;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment path = arena.allocate(PATH_SIZE);
    private final MemorySegment link = arena.allocate(PATH_SIZE, 8);
    private final MemorySegment stat = arena.allocate(statx.layout());
    private final MemorySegment openHow = arena.allocate(OPEN_HOW_BYTES, 8);
    private MemorySegment buffer = arena.allocate(32 << 10, 8);

    /** What statx(2) tells: type and permissions, the device and inode of the file, its size, the device that it is, if it is one. */
    public record FileStat(int mode, int deviceMajor, int deviceMinor, long inode, long sizeBytes, int rdevMajor, int rdevMinor) {
        /** The file type, {@code S_IFMT} of inode(7). */
        public int type() {
            return mode & 0xf000;
        }
    }

    /** The whole content; null when the file is not there or may not be read. */
    public byte[] read(String file) {
        return read(file, MAX_FILE_BYTES);
    }

    /** The content up to {@code maxBytes}; null when the file is not there or may not be read. */
    public byte[] readUpTo(String file, int maxBytes) {
        long fd = open(file, Uapi.O_RDONLY() | Uapi.O_CLOEXEC());
        if (fd < 0) {
            return null;
        }
        long count = Native.syscall(READ, fd, buffer.address(), Math.min(maxBytes, buffer.byteSize()));
        close(fd);
        return count < 0 ? null : buffer.asSlice(0, count).toArray(JAVA_BYTE);
    }

    /**
     * The whole content in place, without a copy. Null when the file is not there, is empty or may not be read, or when the kernel does
     * not let it be mapped, as most that it makes up itself: then {@link #read} may still have it.
     */
    public Mapping map(String file) {
        long number = open(file, Uapi.O_RDONLY() | Uapi.O_CLOEXEC());
        if (number < 0) {
            return null;
        }
        try (FileDescriptor fd = Syscalls.owned(number)) {
            FileStat whole = setPath("") ? stat(number, Uapi.AT_EMPTY_PATH()) : null;
            return whole == null || whole.sizeBytes() == 0 ? null : Syscalls.mapPrivately(fd, whole.sizeBytes(), "map " + file);
        } catch (SyscallException refused) {
            return null;
        }
    }

    private byte[] read(String file, long maxBytes) {
        long fd = open(file, Uapi.O_RDONLY() | Uapi.O_CLOEXEC());
        if (fd < 0) {
            return null;
        }
        try {
            long size = 0;
            while (true) {
                if (size == buffer.byteSize()) {
                    if (size >= maxBytes) {
                        return null;
                    }
                    buffer = arena.allocate(size * 4, 8).copyFrom(buffer);
                }
                long count = Native.syscall(READ, fd, buffer.address() + size, buffer.byteSize() - size);
                if (count == -Uapi.EINTR()) {
                    continue;
                }
                if (count < 0) {
                    return null;
                }
                if (count == 0) {
                    return buffer.asSlice(0, size).toArray(JAVA_BYTE);
                }
                size += count;
            }
        } finally {
            close(fd);
        }
    }

    /**
     * Up to {@code maxBytes} from {@code offset}, fewer at the end of what can be read; null when nothing can. Of
     * {@code /proc/PID/mem} that is the memory at an address (proc_pid_mem(5)).
     */
    public byte[] readAt(String file, long offset, int maxBytes) {
        long fd = open(file, Uapi.O_RDONLY() | Uapi.O_CLOEXEC());
        if (fd < 0) {
            return null;
        }
        long count = Native.syscall(PREAD64, fd, buffer.address(), Math.min(maxBytes, buffer.byteSize()), offset, 0, 0);
        close(fd);
        return count <= 0 ? null : buffer.asSlice(0, count).toArray(JAVA_BYTE);
    }

    /** getxattr(2): the value of an attribute of what {@code file} leads to; null when it has none of this name. */
    public byte[] attribute(String file, String name) {
        if (!setPath(file)) {
            return null;
        }
        link.setString(0, name);
        long count = Native.syscall(GETXATTR, path.address(), link.address(), buffer.address(), buffer.byteSize(), 0, 0);
        return count < 0 ? null : buffer.asSlice(0, count).toArray(JAVA_BYTE);
    }

    /** readlink(2); null when there is no such link or it may not be read. */
    public byte[] readLink(String file) {
        if (!setPath(file)) {
            return null;
        }
        long size = Native.syscall(READLINKAT, Uapi.AT_FDCWD(), path.address(), link.address(), PATH_SIZE, 0, 0);
        return size < 0 ? null : link.asSlice(0, size).toArray(JAVA_BYTE);
    }

    /** statx(2) of what {@code file} leads to, without asking a server for news (AT_STATX_DONT_SYNC); null when it fails. */
    public FileStat stat(String file) {
        if (!setPath(file)) {
            return null;
        }
        return stat(Uapi.AT_FDCWD(), 0);
    }

    private FileStat stat(long directory, int moreFlags) {
        long result = Native.syscall(STATX, directory, path.address(),
                Uapi.AT_STATX_DONT_SYNC() | Uapi.AT_NO_AUTOMOUNT() | moreFlags,
                Uapi.STATX_TYPE() | Uapi.STATX_MODE() | Uapi.STATX_INO() | Uapi.STATX_SIZE(), stat.address(), 0);
        return result < 0 ? null : new FileStat(statx.stx_mode(stat) & 0xffff, statx.stx_dev_major(stat), statx.stx_dev_minor(stat),
                statx.stx_ino(stat), statx.stx_size(stat), statx.stx_rdev_major(stat), statx.stx_rdev_minor(stat));
    }

    /**
     * The same of a path as a process with the root directory {@code root} sees it, if the kernel has every name on the way in its
     * cache: then no file system is asked, however the path leads through links and mounts. A path that somebody is just opening
     * is there. Null when it is not, or the kernel is older than 5.12.
     */
    public FileStat statCached(String root, String file) {
        long directory = open(root, Uapi.O_PATH() | Uapi.O_DIRECTORY() | Uapi.O_CLOEXEC());
        if (directory < 0) {
            return null;
        }
        try {
            if (!setPath(file)) {
                return null;
            }
            openHow.set(JAVA_LONG, 0, Uapi.O_PATH() | Uapi.O_CLOEXEC());
            openHow.set(JAVA_LONG, OPEN_HOW_RESOLVE, RESOLVE_CACHED | RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
            long fd = Native.syscall(OPENAT2, directory, path.address(), openHow.address(), OPEN_HOW_BYTES, 0, 0);
            if (fd < 0) {
                return null;
            }
            try {
                return setPath("") ? stat(fd, Uapi.AT_EMPTY_PATH()) : null;
            } finally {
                close(fd);
            }
        } finally {
            close(directory);
        }
    }

    /** The names in a directory that are numbers, in the kernel's order; null when it cannot be read. */
    public List<Integer> numbersIn(String directory) {
        List<Integer> numbers = new ArrayList<>();
        long fd = open(directory, Uapi.O_RDONLY() | Uapi.O_CLOEXEC());
        if (fd < 0) {
            return null;
        }
        try {
            long size = Native.syscall(GETDENTS64, fd, buffer.address(), buffer.byteSize());
            while (size > 0) {
                for (long at = 0; at < size;) {
                    int length = buffer.get(JAVA_SHORT, at + DIRENT_RECLEN) & 0xffff;
                    int number = number(at + DIRENT_NAME, at + length);
                    if (number >= 0) {
                        numbers.add(number);
                    }
                    at += Math.max(length, DIRENT_NAME);
                }
                size = Native.syscall(GETDENTS64, fd, buffer.address(), buffer.byteSize());
            }
        } finally {
            close(fd);
        }
        return numbers;
    }

    private int number(long start, long end) {
        long number = 0;
        long at = start;
        for (byte b = buffer.get(JAVA_BYTE, at); at < end && b != 0; b = buffer.get(JAVA_BYTE, ++at)) {
            if (b < '0' || b > '9' || number > Integer.MAX_VALUE / 10) {
                return -1;
            }
            number = number * 10 + b - '0';
        }
        return at == start ? -1 : (int) number;
    }

    private long open(String file, int flags) {
        return setPath(file) ? Native.syscall(OPENAT, Uapi.AT_FDCWD(), path.address(), flags) : -Uapi.ENAMETOOLONG();
    }

    private static void close(long fd) {
        Native.syscall(Syscalls.CLOSE, fd, 0, 0);
    }

    private boolean setPath(String file) {
        byte[] bytes = file.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= PATH_SIZE) {
            return false;
        }
        MemorySegment.copy(bytes, 0, path, JAVA_BYTE, 0, bytes.length);
        path.set(JAVA_BYTE, bytes.length, (byte) 0);
        return true;
    }
}
