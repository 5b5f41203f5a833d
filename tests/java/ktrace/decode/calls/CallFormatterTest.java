package ktrace.decode.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import ktrace.decode.ArgumentNames;
import ktrace.decode.Call;
import ktrace.decode.CallerMemory;
import ktrace.decode.DecodeOptions;
import ktrace.decode.FakeCaller;
import ktrace.decode.FdNames;
import ktrace.linux.uapi.Uapi;
import ktrace.tracefs.TracepointFormat;
import ktrace.tracefs.TracepointFormat.Field;
import org.junit.jupiter.api.Test;

class CallFormatterTest {
    private final FakeCaller caller = new FakeCaller().fd(FdNames.AT_FDCWD, "/root").fd(3, "/root/notes");

    @Test
    void aCallIsWrittenInTwoSteps() {
        long path = caller.text("notes");
        assertEquals("openat(AT_FDCWD</root>, \"notes\", O_RDONLY|O_CLOEXEC",
                caller.entry("openat", FdNames.AT_FDCWD, path, Uapi.O_CLOEXEC()));
        assertEquals("openat(AT_FDCWD</root>, \"notes\", O_RDONLY|O_CLOEXEC) = 3</root/notes>",
                caller.call("openat", 3, FdNames.AT_FDCWD, path, Uapi.O_CLOEXEC()));
    }

    @Test
    void anErrorHasItsNameAndText() {
        assertEquals("close(9) = -1 EBADF (Bad file descriptor)", caller.call("close", -9, 9));
        assertEquals("close(9) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)", caller.call("close", -512, 9));
        assertEquals("close(9) = -600", caller.call("close", -600, 9));
    }

    @Test
    void aModeStandsOnlyWhereAFileMayBeMade() {
        long path = caller.text("x");
        assertEquals("open(\"x\", O_WRONLY|O_CREAT|O_TRUNC, 0644) = 4", caller.call("open", 4, path, 01 | 0100 | 01000, 0644));
        assertEquals("open(\"x\", O_WRONLY|O_TRUNC) = 4", caller.call("open", 4, path, 01 | 01000, 0644));
        assertEquals("open(\"x\", O_RDWR|O_TMPFILE, 000) = 4", caller.call("open", 4, path, 02 | 020200000, 0));
    }

    @Test
    void whatCannotBeReadIsAnAddress() {
        assertEquals("open(0x10, O_RDONLY) = -1 EFAULT (Bad address)", caller.call("open", -14, 0x10, 0));
        assertEquals("open(NULL, O_RDONLY) = -1 EFAULT (Bad address)", caller.call("open", -14, 0, 0));
        // A string that runs into memory that cannot be read before it ends.
        long unended = caller.put(new byte[] {'a', 'b'});
        assertEquals("open(0x" + Long.toHexString(unended) + ", O_RDONLY) = -1 EFAULT (Bad address)",
                caller.call("open", -14, unended, 0));
    }

    @Test
    void pathsAndNamesAreEscaped() {
        long path = caller.text("a\tb\u0001é\"\\<1");
        caller.fd(5, "/x<y>\"z (deleted)");
        assertEquals("open(\"a\\tb\\1\\303\\251\\\"\\\\<1\", O_RDONLY) = 5</x\\74y\\76\\\"z>(deleted)", caller.call("open", 5, path, 0));
        assertEquals("open(\"\\0011\\33[2J\", O_RDONLY) = 3</root/notes>", caller.call("open", 3, caller.text("\u00011\u001b[2J"), 0));
    }

    @Test
    void aPathMayCrossPages() {
        String long1 = "d/".repeat(1500) + "end";
        byte[] bytes = (long1 + "\0").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        long area = caller.put(new byte[0x1000]);
        byte[] all = new byte[0x3000];
        System.arraycopy(bytes, 0, all, 0xff0, bytes.length);
        long path = caller.put(all) + 0xff0;
        assertEquals("open(\"" + long1 + "\", O_RDONLY) = 4", caller.call("open", 4, path, 0));
        assertEquals("open(\"\", O_RDONLY) = 4", caller.call("open", 4, area, 0));
    }

    @Test
    void aCallWithoutALineShowsWhatTheKernelSaysOfIt() {
        TracepointFormat format = new TracepointFormat("sys_enter_strange", 7, List.of(
                new Field("common_pid", "int", 4, 4, true, false),
                new Field("__syscall_nr", "int", 8, 4, true, false),
                new Field("fd", "unsigned int", 16, 8, false, false),
                new Field("buf", "char *", 24, 8, false, false),
                new Field("count", "size_t", 32, 8, false, false)));
        assertEquals("syscall_0x1ff(0x3, 0x1, 0, 0, 0, 0x5) = -1 ENOSYS (Function not implemented)",
                caller.call("#511", -38, 3, 1, 0, 0, 0, 5));
        caller.argumentNames(name -> name.equals("vserver") ? format : null);
        assertEquals("vserver(fd=3</root/notes>, buf=0x1000, count=0x20) = 0", caller.call("vserver", 0, 3, 0x1000, 32));
    }

    @Test
    void aCallThatHasNotReturnedHasNoResult() {
        StringBuilder out = new StringBuilder();
        Call call = new Call().enter(ktrace.linux.Abi.X86_64, 3, 9, 0, 0, 0, 0, 0);
        CallFormatter formatter = new CallFormatter(DecodeOptions.DEFAULT, ArgumentNames.UNKNOWN);
        formatter.enter(call, CallerMemory.UNREADABLE, FdNames.UNKNOWN, out);
        formatter.exit(call, CallerMemory.UNREADABLE, FdNames.UNKNOWN, out);
        assertEquals("close(9) = ?", out.toString());
    }
}
