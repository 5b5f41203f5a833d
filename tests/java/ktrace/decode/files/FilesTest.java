package ktrace.decode.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import ktrace.decode.FakeCaller;
import org.junit.jupiter.api.Test;

/** Families of files: status, data, directories, fcntl, ioctl. The texts are those of strace 6.1. */
class FilesTest {
    private final FakeCaller caller = new FakeCaller().fd(3, "/etc/passwd").fd(4, "socket:[7]");

    /** struct stat of x86-64. */
    private long stat(int mode, long device, long size) {
        return caller.put(ByteBuffer.allocate(144).order(ByteOrder.LITTLE_ENDIAN).putInt(24, mode).putLong(40, device)
                .putLong(48, size).array());
    }

    @Test
    void aStatusSaysModeAndSizeOrDevice() {
        assertEquals("fstat(3</etc/passwd>, {st_mode=S_IFREG|0644, st_size=1271, ...}) = 0",
                caller.call("fstat", 0, 3, stat(0100644, 0, 1271)));
        assertEquals("fstat(3</etc/passwd>, {st_mode=S_IFCHR|0666, st_rdev=makedev(0x1, 0x3), ...}) = 0",
                caller.call("fstat", 0, 3, stat(0020666, 0x103, 0)));
        assertEquals("fstat(3</etc/passwd>, {st_mode=S_IFDIR|S_ISVTX|0777, st_size=4096, ...}) = 0",
                caller.call("fstat", 0, 3, stat(0041777, 0, 4096)));
        assertEquals("fstat(3</etc/passwd>, 0x99) = -1 EFAULT (Bad address)", caller.call("fstat", -14, 3, 0x99));
    }

    @Test
    void whatACallFillsIsShownAtItsExit() {
        long path = caller.text("x");
        long status = stat(0100600, 0, 5);
        assertEquals("newfstatat(AT_FDCWD, \"x\"", caller.entry("newfstatat", -100, path, status, 0x100));
        assertEquals("newfstatat(AT_FDCWD, \"x\", {st_mode=S_IFREG|0600, st_size=5, ...}, AT_SYMLINK_NOFOLLOW) = 0",
                caller.call("newfstatat", 0, -100, path, status, 0x100));
    }

