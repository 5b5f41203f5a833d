package ktrace.analysis.shard;

import static ktrace.analysis.shard.Timeline.CPU_0;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import ktrace.analysis.SyscallSummary;
import ktrace.event.ThreadId;
import org.junit.jupiter.api.Test;

/** How often, how long and with which errors calls are made. */
class SyscallLatencyTest {
    private static final int PID = 10;
    private final Timeline t = new Timeline();
    private final ThreadId threadA = t.at(0).thread(PID, PID);

    private Replay played() {
        return t.end().play();
    }

    @Test
    void callsAreCountedWithErrorsAndPercentiles() {
        for (int i = 1; i <= 100; i++) {
            t.at(i * 1000L).enter(threadA, "read").at(i * 1000L + i).exit(threadA, "read", i % 10 == 0 ? -11 : i == 5 ? -4 : 0);
        }
        SyscallSummary read = played().syscall(PID, "read");
        assertEquals(100, read.calls());
        assertEquals(11, read.errors());
        assertEquals(Map.of("EAGAIN", 10L, "EINTR", 1L), read.errnos());
        assertEquals(5050, read.totalNs());
        assertEquals(1, read.minNs());
        assertEquals(100, read.maxNs());
        assertEquals(50, read.p50Ns());
        assertEquals(95, read.p95Ns());
        assertEquals(99, read.p99Ns());
        assertEquals(100, read.histogram().stream().mapToLong(SyscallSummary.Bucket::calls).sum());
    }

    /** The kernel's inner error numbers are no errnos of any man page, but they are what sys_exit shows. */
    @Test
    void restartedCallsCountUnderTheKernelsName() {
        t.at(1).enter(threadA, "read").at(2).exit(threadA, "read", -512);
        assertEquals(Map.of("ERESTARTSYS", 1L), played().syscall(PID, "read").errnos());
    }

    /** mmap returns addresses; only -1 to -4095 are errors. */
    @Test
    void negativeResultBelowTheErrnosIsNoError() {
        t.at(1).enter(threadA, "mmap").at(2).exit(threadA, "mmap", -4096);
        assertEquals(0, played().syscall(PID, "mmap").errors());
    }

    @Test
    void callWhoseExitWasNotSeenIsLeftOut() {
        t.at(1).enter(threadA, "read").at(2).enter(threadA, "write").at(5).exit(threadA, "write", 0);
        assertEquals(3, played().syscall(PID, "write").totalNs());
    }

    /** kernel-facts: enter 15, exit id -1, and the result of the call that the signal interrupted. */
    @Test
    void sigreturnIsMatchedThoughItsExitHasNoNumber() {
        t.at(1).enter(threadA, "rt_sigreturn").at(4).exit(threadA, -1, -4);
        SyscallSummary sigreturn = played().syscall(PID, "rt_sigreturn");
        assertEquals(3, sigreturn.totalNs());
        assertEquals(0, sigreturn.errors());
    }

    /** A child's first event is the exit of the clone that made it. */
    @Test
    void childReturnsFromItsParentsClone() {
        ThreadId child = t.at(5).thread(20, 20);
        t.enter(threadA, "clone").fork(threadA, child, 0, "child").at(6).exit(child, "clone", 0).exit(threadA, "clone", 20);
        assertEquals(1, played().syscall(PID, "clone").calls());
    }

    @Test
    void execveIsACallLikeOthers() {
        t.at(1).enter(threadA, "execve").at(5).exec(threadA, threadA, "/bin/ls").at(8).exit(threadA, "execve", 0);
        assertEquals(7, played().syscall(PID, "execve").totalNs());
    }

    /** kernel-facts: the entry is on the old tid, the exit on the leader's; the old tid has no end of its own. */
    @Test
    void execByAnotherThreadThanTheLeaderGoesOnUnderTheLeadersNumber() {
        ThreadId worker = t.at(0).thread(PID, 11);
        t.in(CPU_0, worker).at(1).enter(worker, "execve").at(4).exited(threadA);
        ThreadId successor = t.at(5).thread(PID, PID);
        t.exec(successor, worker, "/bin/ls").at(8).exit(successor, "execve", 0).at(10);
        Replay replay = played();
        assertEquals(7, replay.syscall(PID, "execve").totalNs());
        assertEquals(null, replay.process(PID).exitNs());
        assertEquals(10, replay.states(PID).runningNs());
    }

    /** After a loss the call that a thread was in may be another one. */
    @Test
    void callAcrossALossIsLeftOut() {
        t.at(1).enter(threadA, "read").at(2).lost().at(3).exit(threadA, "read", 0);
        assertEquals(0, played().process(PID).syscalls().size());
    }

    /** A program may pass any number to syscall(2). */
    @Test
    void numbersOfNoCallShareOneRow() {
        for (long number : new long[] {-7, 5000, 0x40000001, 2048}) {
            t.at(1).push(ktrace.event.EventType.SYS_ENTER, threadA, e -> e.number = number).at(2).exit(threadA, number, -38);
        }
        SyscallSummary other = played().syscall(PID, "(other)");
        assertEquals(4, other.calls());
        assertEquals(Map.of("ENOSYS", 4L), other.errnos());
    }
}
