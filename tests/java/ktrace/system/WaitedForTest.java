package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ktrace.event.EventType;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.facts.NoSource;
import ktrace.linux.Abi;
import ktrace.linux.PrevState;
import ktrace.linux.SyscallTable;
import ktrace.system.family.Families;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is waited for, by call, state, object and arguments. */
class WaitedForTest {
    private static final int A = 100;

    /** Every path leads to the same thing. */
    private static final class Opening extends NoSource {
        private final ObjectKind kind;

        Opening(ObjectKind kind) {
            this.kind = kind;
        }

        @Override
        public KernelObject opening(int tgid, int dirFd, long pathAddress) {
            return kind == null ? null : new KernelObject(kind, "/it", 1);
        }
    }

    static Stream<Arguments> waits() {
        return Stream.of(
                Arguments.of("read", 'S', ObjectKind.PIPE, 3, 0, ObjectKind.PIPE),
                Arguments.of("read", 'D', ObjectKind.PIPE, 3, 0, ObjectKind.PIPE),
                Arguments.of("read", 'D', ObjectKind.DISK, 3, 0, ObjectKind.DISK),
                Arguments.of("read", 'D', null, 3, 0, ObjectKind.DISK),
                Arguments.of("read", 'S', null, 3, 0, ObjectKind.OTHER),
                Arguments.of("read", 'T', ObjectKind.PIPE, 3, 0, Families.ALL.kind("stopped")),
                Arguments.of("read", 't', ObjectKind.PIPE, 3, 0, Families.ALL.kind("traced")),
                Arguments.of("write", 'S', ObjectKind.FIFO, 3, 0, ObjectKind.FIFO),
                Arguments.of("recvmsg", 'S', ObjectKind.UNIX, 3, 0, ObjectKind.UNIX),
                Arguments.of("accept4", 'S', ObjectKind.TCP, 3, 0, ObjectKind.TCP),
                Arguments.of("connect", 'S', ObjectKind.TCP, 3, 0, ObjectKind.TCP),
                Arguments.of("close", 'S', ObjectKind.TCP, 3, 0, ObjectKind.TCP),
                Arguments.of("lseek", 'D', null, 3, 0, ObjectKind.DISK),
                Arguments.of("read", 'S', ObjectKind.TIMERFD, 3, 0, ObjectKind.TIMERFD),
                Arguments.of("splice", 'S', ObjectKind.PIPE, 3, 0, ObjectKind.PIPE),
                Arguments.of("fsync", 'D', ObjectKind.DISK, 3, 0, ObjectKind.DISK),
                Arguments.of("ioctl", 'S', ObjectKind.TTY, 3, 0, ObjectKind.TTY),
                Arguments.of("ioctl", 'S', ObjectKind.TCP, 3, 0, ObjectKind.OTHER),
                Arguments.of("poll", 'S', null, 0x7000, 2, ObjectKind.POLL),
                Arguments.of("poll", 'S', null, 0, 0, ObjectKind.SLEEP),
                Arguments.of("ppoll", 'D', null, 0x7000, 2, ObjectKind.OTHER),
                Arguments.of("select", 'S', null, 5, 0, ObjectKind.POLL),
                Arguments.of("pselect6", 'S', null, 0, 0, ObjectKind.SLEEP),
                Arguments.of("epoll_wait", 'S', ObjectKind.POLL, 3, 0, ObjectKind.POLL),
                Arguments.of("epoll_pwait2", 'S', null, 3, 0, ObjectKind.POLL),
                Arguments.of("epoll_wait", 'D', ObjectKind.POLL, 3, 0, ObjectKind.OTHER),
                Arguments.of("futex", 'S', null, 0x7000, 0x80, ObjectKind.FUTEX),
                Arguments.of("futex", 'S', null, 0x7000, 0x189, ObjectKind.FUTEX),
                Arguments.of("futex", 'S', null, 0x7000, 0x86, ObjectKind.FUTEX),
                Arguments.of("futex", 'S', null, 0x7000, 0x81, ObjectKind.OTHER),
                Arguments.of("futex", 'D', null, 0x7000, 0x80, ObjectKind.OTHER),
                Arguments.of("futex_waitv", 'S', null, 0x7000, 1, ObjectKind.FUTEX),
                Arguments.of("futex_wait", 'S', null, 0x7000, 1, ObjectKind.FUTEX),
                Arguments.of("futex_wake", 'S', null, 0x7000, 1, ObjectKind.OTHER),
                Arguments.of("msgrcv", 'S', null, 1, 0, ObjectKind.SYSVMSG),
                Arguments.of("msgctl", 'S', null, 1, 0, ObjectKind.OTHER),
                Arguments.of("semop", 'S', null, 1, 0, ObjectKind.SYSVSEM),
                Arguments.of("mq_timedreceive", 'S', ObjectKind.MQUEUE, 3, 0, ObjectKind.MQUEUE),
                Arguments.of("wait4", 'S', null, -1, 0, ObjectKind.CHILD),
                Arguments.of("waitid", 'S', null, 0, 0, ObjectKind.CHILD),
                Arguments.of("rt_sigtimedwait", 'S', null, 0, 0, ObjectKind.SIGNAL),
                Arguments.of("pause", 'S', null, 0, 0, ObjectKind.SIGNAL),
                Arguments.of("flock", 'S', ObjectKind.DISK, 3, 2, ObjectKind.FILELOCK),
                Arguments.of("fcntl", 'S', ObjectKind.DISK, 3, 7, ObjectKind.FILELOCK),
                Arguments.of("fcntl", 'S', ObjectKind.DISK, 3, 38, ObjectKind.FILELOCK),
                Arguments.of("fcntl", 'S', ObjectKind.DISK, 3, 3, ObjectKind.OTHER),
                Arguments.of("nanosleep", 'S', null, 0, 0, ObjectKind.SLEEP),
                Arguments.of("clock_nanosleep", 'S', null, 0, 0, ObjectKind.SLEEP),
                Arguments.of("openat", 'D', null, -100, 0, ObjectKind.DISK),
                Arguments.of("openat", 'S', null, -100, 0, ObjectKind.OTHER),
                Arguments.of("openat", 'S', ObjectKind.FIFO, -100, 0, ObjectKind.FIFO),
                Arguments.of("openat", 'S', ObjectKind.DISK, -100, 0, ObjectKind.FILELOCK),
                Arguments.of("openat", 'S', ObjectKind.FUSE, -100, 0, ObjectKind.FUSE),
                Arguments.of("openat", 'D', ObjectKind.FUSE, -100, 0, ObjectKind.FUSE),
                Arguments.of("newfstatat", 'S', ObjectKind.FUSE, -100, 0, ObjectKind.FUSE),
                Arguments.of("mkdir", 'S', ObjectKind.FUSE, 0, 0, ObjectKind.FUSE),
                Arguments.of("fstat", 'S', ObjectKind.FUSE, 3, 0, ObjectKind.FUSE),
                Arguments.of("fstat", 'D', ObjectKind.FUSE, 3, 0, ObjectKind.FUSE),
                Arguments.of("read", 'D', ObjectKind.FUSE, 3, 0, ObjectKind.FUSE),
                Arguments.of("fsync", 'S', ObjectKind.FUSE, 3, 0, ObjectKind.FUSE),
                Arguments.of("openat", 'D', ObjectKind.FIFO, -100, 0, ObjectKind.DISK),
                Arguments.of("newfstatat", 'D', null, -100, 0, ObjectKind.DISK),
                Arguments.of("execve", 'D', null, 0, 0, ObjectKind.DISK),
                Arguments.of("msync", 'D', null, 0, 0, ObjectKind.DISK),
                Arguments.of("io_uring_enter", 'S', null, 3, 0, ObjectKind.OTHER),
                Arguments.of("mmap", 'D', null, 0, 0, ObjectKind.OTHER),
                Arguments.of("exit_group", 'S', null, 0, 0, ObjectKind.OTHER));
    }

