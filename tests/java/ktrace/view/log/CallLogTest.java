package ktrace.view.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import ktrace.decode.ArgumentNames;
import ktrace.decode.ArgumentTexts;
import ktrace.decode.DecodeOptions;
import ktrace.decode.calls.CallSet;
import ktrace.event.Comm;
import ktrace.event.EventType;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceEvent;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;
import ktrace.linux.terminal.ReaderGoneException;
import ktrace.text.RawText;
import org.junit.jupiter.api.Test;

class CallLogTest extends LoggedCalls {
    @Test
    void aCallIsOneLineOnceItHasReturned() {
        named("cat");
        TraceEvent read = enter(123_456_000, "read", 3, 0x7ffd1a2b, 131072);
        read.object = PASSWD;
        log.onEvent(read);
        log.onEvent(exit(123_468_900, "read", 1024));
        assertEquals("14:03:22.123456 1234 cat  read(3</etc/passwd>, 0x7ffd1a2b, 131072) = 1024 <0.000012>\n", text());
    }

    private void called(long timeNs, ArgumentTexts texts, String name, long result, long... args) {
        TraceEvent enter = enter(timeNs, name, args);
        enter.payload = texts;
        log.onEvent(enter);
        log.onEvent(exit(timeNs + 1000, name, result));
    }

    private static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** From a collector that hands over the bytes; what it could not read is shown by where it lies. */
    @Test
    void whatArgumentsPointToIsShownWhereItCameAlong() {
        named("sh");
        called(0, new ArgumentTexts(null, bytes("/etc/passwd")), "openat", -2, -100, 0x7000, 0);
        called(0, new ArgumentTexts(null, bytes("")), "newfstatat", 0, 3, 0x7000, 0x8000, 0x1000);
        called(0, new ArgumentTexts(bytes("a\n\u001b[31m\377"), null), "rename", -14, 0x7000, 0x9000);
        called(0, new ArgumentTexts(null, bytes("b\"")), "rename", -14, 0x7000, 0x9000);
        called(0, null, "unlink", -14, 0x7000);
        called(0, null, "stat", -14, 0, 0);
        called(0, new ArgumentTexts(null, bytes("\2\0\0P\177\0\0\1\0\0\0\0\0\0\0\0")), "connect", 0, 4, 0x7000, 16);
        called(0, new ArgumentTexts(null, bytes("\1\0\0abstract")), "bind", 0, 4, 0x7000, 11);
        assertEquals("""
                14:03:22.000000 1234 sh  openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = -1 ENOENT (No such file or directory) <0.000001>
                14:03:22.000000 1234 sh  newfstatat(3, "", 0x8000, AT_EMPTY_PATH) = 0 <0.000001>
                14:03:22.000000 1234 sh  rename("a\\n\\33[31m\\377", 0x9000) = -1 EFAULT (Bad address) <0.000001>
                14:03:22.000000 1234 sh  rename(0x7000, "b\\"") = -1 EFAULT (Bad address) <0.000001>
                14:03:22.000000 1234 sh  unlink(0x7000) = -1 EFAULT (Bad address) <0.000001>
                14:03:22.000000 1234 sh  stat(NULL, NULL) = -1 EFAULT (Bad address) <0.000001>
                14:03:22.000000 1234 sh  connect(4, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0 \
                <0.000001>
                14:03:22.000000 1234 sh  bind(4, {sa_family=AF_UNIX, sun_path=@"abstract"}, 11) = 0 <0.000001>
                """, text());
    }

    /** As strace shows one: all that a path can have, and that there was more. */
    @Test
    void aPathThatIsTooLongIsSeenToBeCut() {
        called(0, new ArgumentTexts(bytes("x".repeat(4095))), "chdir", -2, 0x7000);
        called(0, new ArgumentTexts(bytes("x".repeat(4096))), "chdir", -36, 0x7000);
        List<String> lines = text().lines().toList();
        assertTrue(lines.getFirst().contains("(\"" + "x".repeat(4095) + "\") = -1 ENOENT"), lines.getFirst());
        assertTrue(lines.getLast().contains("(\"" + "x".repeat(4095) + "\"...) = -1 ENAMETOOLONG"), lines.getLast());
    }

