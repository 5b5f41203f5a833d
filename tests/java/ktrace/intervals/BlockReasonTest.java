package ktrace.intervals;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import ktrace.analysis.shard.Timeline;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is waited for, by call, state, object and arguments. */
class BlockReasonTest {
    private final BlockReason reasons = new BlockReason(Timeline.SYSCALLS::name);
    private final CallInFlight call = new CallInFlight();

    private ObjectKind kind(String syscall, char state, ObjectKind object, long arg0, long arg1) {
        call.enter(Timeline.SYSCALLS.number(syscall), 0, arg0, arg1);
        call.object = object == null ? null : new KernelObject(object, "it", 1);
        return reasons.kind(call, PrevState.ofLetter(state));
    }

    static Stream<Arguments> waits() {
        return Stream.of(
                Arguments.of("read", 'S', ObjectKind.PIPE, 3, 0, ObjectKind.PIPE),
                Arguments.of("read", 'D', ObjectKind.PIPE, 3, 0, ObjectKind.PIPE),
                Arguments.of("read", 'D', ObjectKind.DISK, 3, 0, ObjectKind.DISK),
                Arguments.of("read", 'D', null, 3, 0, ObjectKind.DISK),
                Arguments.of("read", 'S', null, 3, 0, ObjectKind.OTHER),
                Arguments.of("read", 'T', ObjectKind.PIPE, 3, 0, ObjectKind.OTHER),
                Arguments.of("read", 't', ObjectKind.PIPE, 3, 0, ObjectKind.OTHER),
                Arguments.of("write", 'S', ObjectKind.FIFO, 3, 0, ObjectKind.FIFO),
                Arguments.of("recvmsg", 'S', ObjectKind.UNIX, 3, 0, ObjectKind.UNIX),
                Arguments.of("accept4", 'S', ObjectKind.TCP, 3, 0, ObjectKind.TCP),
                Arguments.of("connect", 'S', ObjectKind.TCP, 3, 0, ObjectKind.TCP),
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
                Arguments.of("futex", 'S', ObjectKind.FUTEX, 0x7000, 0x80, ObjectKind.FUTEX),
                Arguments.of("futex", 'S', ObjectKind.FUTEX, 0x7000, 0x189, ObjectKind.FUTEX),
                Arguments.of("futex", 'S', ObjectKind.FUTEX, 0x7000, 0x86, ObjectKind.FUTEX),
                Arguments.of("futex", 'S', ObjectKind.FUTEX, 0x7000, 0x81, ObjectKind.OTHER),
                Arguments.of("futex", 'D', ObjectKind.FUTEX, 0x7000, 0x80, ObjectKind.OTHER),
                Arguments.of("futex_waitv", 'S', null, 0x7000, 1, ObjectKind.FUTEX),
                Arguments.of("msgrcv", 'S', null, 1, 0, ObjectKind.SYSVMSG),
                Arguments.of("semop", 'S', null, 1, 0, ObjectKind.SYSVSEM),
                Arguments.of("mq_timedreceive", 'S', ObjectKind.MQUEUE, 1, 0, ObjectKind.MQUEUE),
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
                Arguments.of("openat", 'S', ObjectKind.DISK, -100, 0, ObjectKind.OTHER),
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
        assertEquals(expected, kind(syscall, state, object, arg0, arg1));
    }

    @Test
    void onlyAVforkWaitsForItsChild() {
        call.enter(Timeline.SYSCALLS.number("clone3"), 0, 0, 0);
        assertEquals(ObjectKind.OTHER, reasons.kind(call, BlockReason.UNINTERRUPTIBLE));
        call.vfork = forked().call.vfork;
        assertEquals(ObjectKind.CHILD, reasons.kind(call, BlockReason.UNINTERRUPTIBLE));
    }

    private static TimeLine<?> forked() {
        TimeLine<?> parent = new TimeLine<>(new Timeline().thread(1, 1), null, null, null, 0);
        parent.call.enter(Timeline.SYSCALLS.number("clone3"), 0, 0, 0);
        CallPairing.forks(parent, 0x4100);
        return parent;
    }

    /** A sleep that a stop signal interrupted goes on as restart_syscall: still a sleep. */
    @Test
    void restartGoesOnWithTheInterruptedCall() {
        call.enter(Timeline.SYSCALLS.number("poll"), 0, 0, 0);
        call.interrupted(-516);
        call.enter(Timeline.SYSCALLS.number("restart_syscall"), 0, 7, 7);
        assertEquals(ObjectKind.SLEEP, reasons.kind(call, PrevState.ofLetter('S')));
    }

    @Test
    void uninterruptibleOutsideACallIsAPageFault() {
        call.leave();
        assertEquals(ThreadState.PAGEFAULT, reasons.state(call, BlockReason.UNINTERRUPTIBLE, ObjectKind.OTHER));
        assertEquals(ThreadState.OTHER, reasons.state(call, 1, ObjectKind.OTHER));
    }

    /** Before its first call nobody knows whether it is in one. */
    @Test
    void uninterruptibleOfAThreadNotYetKnownIsNoPageFault() {
        assertEquals(ThreadState.OTHER, reasons.state(call, BlockReason.UNINTERRUPTIBLE, ObjectKind.OTHER));
        call.leave();
        call.forget();
        assertEquals(ThreadState.OTHER, reasons.state(call, BlockReason.UNINTERRUPTIBLE, ObjectKind.OTHER));
    }

    @ParameterizedTest
    @EnumSource(ObjectKind.class)
    void reasonFollowsTheKind(ObjectKind kind) {
        assertEquals(kind.ipc(), ThreadState.waitingFor(kind) == ThreadState.IPC);
    }

    /** A name that no table has waits for nothing: a slip of the pen. */
    @ParameterizedTest
    @EnumSource(WaitClass.class)
    void everyClassHasACallThatExists(WaitClass c) {
        WaitClass[] classes = WaitClass.byNumber(SyscallTable.of(Abi.X86_64)::name, 1024);
        assertEquals(true, Stream.of(classes).anyMatch(c::equals), c.name());
    }
}