    @ParameterizedTest
    @MethodSource("waits")
    void kindOf(String syscall, char state, ObjectKind object, long arg0, long arg1, ObjectKind expected) {
        Timeline line = Timeline.of(new Opening(object), A);
        if (object != null) {
            line.fd(A, 3, object, "it", 1, Timeline.O_RDWR);
        }
        line.enter(A, syscall, arg0, arg1);
        assertEquals(expected, out(line, state));
        assertEquals(Timeline.TABLE.number(syscall), line.event.call);
    }

    private static ObjectKind out(Timeline line, char state) {
        line.switchTo(0, (int) PrevState.ofLetter(state));
        return line.event.waitsFor;
    }

    @Test
    void onlyAVforkWaitsForItsChild() {
        Timeline line = Timeline.of(A);
        line.enter(A, "clone3");
        line.born(A, 400, 0x100);
        line.run(A);
        assertEquals(ObjectKind.OTHER, out(line, 'D'));
        line.exit(A, "clone3", 400);
        line.enter(A, "clone3");
        line.born(A, 401, 0x4100);
        line.run(A);
        assertEquals(ObjectKind.CHILD, out(line, 'D'));
        assertEquals("child", line.object());
        line.exit(A, "clone3", 401);
        line.enter(A, "clone3");
        assertEquals(ObjectKind.OTHER, out(line, 'D'));
    }