    @Test
    void statxTellsWhatItFilled() {
        long statx = caller.put(ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 0x7ff).putShort(28, (short) 0100644)
                .putLong(40, 12).array());
        assertEquals("statx(AT_FDCWD, \"x\", AT_STATX_DONT_SYNC|AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, {stx_mask=STATX_BASIC_STATS,"
                + " stx_attributes=0, stx_mode=S_IFREG|0644, stx_size=12, ...}) = 0",
                caller.call("statx", 0, -100, caller.text("x"), 0x4100, 0x7ff, statx));
    }

    @Test
    void dataIsShownOnlyWhenAskedFor() {
        long buffer = caller.put("abc\n\0\1".getBytes());
        String address = "0x" + Long.toHexString(buffer);
        assertEquals("read(3</etc/passwd>, " + address + ", 100) = 6", caller.call("read", 6, 3, buffer, 100));
        assertEquals("write(3</etc/passwd>, " + address + ", 6) = 6", caller.call("write", 6, 3, buffer, 6));
        caller.options(32, 4);
        assertEquals("read(3</etc/passwd>, \"abc\\n\"..., 100) = 6", caller.call("read", 6, 3, buffer, 100));
        assertEquals("read(3</etc/passwd>, \"ab\", 100) = 2", caller.call("read", 2, 3, buffer, 100));
        assertEquals("read(3</etc/passwd>, " + address + ", 100) = -1 EAGAIN (Resource temporarily unavailable)",
                caller.call("read", -11, 3, buffer, 100));
        assertEquals("write(3</etc/passwd>, \"abc\\n\"..., 6) = 6", caller.call("write", 6, 3, buffer, 6));
    }

    @Test
    void aSizeThatIsNoneDoesNoHarm() {
        caller.options(32, 16);
        assertEquals("write(3</etc/passwd>, 0x1, 18446744073709551615) = -1 EFAULT (Bad address)", caller.call("write", -14, 3, 1, -1));
        assertEquals("writev(3</etc/passwd>, 0x1, 18446744073709551615) = -1 EINVAL (Invalid argument)",
                caller.call("writev", -22, 3, 1, -1));
        assertEquals("poll(0x1, 4294967295, -1) = -1 EFAULT (Bad address)", caller.call("poll", -14, 1, 0xffff_ffffL, -1));
    }

    @Test
    void vectorsShowTheirParts() {
        caller.options(32, 32);
        long a = caller.put("abcdef".getBytes());
        long b = caller.put("xyz".getBytes());
        long vectors = caller.struct(a, 6L, b, 3L);
        assertEquals("writev(3</etc/passwd>, [{iov_base=\"abcdef\", iov_len=6}, {iov_base=\"xyz\", iov_len=3}], 2) = 9",
                caller.call("writev", 9, 3, vectors, 2));
        assertEquals("readv(3</etc/passwd>, [{iov_base=\"abcdef\", iov_len=6}, {iov_base=\"x\", iov_len=3}], 2) = 7",
                caller.call("readv", 7, 3, vectors, 2));
        assertEquals("preadv2(3</etc/passwd>, [], 0, 10, RWF_NOWAIT) = 0", caller.call("preadv2", 0, 3, vectors, 0, 10, 0, 8));
    }

    @Test
    void entriesAreCounted() {
        ByteBuffer entries = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
        entries.putShort(16, (short) 24).putShort(40, (short) 24);
        long address = caller.put(entries.array());
        String hex = "0x" + Long.toHexString(address);
        assertEquals("getdents64(3</etc/passwd>, " + hex + " /* 2 entries */, 32768) = 48",
                caller.call("getdents64", 48, 3, address, 32768));
        assertEquals("getdents64(3</etc/passwd>, " + hex + " /* 0 entries */, 32768) = 0",
                caller.call("getdents64", 0, 3, address, 32768));
        // An entry of length zero must not be counted for ever.
        long broken = caller.put(new byte[48]);
        assertEquals("getdents64(3</etc/passwd>, 0x" + Long.toHexString(broken) + " /* 0 entries */, 32768) = 48",
                caller.call("getdents64", 48, 3, broken, 32768));
    }

    @Test
    void fcntlDependsOnItsCommand() {
        assertEquals("fcntl(3</etc/passwd>, F_GETFD) = 0x1 (flags FD_CLOEXEC)", caller.call("fcntl", 1, 3, 1, 0x77));
        assertEquals("fcntl(3</etc/passwd>, F_SETFD, FD_CLOEXEC) = 0", caller.call("fcntl", 0, 3, 2, 1));
        assertEquals("fcntl(3</etc/passwd>, F_GETFL) = 0x8002 (flags O_RDWR|O_LARGEFILE)", caller.call("fcntl", 0x8002, 3, 3));
        assertEquals("fcntl(3</etc/passwd>, F_DUPFD_CLOEXEC, 10) = 4<socket:[7]>", caller.call("fcntl", 4, 3, 1030, 10));
        long lock = caller.struct((short) 1, (short) 0, 0, 0L, 10L, 77, 0);
        assertEquals("fcntl(3</etc/passwd>, F_SETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=0, l_len=10}) = 0",
                caller.call("fcntl", 0, 3, 6, lock));
        assertEquals("fcntl(3</etc/passwd>, F_GETLK", caller.entry("fcntl", 3, 5, lock));
        assertEquals("fcntl(3</etc/passwd>, F_GETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=0, l_len=10, l_pid=77}) = 0",
                caller.call("fcntl", 0, 3, 5, lock));
    }

    @Test
    void requestsOfIoctlHaveNames() {
        long size = caller.struct((short) 24, (short) 80, (short) 0, (short) 0);
        assertEquals("ioctl(3</etc/passwd>, TIOCGWINSZ, {ws_row=24, ws_col=80, ws_xpixel=0, ws_ypixel=0}) = 0",
                caller.call("ioctl", 0, 3, 0x5413, size));
        assertEquals("ioctl(3</etc/passwd>, TCGETS, 0x10) = -1 ENOTTY (Inappropriate ioctl for device)",
                caller.call("ioctl", -25, 3, 0x5401, 0x10));
        long termios = caller.struct(0x500, 5, 0xbf, 0x8a3b, 0, 0, 0, 0, 0);
        assertEquals("ioctl(3</etc/passwd>, SNDCTL_TMR_START or TCSETS, {c_iflag=ICRNL|IXON, c_oflag=NL0|CR0|TAB0|BS0|VT0|FF0|OPOST|"
                + "ONLCR, c_cflag=B38400|CS8|CREAD, c_lflag=ISIG|ICANON|ECHO|ECHOE|ECHOK|IEXTEN|ECHOCTL|ECHOKE, ...}) = 0",
                caller.call("ioctl", 0, 3, 0x5402, termios));
        assertEquals("ioctl(4<socket:[7]>, FIONREAD, [5]) = 0", caller.call("ioctl", 0, 4, 0x541b, caller.struct(5)));
        assertEquals("ioctl(3</etc/passwd>, _IOC(_IOC_READ|_IOC_WRITE, 0xee, 0xfe, 0x10), 0x77) = 0",
                caller.call("ioctl", 0, 3, 0xc010eefeL, 0x77));
    }

    @Test
    void descriptorsAPipeFills() {
        assertEquals("pipe2([3</etc/passwd>, 4<socket:[7]>], O_CLOEXEC) = 0", caller.call("pipe2", 0, caller.struct(3, 4), 02000000));
        assertEquals("pipe2(0x99, 0) = -1 EFAULT (Bad address)", caller.call("pipe2", -14, 0x99, 0));
    }

    @Test
    void linksAndExtendedAttributes() {
        long target = caller.put("/tmp/t____".getBytes());
        assertEquals("readlink(\"l\", \"/tmp/t\", 100) = 6", caller.call("readlink", 6, caller.text("l"), target, 100));
        assertEquals("fsetxattr(3</etc/passwd>, \"user.x\", \"/tmp\", 4, XATTR_CREATE) = 0",
                caller.call("fsetxattr", 0, 3, caller.text("user.x"), target, 4, 1));
        assertEquals("umask(022) = 077", caller.call("umask", 077, 022));
        assertEquals("mknodat(AT_FDCWD, \"f\", S_IFIFO|0600) = 0", caller.call("mknodat", 0, -100, caller.text("f"), 0010600, 5));
        assertEquals("mknod(\"f\", S_IFCHR|0600, makedev(0x1, 0x3)) = 0", caller.call("mknod", 0, caller.text("f"), 0020600, 0x103));
        assertEquals("access(\"f\", R_OK|X_OK) = 0", caller.call("access", 0, caller.text("f"), 5));
        assertEquals("fchown(3</etc/passwd>, 0, -1) = 0", caller.call("fchown", 0, 3, 0, 0xffff_ffffL));
    }

    @Test
    void offsetsAreShownBeforeAndAfter() {
        long offset = caller.struct(5L);
        assertEquals("sendfile(4<socket:[7]>, 3</etc/passwd>, [5]", caller.entry("sendfile", 4, 3, offset, 10));
        assertEquals("sendfile(4<socket:[7]>, 3</etc/passwd>, [5] => [5], 10) = 10", caller.call("sendfile", 10, 4, 3, offset, 10));
        assertEquals("sendfile(4<socket:[7]>, 3</etc/passwd>, NULL, 10) = 10", caller.call("sendfile", 10, 4, 3, 0, 10));
    }

    @Test
    void mappingsHaveFlagsAndAddresses() {
        assertEquals("mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000001000",
                caller.call("mmap", 0x7f0000001000L, 0, 8192, 3, 0x22, 0xffff_ffffL, 0));
        assertEquals("mmap(NULL, 8192, PROT_NONE, MAP_SHARED|MAP_ANONYMOUS|MAP_HUGETLB|21<<MAP_HUGE_SHIFT, -1, 0x1000) = -1 ENOMEM"
                + " (Cannot allocate memory)", caller.call("mmap", -12, 0, 8192, 0, 0x40021 | 21 << 26, -1, 0x1000));
        assertEquals("mremap(0x1000, 8192, 16384, MREMAP_MAYMOVE) = 0x2000", caller.call("mremap", 0x2000, 0x1000, 8192, 16384, 1, 9));
        assertEquals("mremap(0x1000, 1, 2, MREMAP_MAYMOVE|MREMAP_FIXED, 0x9000) = 0x9000",
                caller.call("mremap", 0x9000, 0x1000, 1, 2, 3, 0x9000));
        assertEquals("brk(NULL) = 0x5000", caller.call("brk", 0x5000, 0));
    }
}
