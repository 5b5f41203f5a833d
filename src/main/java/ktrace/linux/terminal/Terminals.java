package ktrace.linux.terminal;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ktrace.linux.Native;
import ktrace.linux.Syscalls;

/** ioctl_tty(2): what a terminal says of itself. Is a descriptor no terminal, nothing is known. */
public final class Terminals {
    private static final int IOCTL = Syscalls.number("ioctl");
    private static final int GETPGID = Syscalls.number("getpgid");
    // asm-generic/ioctls.h
    private static final int TIOCGPGRP = 0x540f;
    private static final int TIOCGWINSZ = 0x5413;
    /** struct winsize of asm-generic/termios.h: rows, columns, and the size in pixels, each an unsigned short. */
    private static final int WINSIZE_BYTES = 8;
    private static final int WINSIZE_ROWS = 0;
    private static final int WINSIZE_COLUMNS = 2;

    private Terminals() {
    }

    /** How many columns the terminal on {@code fd} has, or 0. */
    public static int columns(int fd) {
        return size(fd, WINSIZE_COLUMNS);
    }

    /** How many rows the terminal on {@code fd} has, or 0. */
    public static int rows(int fd) {
        return size(fd, WINSIZE_ROWS);
    }

    private static int size(int fd, int offset) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(WINSIZE_BYTES, 2);
            long result = Native.syscall(IOCTL, fd, TIOCGWINSZ, size.address());
            return result < 0 ? 0 : Short.toUnsignedInt(size.get(JAVA_SHORT, offset));
        }
    }

    /** Whether ktrace may read the keys of the terminal on {@code fd}: a job in the background is stopped when it tries. */
    public static boolean isForeground(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment group = arena.allocate(JAVA_INT);
            long result = Native.syscall(IOCTL, fd, TIOCGPGRP, group.address());
            return result >= 0 && group.get(JAVA_INT, 0) == Native.syscall(GETPGID, 0, 0, 0);
        }
    }
}