    /** A sleep that a stop signal interrupted goes on as restart_syscall: still a sleep. */
    @Test
    void restartGoesOnWithTheInterruptedCall() {
        Timeline line = Timeline.of(A);
        line.call(A, "poll", -516, 0, 0);
        line.enter(A, "restart_syscall", 7, 7);
        assertEquals(ObjectKind.SLEEP, out(line, 'S'));
        assertEquals("restart_syscall", Timeline.TABLE.name(line.event.call));
    }

    /** Of a call that the kernel did not ask to go on with, it does not. */
    @Test
    void restartGoesOnWithNoOtherCall() {
        Timeline line = Timeline.of(A);
        line.call(A, "poll", 1, 0, 0);
        line.enter(A, "restart_syscall", 7, 7);
        assertEquals(ObjectKind.OTHER, out(line, 'S'));
    }

    @Test
    void uninterruptibleOutsideACallIsAPageFault() {
        Timeline line = Timeline.of(A);
        line.call(A, "getppid", 1);
        out(line, 'D');
        assertEquals(TraceEvent.PAGE_FAULT, line.event.object);
        assertEquals(TraceEvent.NO_CALL, line.event.call);
        line.run(A);
        assertEquals(ObjectKind.OTHER, out(line, 'S'));
        assertEquals(null, line.event.object);
    }

    /** Before its first call, and after a loss, nobody knows whether it is in one. */
    @Test
    void uninterruptibleOfAThreadNotYetKnownIsUnknown() {
        Timeline line = Timeline.of(A);
        line.push(EventType.THREAD_STATE, 101, A,
                new ThreadSnapshot(101, A, "p", 'R', ThreadSnapshot.SYSCALL_UNKNOWN, new long[0]));
        line.run(101);
        assertEquals(ObjectKind.OTHER, out(line, 'D'));
        assertEquals(TraceEvent.UNKNOWN_PLACE, line.event.object);
        line.call(A, "getppid", 1);
        line.push(EventType.EVENTS_LOST, 0, 0, null);
        line.run(A);
        assertEquals(ObjectKind.OTHER, out(line, 'D'));
        assertEquals(TraceEvent.UNKNOWN_PLACE, line.event.object);
    }

    @Test
    void whoIsSwitchedOutAndCouldRunWaitsForNothing() {
        Timeline line = Timeline.of(A);
        line.enter(A, "read", 3);
        line.switchTo(0, 0x100);
        assertEquals(null, line.event.waitsFor);
    }

    /** Where no scheduler is seen, being in a call that waits is waiting; being in one that works, or does so briefly, is not. */
    @Test
    void withoutASchedulerACallThatWaitsIsAWaitFromItsEntry() {
        Timeline line = Timeline.of(A);
        line.event.number = 1;
        line.push(EventType.START, 0, -1, null);
        line.fd(A, 3, ObjectKind.PIPE, "pipe:[1]", 1, Timeline.O_RDWR);
        line.fd(A, 4, ObjectKind.DISK, "/x", 2, Timeline.O_RDWR);
        line.enter(A, "read", 3);
        assertEquals(ObjectKind.PIPE, line.event.waitsFor);
        for (String brief : new String[] {"close", "shutdown", "ftruncate"}) {
            line.fd(A, 3, ObjectKind.PIPE, "pipe:[1]", 1, Timeline.O_RDWR);
            line.enter(A, brief, 3);
            assertEquals(null, line.event.waitsFor, brief);
        }
        line.enter(A, "read", 4);
        assertEquals(null, line.event.waitsFor);
        line.enter(A, "nanosleep");
        assertEquals(ObjectKind.SLEEP, line.event.waitsFor);
        line.enter(A, "clone3");
        assertEquals(null, line.event.waitsFor);
        line.born(A, 400, 0x4100);
        assertEquals(ObjectKind.CHILD, line.event.waitsFor);
    }