    /** What the call fills is not what was there before, though it lies in the same place. */
    @Test
    void whatACallFillsIsNotTakenForWhatItWasGiven() {
        called(0, new ArgumentTexts(bytes("/proc/self/exe")), "readlink", 3, 0x7000, 0x7000, 100);
        assertTrue(text().contains("readlink(\"/proc/self/exe\", 0x7000, 100) = 3"), this::text);
    }

    @Test
    void aPipeSaysWhoHoldsItsOtherEnd() {
        TraceEvent write = enter(0, "write", 5, 0x10, 1);
        write.object = PIPE;
        write.peers = List.of(new Peer(812, "so\u001brt"));
        log.onEvent(write);
        log.onEvent(exit(1000, "write", -32));
        assertEquals("14:03:22.000000 1234 ?  write(5<pipe:[81]\u2192so\\33rt(812)>, 0x10, 1) = -1 EPIPE (Broken pipe)"
                + " <0.000001>\n",
                text());
    }

    @Test
    void aTerminalWithoutUnicodeGetsNone() {
        log = new CallLog(bytes, new CallLogOptions(Abi.current(), CallSet.ALL, 0, false, DecodeOptions.DEFAULT,
                ArgumentNames.UNKNOWN, ZoneOffset.UTC, OFFSET_NS, true, LineChoice.USUAL));
        named("é");
        TraceEvent write = enter(0, "write", 5, 0x10, 1);
        write.object = PIPE;
        write.peers = List.of(new Peer(812, "sort"));
        log.onEvent(write);
        log.onEvent(exit(1000, "write", 1));
        assertEquals("14:03:22.000000 1234 \\xe9  write(5<pipe:[81]->sort(812)>, 0x10, 1) = 1 <0.000001>\n", text());
    }

    @Test
    void namesOfDescriptorsAreKeptUntilTheyAreClosed() {
        TraceEvent state = event(EventType.FD_STATE, 0);
        state.tid = 1234;
        state.thread = null;
        state.payload = new FdSnapshot(1234, 3, PASSWD, 0);
        log.onEvent(state);
        log.onEvent(enter(0, "dup2", 3, 9));
        log.onEvent(exit(1000, "dup2", 9));
        log.onEvent(enter(2000, "close", 3));
        log.onEvent(exit(3000, "close", 0));
        log.onEvent(enter(4000, "lseek", 3, 0, 0));
        log.onEvent(exit(5000, "lseek", -9));
        log.onEvent(enter(6000, "lseek", 9, 0, 2));
        log.onEvent(exit(7000, "lseek", 0));
        String[] lines = text().split("\n");
        assertTrue(lines[0].contains("dup2(3</etc/passwd>, 9) = 9</etc/passwd>"), lines[0]);
        assertTrue(lines[1].contains("close(3</etc/passwd>) = 0"), lines[1]);
        assertTrue(lines[2].contains("lseek(3, 0, SEEK_SET) = -1 EBADF"), lines[2]);
        assertTrue(lines[3].contains("lseek(9</etc/passwd>, 0, SEEK_END) = 0"), lines[3]);
    }

