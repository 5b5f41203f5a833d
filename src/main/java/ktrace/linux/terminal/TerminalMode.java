package ktrace.linux.terminal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ktrace.linux.Native;
import ktrace.linux.SyscallException;
import ktrace.linux.Syscalls;

/**
 * The settings of a terminal, changed so that keys come one by one, and given back to the bit. Any thread.
 *
 * <pre>
 * struct termios of asm-generic/termbits.h, which x86-64 and aarch64 share: 36 bytes
 *  0 c_iflag  4 c_oflag  8 c_cflag  12 c_lflag  16 c_line  17 c_cc[19]
 * </pre>
 */
public final class TerminalMode {
    private static final int IOCTL = Syscalls.number("ioctl");
    // asm-generic/ioctls.h
    private static final int TCGETS = 0x5401;
    private static final int TCSETS = 0x5402;

    private static final int TERMIOS_BYTES = 36;
    private static final int C_IFLAG = 0;
    private static final int C_LFLAG = 12;
    private static final int C_CC = 17;
    private static final int VTIME = 5;
    private static final int VMIN = 6;
    private static final int INLCR = 0x40;
    private static final int ICRNL = 0x100;
    private static final int IXON = 0x400;
    private static final int ISIG = 0x1;
    private static final int ICANON = 0x2;
    private static final int ECHO = 0x8;
    private static final int IEXTEN = 0x8000;

    private final int fd;
    private final byte[] original;

    private TerminalMode(int fd, byte[] original) {
        this.fd = fd;
        this.original = original;
    }

    /** Remembers the settings of the terminal on {@code fd}. */
    public static TerminalMode of(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment termios = arena.allocate(TERMIOS_BYTES, 4);
            long result = Native.syscall(IOCTL, fd, TCGETS, termios.address());
            if (result < 0) {
                throw new SyscallException("ioctl", result, "read the settings of the terminal");
            }
            return new TerminalMode(fd, termios.toArray(JAVA_BYTE));
        }
    }

    /**
     * Keys are read one by one, without echo, and none of them sends a signal: Ctrl-C is a key like others. Gives 0 or
     * {@code -errno}.
     */
    public int setRaw() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment termios = arena.allocate(TERMIOS_BYTES, 4).copyFrom(MemorySegment.ofArray(original));
            clear(termios, C_IFLAG, INLCR | ICRNL | IXON);
            clear(termios, C_LFLAG, ISIG | ICANON | ECHO | IEXTEN);
            termios.set(JAVA_BYTE, C_CC + VMIN, (byte) 1);
            termios.set(JAVA_BYTE, C_CC + VTIME, (byte) 0);
            return (int) Native.syscall(IOCTL, fd, TCSETS, termios.address());
        }
    }

    /** As it was. Gives 0 or {@code -errno}. */
    public int restore() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment termios = arena.allocate(TERMIOS_BYTES, 4).copyFrom(MemorySegment.ofArray(original));
            return (int) Native.syscall(IOCTL, fd, TCSETS, termios.address());
        }
    }

    private static void clear(MemorySegment termios, int offset, int bits) {
        termios.set(JAVA_INT, offset, termios.get(JAVA_INT, offset) & ~bits);
    }
}
