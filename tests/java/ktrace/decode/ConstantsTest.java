package ktrace.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ktrace.linux.uapi.CProgram;
import org.junit.jupiter.api.Test;

class ConstantsTest {
    /** The kernel's own headers, those that can be included together. */
    private static final List<String> KERNEL = List.of("linux/types.h", "linux/aio_abi.h", "linux/audit.h", "linux/bpf.h",
            "linux/capability.h", "linux/close_range.h", "linux/eventpoll.h", "linux/falloc.h", "linux/fadvise.h", "linux/fanotify.h",
            "asm/fcntl.h", "linux/fcntl.h", "linux/fs.h", "linux/futex.h", "linux/if_ether.h", "linux/if_packet.h", "linux/in.h",
            "linux/in6.h", "linux/inotify.h", "linux/io_uring.h", "linux/ioprio.h", "linux/ipc.h", "linux/kexec.h", "linux/keyctl.h",
            "linux/magic.h", "linux/memfd.h", "linux/mempolicy.h", "linux/mman.h", "linux/module.h", "linux/mount.h", "linux/mqueue.h",
            "linux/msg.h", "linux/netlink.h", "linux/openat2.h", "linux/perf_event.h", "linux/personality.h", "linux/pidfd.h",
            "linux/prctl.h", "linux/ptrace.h", "linux/quota.h", "linux/random.h", "linux/reboot.h", "linux/resource.h",
            "linux/rtnetlink.h", "linux/sched.h", "linux/seccomp.h", "linux/securebits.h", "linux/sem.h", "linux/shm.h",
            "asm/signal.h", "asm/siginfo.h", "asm/socket.h", "linux/sock_diag.h", "linux/stat.h", "linux/tcp.h", "linux/udp.h",
            "linux/time.h", "linux/timerfd.h", "linux/timex.h", "linux/userfaultfd.h", "linux/wait.h", "linux/xattr.h",
            "linux/net.h", "linux/signalfd.h", "linux/rseq.h", "asm/termbits.h", "asm/prctl.h", "asm/poll.h");
    /** For what the kernel keeps out of its uapi headers. */
    private static final List<String> LIBRARY = List.of("sys/socket.h", "netinet/in.h", "netinet/tcp.h", "sys/epoll.h",
            "sys/eventfd.h", "sys/mount.h", "sys/statvfs.h", "sys/wait.h", "sys/time.h", "sys/resource.h", "dirent.h", "fcntl.h",
            "sched.h", "signal.h", "sys/file.h", "unistd.h", "sys/timerfd.h", "sys/signalfd.h", "sys/inotify.h", "net/if.h",
            "linux/vm_sockets.h");

    /** The lines of the groups that hold for x86-64. */
    private static List<String> names() {
        List<String> names = new ArrayList<>();
        boolean otherAbi = false;
        for (String line : Resource.lines("constants.txt")) {
            if (line.startsWith("[")) {
                otherAbi = line.contains("@");
            } else if (!otherAbi) {
                names.add(line);
            }
        }
        return names;
    }

    @Test
    void theNumbersAreThoseOfTheHeaders() throws Exception {
        CProgram.requireComparableHeaders();
        Map<String, Long> compiled = new TreeMap<>(compiled(LIBRARY));
        compiled.putAll(compiled(KERNEL));
        // glibc hides it from 64-bit callers, who have no need of it; the kernel sets it all the same.
        compiled.remove("O_LARGEFILE");
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (String line : names()) {
            String name = line.substring(0, line.indexOf(' '));
            Long value = compiled.get(name);
            if (value != null) {
                compared++;
                long here = Long.decode(line.substring(line.indexOf(' ') + 1));
                if (here != value && (here & 0xffff_ffffL) != (value & 0xffff_ffffL)) {
                    wrong.add(line + " is 0x" + Long.toHexString(value));
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(compared > 1200, compared + " names compared");
    }

    private static Map<String, Long> compiled(List<String> headers) throws Exception {
        StringBuilder includes = new StringBuilder("#define _GNU_SOURCE\n#include <stdio.h>\n");
        headers.forEach(header -> includes.append("#if __has_include(<").append(header).append(">)\n#include <").append(header)
                .append(">\n#endif\n"));
        StringBuilder statements = new StringBuilder();
        for (String line : names()) {
            String name = line.substring(0, line.indexOf(' '));
            statements.append("#ifdef ").append(name).append("\nprintf(\"").append(name).append(" %llx\\n\", (unsigned long long)(")
                    .append(name).append("));\n#endif\n");
        }
        Map<String, Long> values = new HashMap<>();
        for (String line : CProgram.run(includes.toString(), statements.toString())) {
            values.put(line.substring(0, line.indexOf(' ')), Long.parseUnsignedLong(line.substring(line.indexOf(' ') + 1), 16));
        }
        return values;
    }

    @Test
    void bitsAreNamedInTheOrderOfTheTable() {
        assertEquals("PROT_READ|PROT_WRITE", flags("prot", 3));
        assertEquals("PROT_READ|0x100", flags("prot", 0x101));
        assertEquals("PROT_NONE", flags("prot", 0));
        assertEquals("0x100 /* PROT_??? */", flags("prot", 0x100));
        assertEquals("0", flags("at", 0));
    }

    @Test
    void aBitThatIsPartOfALargerNameIsNotNamedTwice() {
        assertEquals("O_SYNC", flags("open", 0x101000));
        assertEquals("O_DSYNC", flags("open", 0x1000));
        assertEquals("O_TMPFILE", flags("open", 0x410000));
    }

    @Test
    void aNumberWithoutANameSaysWhatItShouldHaveBeen() {
        StringBuilder out = new StringBuilder();
        Constants.group("seek").one(out, 77);
        assertEquals("0x4d /* SEEK_??? */", out.toString());
        assertThrows(IllegalArgumentException.class, () -> Constants.group("no such group"));
    }

    @Test
    void anotherAbiHasOtherBits() {
        FakeCaller caller = new FakeCaller().abi(ktrace.linux.Abi.AARCH64);
        assertEquals("openat(AT_FDCWD, \"d\", O_RDONLY|O_NONBLOCK|O_CLOEXEC|O_DIRECTORY) = 3",
                caller.call("openat", 3, FdNames.AT_FDCWD, caller.text("d"), 0x84800));
    }

    private static String flags(String group, long value) {
        StringBuilder out = new StringBuilder();
        Constants.group(group).flags(out, value);
        return out.toString();
    }
}