    @Test
    void whatACallWorksOnMayBecomeKnownWhileItGoesOn() {
        KernelObject pipe = new KernelObject(ObjectKind.PIPE, "pipe", 0);
        TraceEvent read = enter(0, "read", 3, 0x10, 1);
        read.object = pipe;
        log.onEvent(read);
        pipe.identify(PIPE);
        log.onEvent(exit(1000, "read", 1));
        assertTrue(text().contains("read(3<pipe:[81]>, 0x10, 1) = 1"), bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void namesAreLearnedFromCallsThatAreNotShown() {
        with(CallSet.parse("lseek"), 0, false);
        TraceEvent read = enter(0, "read", 3, 0x10, 1);
        read.object = PASSWD;
        log.onEvent(read);
        log.onEvent(exit(1000, "read", 1));
        // The object of wait4(2) is a process, and its first argument no descriptor.
        TraceEvent wait = enter(2000, "wait4", 5);
        wait.object = new KernelObject(ObjectKind.CHILD, "child 5", 5);
        log.onEvent(wait);
        log.onEvent(exit(3000, "wait4", 5));
        for (long fd : new long[] {3, 5}) {
            log.onEvent(enter(4000, "lseek", fd, 0, 0));
            log.onEvent(exit(5000, "lseek", 0));
        }
        assertEquals("14:03:22.000004 1234 ?  lseek(3</etc/passwd>, 0, SEEK_SET) = 0 <0.000001>\n"
                + "14:03:22.000004 1234 ?  lseek(5, 0, SEEK_SET) = 0 <0.000001>\n", text());
    }

    @Test
    void aNewDescriptorDoesNotBearAnOldName() {
        TraceEvent state = event(EventType.FD_STATE, 0);
        state.payload = new FdSnapshot(1234, 3, PASSWD, 0);
        log.onEvent(state);
        log.onEvent(enter(0, "openat", -100, 0x1000, 0));
        log.onEvent(exit(1000, "openat", 3));
        assertTrue(text().contains("openat(AT_FDCWD, 0x1000, O_RDONLY) = 3 <"), bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theTextOfACollectorThatReadsMemoryIsTakenAsItIs() {
        TraceEvent open = enter(0, "openat", -100, 0x1000, 0);
        open.payload = "openat(AT_FDCWD</root>, \"a\", O_RDONLY";
        log.onEvent(open);
        TraceEvent opened = exit(1000, "openat", 3);
        opened.payload = ") = 3</root/a>";
        log.onEvent(opened);
        assertTrue(text().contains("  openat(AT_FDCWD</root>, \"a\", O_RDONLY) = 3</root/a> <0.000001>\n"));
    }

    @Test
    void whatHasNotReturnedAtTheEndIsUnfinished() {
        log.onEvent(enter(5 * MS, "read", 3, 0x10, 1));
        assertEquals("14:03:22.005000 1234 ?  read(3 <unfinished ...>\n", text());
    }

    @Test
    void aCallThatWasGoingOnHasNoDuration() {
        TraceEvent state = event(EventType.THREAD_STATE, 0);
        state.payload = new ThreadSnapshot(1234, 1234, "cat", 'S', SyscallTable.current().number("read"),
                new long[] {3, 16, 1, 0, 0, 0});
        log.onEvent(state);
        log.onEvent(exit(5 * MS, "read", 1));
        log.onEvent(exit(6 * MS, "write", -32));
        assertEquals("14:03:22.005000 1234 cat  read(3, 0x10, 1) = 1 <?>\n"
                + "14:03:22.006000 1234 cat  <... write resumed>) = -1 EPIPE (Broken pipe)\n", text());
    }

    /** As after lost events: of the call that was seen to begin no end was seen, and no begin of the one that ends. */
    @Test
    void anEndThatIsNotOfTheCallBeforeIsNotTakenForIts() {
        log.onEvent(enter(0, "read", 3, 0, 16));
        TraceEvent exit = exit(2000, "read", 16);
        exit.call = TraceEvent.NO_CALL;
        log.onEvent(exit);
        assertEquals("14:03:22.000000 1234 ?  read(3 <unfinished ...>\n"
                + "14:03:22.000002 1234 ?  <... read resumed>) = 16\n", text());
    }

    /** The kernel forgets the number of rt_sigreturn(2), which restores the registers. */
    @Test
    void aCallWhoseNumberIsForgottenEnds() {
        log.onEvent(enter(0, "rt_sigreturn"));
        TraceEvent exit = exit(2000, "rt_sigreturn", -4);
        exit.number = -1;
        log.onEvent(exit);
        assertTrue(text().contains(" rt_sigreturn("), text());
        assertFalse(text().contains("unfinished") || text().contains("resumed"), text());
    }

    @Test
    void theEndOfAProcessIsALine() {
        named("cat");
        log.onEvent(enter(MS, "exit_group", 3));
        TraceEvent exit = event(EventType.SCHED_PROCESS_EXIT, 2 * MS);
        log.onEvent(exit);
        assertEquals("14:03:22.001000 1234 cat  exit_group(3) = ?\n14:03:22.002000 1234 cat  +++ exited with 3 +++\n", text());
    }

    @Test
    void howAKilledProcessEndedIsNotInvented() {
        ThreadId worker = new ThreadId(1240, process, 0, 1);
        TraceEvent ends = enter(MS, "exit", 0);
        ends.tid = 1240;
        ends.thread = worker;
        log.onEvent(ends);
        TraceEvent gone = event(EventType.SCHED_PROCESS_EXIT, MS);
        gone.tid = 1240;
        gone.thread = worker;
        log.onEvent(gone);
        named("cat");
        log.onEvent(event(EventType.SCHED_PROCESS_EXIT, 2 * MS));
        assertTrue(text().endsWith("14:03:22.001000 1240 ?  +++ exited with 0 +++\n14:03:22.002000 1234 cat  +++ exited +++\n"),
                bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void anExecByAnotherThreadEndsOnTheLeadersLine() {
        ThreadId other = new ThreadId(1240, process, 0, 1);
        TraceEvent enter = enter(MS, "execve", 0x10, 0x20, 0x30);
        enter.tid = 1240;
        enter.thread = other;
        log.onEvent(enter);
        TraceEvent exec = event(EventType.SCHED_PROCESS_EXEC, 2 * MS);
        exec.otherTid = 1240;
        exec.payload = "/bin/x\n";
        log.onEvent(exec);
        log.onEvent(exit(3 * MS, "execve", 0));
        assertEquals("14:03:22.002000 1234 x\\n  +++ exec /bin/x\\n +++\n"
                + "14:03:22.001000 1234 x\\n  execve(0x10, 0x20, 0x30) = 0 <0.002000>\n", text());
    }

    @Test
    void namesAreEscaped() {
        named("e\u001b[2J");
        TraceEvent renamed = event(EventType.TASK_RENAME, 0);
        renamed.comm0 = Comm.pack("a\tb", 0);
        log.onEvent(enter(0, "getpid"));
        log.onEvent(exit(0, "getpid", 1));
        log.onEvent(renamed);
        log.onEvent(enter(0, "getpid"));
        log.onEvent(exit(0, "getpid", 1));
        assertEquals("14:03:22.000000 1234 e\\x1b[2J  getpid() = 1 <0.000000>\n"
                + "14:03:22.000000 1234 a\\tb  getpid() = 1 <0.000000>\n", text());
    }

    @Test
    void threadsThatAreNotObservedAreLeftOut() {
        TraceEvent enter = enter(0, "getpid");
        enter.thread = null;
        log.onEvent(enter);
        TraceEvent exit = exit(0, "getpid", 1);
        exit.thread = null;
        log.onEvent(exit);
        assertEquals("", text());
    }

    @Test
    void bytesThatAreNoUtf8AreShownAsTheyAre() {
        TraceEvent state = event(EventType.FD_STATE, 0);
        String name = RawText.of(new byte[] {'/', (byte) 0xff, (byte) 0xe9});
        state.payload = new FdSnapshot(1234, 3, new KernelObject(ObjectKind.DISK, name, 9), 0);
        log.onEvent(state);
        named(RawText.of(new byte[] {'a', (byte) 0xff}));
        log.onEvent(enter(0, "close", 3));
        log.onEvent(exit(1000, "close", 0));
        assertEquals("14:03:22.000000 1234 a\\xff  close(3</\\377\\351>) = 0 <0.000001>\n", text());
    }

    @Test
    void linesAreOutByTheEndOfAnInterval() {
        named("cat");
        log.onEvent(enter(0, "getpid"));
        log.onEvent(exit(MS, "getpid", 1));
        assertEquals(0, bytes.size());
        log.onEvent(event(EventType.INTERVAL, 2 * MS));
        assertTrue(bytes.size() > 0);
    }

    @Test
    void lostEventsAreSaid() {
        TraceEvent lost = event(EventType.EVENTS_LOST, MS);
        lost.number = 17;
        log.onEvent(lost);
        assertEquals("14:03:22.001000 --- 17 events lost ---\n", text());
    }

    @Test
    void aReaderThatHasGoneEndsTheTrace() {
        AtomicInteger asked = new AtomicInteger();
        log = new CallLog(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new ReaderGoneException();
            }
        }, options(CallSet.ALL, 0, false));
        log.onQuit(asked::incrementAndGet);
        named("cat");
        log.onEvent(enter(0, "getpid"));
        log.onEvent(exit(MS, "getpid", 1));
        log.onEvent(event(EventType.INTERVAL, 2 * MS));
        log.onEvent(event(EventType.INTERVAL, 3 * MS));
        assertEquals(1, asked.get());
        assertEquals(null, log.failure());
    }
}
