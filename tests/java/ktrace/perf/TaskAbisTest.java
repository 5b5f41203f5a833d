package ktrace.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import ktrace.linux.Abi;
import ktrace.linux.ProgramAbi;
import ktrace.linux.SyscallTable;
import org.junit.jupiter.api.Test;

/** Programs for i386 call by numbers of their own; what comes of them has native ones. */
class TaskAbisTest {
    private static final SyscallTable I386 = SyscallTable.of(Abi.I386);
    private static final SyscallTable NATIVE = SyscallTable.of(Abi.X86_64);
    private static final int TASK = 100;

    private final TaskAbis abis = new TaskAbis();

    private long passes(EventType type, int tid, int otherTid, long number) {
        TraceEvent event = new TraceEvent();
        event.type = type;
        event.tid = tid;
        event.otherTid = otherTid;
        event.number = number;
        abis.pass(event);
        return event.number;
    }

    private String enters(int tid, String name) {
        return NATIVE.name((int) passes(EventType.SYS_ENTER, tid, 0, I386.number(name)));
    }

    private String exits(int tid, int number) {
        return NATIVE.name((int) passes(EventType.SYS_EXIT, tid, 0, number));
    }

    /** The number of the exit tells which program it has become. */
    private void execs(int tid, int oldTid, Abi abi) {
        passes(EventType.SCHED_PROCESS_EXEC, tid, oldTid, 0);
        assertEquals("execve", exits(tid, SyscallTable.of(abi).number("execve")));
    }

    @Test
    void execTellsWhichNumbersFollow() {
        assertEquals("munmap", exits(TASK, NATIVE.number("munmap")), "which is the number of execve on i386");
        execs(TASK, TASK, Abi.I386);
        assertEquals("read", enters(TASK, "read"));
        assertEquals("clock_nanosleep", enters(TASK, "clock_nanosleep_time64"));
        assertEquals("clock_nanosleep", exits(TASK, I386.number("clock_nanosleep_time64")));
        assertEquals("socketcall", enters(TASK, "socketcall"), "which x86-64 lacks");
        assertEquals(-1, passes(EventType.SYS_EXIT, TASK, 0, -1), "of sigreturn");
        assertEquals(0x4000_0001, passes(EventType.SYS_ENTER, TASK, 0, 0x4000_0001), "of x32");
        assertEquals("execve", enters(TASK, "execve"));
        execs(TASK, TASK, Abi.X86_64);
        assertEquals(NATIVE.number("write"), passes(EventType.SYS_ENTER, TASK, 0, NATIVE.number("write")));
    }

    @Test
    void aChildRunsTheProgramOfItsParent() {
        execs(TASK, TASK, Abi.I386);
        passes(EventType.TASK_NEWTASK, TASK, 101, 0x10000);
        passes(EventType.TASK_NEWTASK, 101, 102, 0);
        assertEquals("close", enters(102, "close"));
        execs(102, 101, Abi.X86_64);
        assertEquals(NATIVE.number("write"), passes(EventType.SYS_ENTER, 101, 0, NATIVE.number("write")), "it goes on as 102");
        passes(EventType.SCHED_PROCESS_EXIT, TASK, 0, 0);
        passes(EventType.TASK_NEWTASK, 1, TASK, 0);
        assertEquals(NATIVE.number("write"), passes(EventType.SYS_ENTER, TASK, 0, NATIVE.number("write")), "another of that number");
    }

    /** As the kernel writes them for programs of the two kinds: AT_SYSINFO and its address; AT_SYSINFO_EHDR. */
    @Test
    void theAuxiliaryVectorTellsWhatRunsAlready() {
        assertTrue(ProgramAbi.isI386(new byte[] {32, 0, 0, 0, 0x50, 0x25, (byte) 0xf7, (byte) 0xf7}));
        assertFalse(ProgramAbi.isI386(new byte[] {33, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, (byte) 0xfc, (byte) 0xf7, (byte) 0xff, 0x7f, 0, 0}));
        assertFalse(ProgramAbi.isI386((byte[]) null));
    }
}