    @Test
    void whoIsFoundBlockedWaits() {
        Timeline line = Timeline.of(A);
        line.fd(A, 3, ObjectKind.PIPE, "pipe:[1]", 1, Timeline.O_RDWR);
        line.push(EventType.THREAD_STATE, 101, A,
                new ThreadSnapshot(101, A, "p", 'S', Timeline.TABLE.number("read"), new long[] {3, 0, 0}));
        assertEquals(ObjectKind.PIPE, line.event.waitsFor);
        assertEquals("pipe:[1]", line.object());
        line.push(EventType.THREAD_STATE, 102, A,
                new ThreadSnapshot(102, A, "p", 'D', Timeline.TABLE.number("vfork"), new long[6]));
        assertEquals(ObjectKind.CHILD, line.event.waitsFor);
        line.push(EventType.THREAD_STATE, 102, A,
                new ThreadSnapshot(102, A, "p", 'D', Timeline.TABLE.number("vfork"), new long[6]));
        assertEquals(null, line.event.waitsFor, "what is known of it already is newer");
    }

    /**
     * Attaching by ptrace has a thread stand for a moment: /proc then says nothing. What it goes on with it has been in all the time.
     */
    @Test
    void whoStoodWhenItWasLookedAtIsInTheCallThatItGoesOnWith() {
        Timeline line = Timeline.of(A);
        line.event.number = 1;
        line.push(EventType.START, 0, -1, null);
        line.push(EventType.THREAD_STATE, 101, A, new ThreadSnapshot(101, A, "p", 't', ThreadSnapshot.SYSCALL_UNKNOWN, new long[0]));
        assertEquals(null, line.event.waitsFor);
        ThreadSnapshot inRead = new ThreadSnapshot(101, A, "p", 'S', Timeline.TABLE.number("read"), new long[] {3, 0, 0});
        line.push(EventType.THREAD_STATE, 101, A, inRead);
        assertEquals(null, line.event.waitsFor, "what it reads is not known");
        line.fd(A, 3, ObjectKind.PIPE, "pipe:[1]", 1, Timeline.O_RDWR);
        line.push(EventType.THREAD_STATE, 101, A, inRead);
        assertEquals(ObjectKind.PIPE, line.event.waitsFor);
        assertEquals("pipe:[1]", line.object());
        assertEquals(1, line.count(TraceCounter.IN_FLIGHT_AT_ATTACH));
        line.enter(101, "nanosleep");
        line.push(EventType.THREAD_STATE, 101, A, inRead);
        assertEquals(null, line.event.waitsFor, "what is known of it already is newer");
    }

    /** A name that no table has waits for nothing: a slip of the pen. */
    @Test
    void everyCallOfAFamilyExists() {
        Set<String> names = new TreeSet<>(Families.ALL.calls().keySet());
        Set<String> known = Arrays.stream(Abi.values()).map(SyscallTable::of)
                .flatMap(table -> IntStream.range(0, table.limit()).mapToObj(table::name)).collect(Collectors.toSet());
        names.removeAll(known);
        // socketcall(2) has no numbers for them on i386, other machines do.
        names.removeAll(Set.of("send", "recv"));
        assertEquals(Set.of(), names);
        assertTrue(known.size() > 400);
    }

    /** The descriptor was looked up when it meant a pipe already; or a page was missing where the call was to put what it read. */
    @Test
    void whatAnInterruptEndsInDIsNoWaitForAPipe() {
        Timeline line = Timeline.of(100, 200);
        line.pipe(77, 100, 3, 200, 4);
        line.enter(100, "read", 3);
        line.switchTo(0, 2);
        assertEquals(ObjectKind.PIPE, line.event.waitsFor, "its mutex, as far as is known");
        line.wakesIn(TraceEvent.FLAG_HARD_INTERRUPT, 0, 0, 100);
        assertEquals(ObjectKind.DISK, line.event.waitsFor);
        assertEquals(List.of(), line.event.peers);
        line.switchTo(100, 0);
        line.switchTo(0, 2);
        assertEquals("waker | p200(200) | - | p200(200)", line.wakes(200, 100), "who has its mutex");
        assertNull(line.event.waitsFor);
        line.switchTo(100, 0);
        line.switchTo(0, 1);
        line.wakesIn(TraceEvent.FLAG_HARD_INTERRUPT, 0, 0, 100);
        assertNull(line.event.waitsFor, "a signal by a clock, say");
    }
}
