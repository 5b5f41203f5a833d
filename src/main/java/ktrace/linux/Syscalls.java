package ktrace.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ktrace.linux.uapi.Uapi;

/** System calls on file descriptors and memory, one method for each man page. */
public final class Syscalls {
    public static final int CLOSE = number("close");
    static final int MUNMAP = number("munmap");
    private static final int READ = number("read");
    private static final int WRITE = number("write");
    private static final int IOCTL = number("ioctl");
    private static final int MMAP = number("mmap");
    private static final int PPOLL = number("ppoll");
    private static final int EVENTFD2 = number("eventfd2");
    private static final int PIPE2 = number("pipe2");
    /** asm-generic/ioctls.h. */
    private static final int TCGETS = 0x5401;
    private static final int MOUNT = number("mount");

    private Syscalls() {
    }

    public static int number(String name) {
        return SyscallTable.current().number(name);
    }

    public static FileDescriptor owned(long number) {
        return new FileDescriptor((int) number);
    }

    /** ioctl(2) with a number as its argument. */
    public static void ioctl(FileDescriptor fd, int request, long argument, String tried) {
        long result = Native.syscall(IOCTL, fd.number(), Integer.toUnsignedLong(request), argument);
        if (result < 0) {
            throw new SyscallException("ioctl", result, tried);
        }
    }

    /** isatty(3): asks the terminal driver for its settings (TCGETS) and looks whether there is one. */
    public static boolean isTerminal(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            // struct termios of the kernel is 36 bytes; room for any architecture's.
            return Native.syscall(IOCTL, fd, TCGETS, arena.allocate(256).address()) == 0;
        }
    }

    /** read(2) of {@code sizeBytes} into {@code buffer}. */
    public static void read(FileDescriptor fd, MemorySegment buffer, int sizeBytes, String tried) {
        long result = Native.syscall(READ, fd.number(), buffer.address(), sizeBytes);
        if (result < 0) {
            throw new SyscallException("read", result, tried);
        }
    }

    /** mmap(2), shared, readable and writable, from the start of {@code fd}. */
    public static Mapping map(FileDescriptor fd, long sizeBytes, String tried, String hint) {
        return map(fd, 0, sizeBytes, Uapi.PROT_READ() | Uapi.PROT_WRITE(), Uapi.MAP_SHARED(), tried, hint);
    }

    /** mmap(2), shared and only to be read, from {@code offset} of {@code fd}. */
    public static Mapping mapToRead(FileDescriptor fd, long offset, long sizeBytes, String tried) {
        return map(fd, offset, sizeBytes, Uapi.PROT_READ(), Uapi.MAP_SHARED(), tried, "");
    }

    /** mmap(2), private and only to be read, from the start of {@code fd}: what the kernel has written itself it shares with nobody. */
    public static Mapping mapPrivately(FileDescriptor fd, long sizeBytes, String tried) {
        return map(fd, 0, sizeBytes, Uapi.PROT_READ(), Uapi.MAP_PRIVATE(), tried, "");
    }

    private static Mapping map(FileDescriptor fd, long offset, long sizeBytes, int rights, int flags, String tried, String hint) {
        long result = Native.syscall(MMAP, 0, sizeBytes, rights, flags, fd.number(), offset);
        if (result < 0 && result > -4096) {
            throw new SyscallException("mmap", (int) -result, tried, hint);
        }
        return new Mapping(result, sizeBytes);
    }

    /** eventfd(2): a counter that another thread can raise to end a poll. */
    public static FileDescriptor eventfd() {
        long result = Native.syscall(EVENTFD2, 0, Uapi.EFD_CLOEXEC() | Uapi.EFD_NONBLOCK(), 0);
        if (result < 0) {
            throw new SyscallException("eventfd", result, "make an eventfd");
        }
        return owned(result);
    }

    /** Sets an eventfd back to zero, if it is not; {@code scratch} has room for eight bytes. */
    public static void drain(FileDescriptor eventfd, MemorySegment scratch) {
        // EAGAIN says that it was zero.
        Native.syscall(READ, eventfd.number(), scratch.address(), Long.BYTES);
    }

    /** Raises an eventfd by one. */
    public static void raise(FileDescriptor eventfd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocateFrom(JAVA_LONG, 1);
            // EAGAIN (the counter is at its end) still ends the poll, which is all that is wanted.
            Native.syscall(WRITE, eventfd.number(), one.address(), Long.BYTES);
        }
    }

    /**
     * ppoll(2) on file descriptors laid out as {@code struct pollfd}, 8 bytes each.
     *
     * @param timeout a {@code struct timespec}, or {@link MemorySegment#NULL} to wait without end
     * @return how many have something to say; 0 at the end of the time or when a signal came in between
     */
    public static int poll(MemorySegment pollfds, int count, MemorySegment timeout) {
        long result = Native.syscall(PPOLL, pollfds.address(), count, timeout.address(), 0, 0, 0);
        if (result == -Uapi.EINTR()) {
            return 0;
        }
        if (result < 0) {
            throw new SyscallException("ppoll", result, "wait for events");
        }
        return (int) result;
    }

    /** Writes one {@code struct pollfd}: int fd, short events, short revents (poll(2)). */
    public static void setPollfd(MemorySegment pollfds, int index, int fd, int events) {
        pollfds.set(JAVA_INT, index * 8L, fd);
        pollfds.set(JAVA_SHORT, index * 8L + 4, (short) events);
        pollfds.set(JAVA_SHORT, index * 8L + 6, (short) 0);
    }

    /** What a {@link #poll} has told of one of its descriptors: revents of poll(2). */
    public static int polled(MemorySegment pollfds, int index) {
        return pollfds.get(JAVA_SHORT, index * 8L + 6);
    }

    /** The two ends of a pipe. */
    public record Pipe(FileDescriptor readEnd, FileDescriptor writeEnd) implements AutoCloseable {
        @Override
        public void close() {
            readEnd.close();
            writeEnd.close();
        }
    }

    /** pipe2(2). */
    public static Pipe pipe() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            long result = Native.syscall(PIPE2, ends.address(), Uapi.O_CLOEXEC(), 0);
            if (result < 0) {
                throw new SyscallException("pipe", result, "make a pipe");
            }
            return new Pipe(owned(ends.getAtIndex(JAVA_INT, 0)), owned(ends.getAtIndex(JAVA_INT, 1)));
        }
    }

    /** mount(2) of a file system that needs no device. */
    public static void mount(String type, String target, String hint) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(type);
            long result = Native.syscall(MOUNT, name.address(), arena.allocateFrom(target).address(), name.address(), 0, 0, 0);
            if (result < 0) {
                throw new SyscallException("mount", (int) -result, "mount " + type + " at " + target, hint);
            }
        }
    }
}
