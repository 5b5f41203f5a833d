package ktrace.facts.live;

import java.io.IOException;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.SocketNames;
import ktrace.event.ThreadSnapshot;
import ktrace.linux.SyscallTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcParsersTest {
    private static final String STAT_TAIL = " S 12 10 10 34816 10 4194304 1 0 0 0 1 2 0 0 20 0 3 0 5678 100 200 1 0 0 0\n";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aNameMayHoldAnything() {
        for (String comm : List.of("cat", "a b", "x) R 1 (y", "line\nbreak", "\u001b[31m", "()", "ü")) {
            ProcStat stat = ProcStat.parse(bytes("42 (" + comm + ")" + STAT_TAIL));
            assertEquals(new ProcStat(42, comm, 'S', 12, 34816, false, 3, 5678), stat);
        }
        assertEquals(0, ProcStat.parse(bytes("42 (cat)" + STAT_TAIL)).ptsIndex());
        assertEquals(true, ProcStat.parse(bytes("2 (kthreadd)" + STAT_TAIL.replace("4194304", "2129984"))).kernelThread());
    }

    @Test
    void theCallInFlight() {
        ProcStat stat = ProcStat.parse(bytes("42 (cat)" + STAT_TAIL));
        ThreadSnapshot in = ProcText.syscall(bytes("0 0x3 0xffffffffffffffff 0x3 0x4 0x5 0x6 0x7ffd 0x7f12\n"), 43, 42, stat);
        assertEquals(0, in.syscall());
        assertArrayEquals(new long[] {3, -1, 3, 4, 5, 6}, in.args());
        assertEquals(-1, ProcText.syscall(bytes("-1 0x7ffd 0x7f12\n"), 43, 42, stat).syscall());
        assertEquals(ThreadSnapshot.SYSCALL_UNKNOWN, ProcText.syscall(bytes("running\n"), 43, 42, stat).syscall());
        assertEquals(ThreadSnapshot.SYSCALL_UNKNOWN, ProcText.syscall(null, 43, 42, stat).syscall());
    }

    /** As after kill -STOP and -CONT, or when strace was there before. */
    @Test
    void aCallThatIsGoneOnWith() {
        assertEquals("poll", goneOnWith("poll_schedule_timeout.constprop.0", "0x7ff8822c4720 0x1 0x7530"));
        assertEquals("futex", goneOnWith("futex_do_wait", "0x55c9eac09840 0x89 0x0"));
        assertEquals("clock_nanosleep", goneOnWith("hrtimer_nanosleep", "0x0 0x0 0x7fff134509e0"));
        assertEquals("clock_nanosleep", goneOnWith("do_syscall_64", "0x0 0x0 0x7fff134509e0"));
        assertEquals("nanosleep", goneOnWith("hrtimer_nanosleep", "0x7fff134509e0 0x0 0x0"));
        assertEquals("restart_syscall", goneOnWith("", "0x1 0x2 0x3"), "nothing tells");
        ThreadSnapshot read = inCall("read", "0x3 0x7ffd 0x10");
        assertSame(read, RestartedCall.of(read, "hrtimer_nanosleep"));
    }

    private static String goneOnWith(String function, String arguments) {
        ThreadSnapshot found = inCall("restart_syscall", arguments);
        ThreadSnapshot told = RestartedCall.of(found, function);
        assertArrayEquals(found.args(), told.args());
        return SyscallTable.current().name(told.syscall());
    }

    private static ThreadSnapshot inCall(String call, String arguments) {
        int number = SyscallTable.current().find(call).orElseThrow();
        return ProcText.syscall(bytes(number + " " + arguments + " 0x4 0x5 0x6 0x7ffd 0x7f12\n"), 43, 42,
                ProcStat.parse(bytes("42 (cat)" + STAT_TAIL)));
    }

    @Test
    void fdinfoOfAnEpollSet() {
        FdInfo info = FdInfo.parse(bytes("""
                pos:\t0
                flags:\t02000002
                mnt_id:\t17
                ino:\t1038
                tfd:        3 events:       19 data:                3  pos:0 ino:9906 sdev:f
                tfd:     1204 events:       19 data:                3  pos:0 ino:9906 sdev:f
                """));
        assertEquals(02000002, info.flags());
        assertEquals(17, info.mountId());
        assertEquals(1038, info.inode());
        assertEquals(List.of(3, 1204), info.watched());
        assertEquals(-1, info.pid());
        assertEquals(-1, FdInfo.parse(bytes("flags:\t02\nPid:\t-1\n")).pid());
        assertEquals(-1, info.fuseDevice());
        assertEquals(39, FdInfo.parse(bytes("flags:\t02\nfuse_connection:\t39\n")).fuseDevice());
    }

    @Test
    void mappings() {
        byte[] maps = bytes("""
                7f0000000000-7f0000001000 rw-s 00002000 00:1a 42                         /dev/shm/a b
                7f0000001000-7f0000002000 rw-p 00000000 00:00 0\s
                ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
                """);
        MappingSnapshot shared = MapsParser.find(maps, 0x7f0000000010L);
        assertEquals(new MappingSnapshot(0x7f0000000000L, 0x7f0000001000L, true, 0x1a, 42, 0x2000, "/dev/shm/a b"), shared);
        assertEquals("", MapsParser.find(maps, 0x7f0000001fffL).path());
        assertNull(MapsParser.find(maps, 0x7f0000002000L));
        assertEquals("[vsyscall]", MapsParser.find(maps, 0xffffffffff600000L).path());
    }

    @Test
    void randomBytesAreNoFilesOfProcAndNoReasonToThrow() {
        Random random = new Random(20);
        String alphabet = "0123456789abcdefx :-()\n\t.tfd:Pid:flags:[]/";
        ProcStat stat = ProcStat.parse(bytes("42 (cat)" + STAT_TAIL));
        for (int i = 0; i < 50_000; i++) {
            byte[] text = new byte[random.nextInt(120)];
            if (i % 2 == 0) {
                random.nextBytes(text);
            } else {
                for (int j = 0; j < text.length; j++) {
                    text[j] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
                }
            }
            ProcStat.parse(text);
            assertNotNull(FdInfo.parse(text));
            MapsParser.find(text, random.nextLong());
            assertNotNull(ProcText.syscall(text, 1, 1, stat));
            KernelObject socket = new KernelObject(ObjectKind.TCP, "tcp " + new String(text, StandardCharsets.UTF_8), 1);
            SocketNames.mirror(socket);
            SocketNames.localPort(socket);
            SocketNames.remotePort(socket);
        }
    }

    @Test
    void namesOfSockets() {
        KernelObject socket = new KernelObject(ObjectKind.TCP, "tcp [::1]:80→[::1]:5001 (net:[7])", 1);
        assertEquals("tcp [::1]:5001→[::1]:80 (net:[7])", SocketNames.mirror(socket));
        assertEquals(80, SocketNames.localPort(socket));
        assertEquals(5001, SocketNames.remotePort(socket));
        KernelObject listening = new KernelObject(ObjectKind.TCP, "tcp 0.0.0.0:6379 (net:[7])", 1);
        assertEquals(6379, SocketNames.localPort(listening));
        assertEquals(-1, SocketNames.remotePort(listening));
        assertNull(SocketNames.mirror(listening));
    }

    @Test
    void aTreeLaidOutLikeProc(@TempDir Path root) throws IOException {
        Path process = Files.createDirectories(root.resolve("42/task/43")).getParent().getParent();
        Files.createDirectories(process.resolve("fd"));
        Files.createDirectories(process.resolve("fdinfo"));
        Files.createDirectories(root.resolve("self"));
        Files.writeString(process.resolve("stat"), "42 (cat)" + STAT_TAIL);
        Files.writeString(process.resolve("status"), "Name:\tcat\nTgid:\t42\n");
        Files.write(process.resolve("cmdline"), bytes("cat\0-n\0file\0\0"));
        Files.writeString(process.resolve("task/43/stat"), "43 (worker)" + STAT_TAIL);
        Files.writeString(process.resolve("task/43/syscall"), "0 0x3 0x0 0x0 0x0 0x0 0x0 0x1 0x2\n");
        Files.createSymbolicLink(process.resolve("fd/3"), Path.of("pipe:[77]"));
        Files.writeString(process.resolve("fdinfo/3"), "flags:\t01\n");
        Files.createSymbolicLink(process.resolve("fd/4"), Path.of("anon_inode:[eventfd]"));
        Files.writeString(process.resolve("fdinfo/4"), "flags:\t02\neventfd-id: 0\n");
        Files.createSymbolicLink(process.resolve("fd/5"), Path.of("/gone/on/a/server"));
        Files.writeString(process.resolve("fdinfo/5"), "flags:\t00\nmnt_id:\t99\n");

        ProcFs proc = new ProcFs(root.toString());
        assertEquals(List.of(42), proc.processes());
        assertEquals("cat -n file", proc.process(42).cmdline());
        assertEquals(12, proc.process(42).ppid());
        assertEquals("worker", proc.thread(42, 43).comm());
        assertNull(proc.thread(42, 44));
        assertNull(proc.process(7));
        assertNull(proc.fds(7));
        FdReader reader = new FdReader(proc, new SocketTable(proc, 42, () -> 0));
        FdSnapshot pipe = reader.read(42, 3);
        assertEquals("pipe:[77]", pipe.object().name());
        assertEquals(1, pipe.flags());
        assertEquals("eventfd:[0]", reader.read(42, 4).object().name());
        assertEquals(ObjectKind.DISK, reader.read(42, 5).object().kind());
        assertNull(reader.read(42, 6));
    }
}
