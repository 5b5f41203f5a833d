package ktrace.ctf.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import ktrace.ctf.read.LttngTrace.Alignment;
import ktrace.event.TraceCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Kernel traces as each version of LTTng wrote them, on each kind of machine. */
class LttngLayoutsTest {
    private static final String SWITCH =
            "c16 prev_comm, i32 prev_tid, i32 prev_prio, i64 prev_state, c16 next_comm, i32 next_tid, i32 next_prio";
    private static final String WAKING = "c16 comm, i32 tid, i32 prio, i32 target_cpu";

    @TempDir
    private Path directory;

    static Stream<Arguments> layouts() {
        List<Arguments> all = new ArrayList<>();
        for (boolean bigEndian : new boolean[] {false, true}) {
            for (Alignment alignment : Alignment.values()) {
                for (boolean largeHeader : new boolean[] {false, true}) {
                    all.add(Arguments.of(bigEndian, alignment, largeHeader, false));
                    all.add(Arguments.of(bigEndian, alignment, largeHeader, true));
                }
            }
        }
        return all.stream();
    }

    private static LttngTrace of(boolean ctf2, LttngTrace trace) {
        return ctf2 ? trace.ctf2() : trace;
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void sinceTwoSixEachCallHasItsOwnExit(boolean bigEndian, Alignment alignment, boolean largeHeader, boolean ctf2)
            throws IOException {
        LttngTrace trace = of(ctf2, new LttngTrace(directory, bigEndian, alignment, largeHeader, ""))
                .env("tracer_minor", 9).env("kernel_release", "5.4.0")
                .event(3, "sched_switch", SWITCH)
                .event(1000, "sched_waking", WAKING)
                .event(4, "sched_wakeup", WAKING)
                .event(5, "syscall_entry_openat", "i32 dfd, s filename, i32 flags, u16 mode")
                .event(6, "syscall_exit_openat", "i64 ret")
                .event(7, "syscall_entry_read", "u32 fd, u64 count")
                .event(8, "sched_process_fork", "c16 parent_comm, i32 parent_tid, i32 parent_pid, u32 parent_ns_inum, "
                        + "c16 child_comm, i32 child_tid, q32 vtids, i32 child_pid, u32 child_ns_inum");
        trace.packet("channel0_0", 0, 5_000, 9_000_000_000L)
                .event(6_000, "sched_switch", "swapper/0", 0, 20, 0L, "bash", 41, 19)
                .event(7_000, "syscall_entry_openat", -100, "/etc/passwd", 0x80000, 0)
                .event(7_100, "syscall_exit_openat", -2L)
                .event(7_200, "syscall_entry_read", 3, 4096L)
                .event(8_000_000_000L, "sched_process_fork", "bash", 41, 40, 1, "bash", 43, new int[] {43, 7}, 40, 1)
                .event(8_000_000_001L, "sched_waking", "cat", 42, 20, 3)
                .event(8_000_000_002L, "sched_wakeup", "cat", 42, 20, 3)
                .event(8_000_000_003L, "sched_switch", "bash", 41, 19, 256L, "cat", 42, -100)
                .close().write();
        assertEquals(List.of(
                "6000 cpu0 SCHED_SWITCH 0 swapper/0:120 [0] -> 41 bash:119",
                "7000 cpu0 SYS_ENTER 41 257(-100 0 524288 0 0 0)",
                "7100 cpu0 SYS_EXIT 41 257 = -2",
                "7200 cpu0 SYS_ENTER 41 0(3 0 4096 0 0 0)",
                "8000000000 cpu0 TASK_NEWTASK 41/40 -> 43 bash 10000",
                "8000000001 cpu0 SCHED_WAKING 41 -> 42 cat:120 on 3",
                "8000000003 cpu0 SCHED_SWITCH 41 bash:119 [256] -> 42 cat:0"), Heard.of(directory));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void beforeTwoSixAnExitIsOfTheCallThatTheThreadIsIn(boolean bigEndian, Alignment alignment,
            boolean largeHeader, boolean ctf2) throws IOException {
        LttngTrace trace = of(ctf2, new LttngTrace(directory, bigEndian, alignment, largeHeader, "i32 tid, i32 pid"))
                .env("tracer_minor", 0).env("kernel_release", "3.2.0-4-amd64")
                .event(30, "sched_switch", SWITCH)
                .event(1, "sys_open", "s filename, i32 flags, i32 mode")
                .event(2, "sys_newfstat", "u32 fd, u64 statbuf")
                .event(65_534, "exit_syscall", "i64 ret")
                .event(31, "sys_unknown", "u32 id, u64 unused")
                .event(32, "compat_sys_open", "s filename, i32 flags, i32 mode")
                .event(33, "sched_wakeup", WAKING);
        trace.packet("channel0_1", 1, 1, 1_000)
                .event(10, "sys_open", 8, 7, "a", 1, 2)
                .event(11, "exit_syscall", 8, 7, 3L)
                .event(12, "sys_newfstat", 9, 9, 3, 0x7fff_1234_5678_9abcL)
                .event(13, "exit_syscall", 9, 9, 0L)
                .event(14, "exit_syscall", 9, 9, 1L)
                .event(15, "compat_sys_open", 8, 7, "b", 5, 6)
                .event(16, "sched_switch", 8, 7, "x", 8, 20, 1026L, "y", 9, 20)
                .event(17, "sched_switch", 9, 9, "y", 9, 20, 64L, "z", 1, 20)
                .event(18, "sched_switch", 1, 1, "z", 1, 20, 512L, "y", 9, 20)
                .event(19, "sched_wakeup", 9, 9, "x", 8, 20, 1)
                .event(20, "sched_wakeup", 9, 9, "x", 8, 20, 0)
                .close().write();
        assertEquals(List.of(
                "10 cpu1 SYS_ENTER 8/7 2(0 1 2 0 0 0)",
                "11 cpu1 SYS_EXIT 8/7 2 = 3",
                "12 cpu1 SYS_ENTER 9/9 5(3 " + 0x7fff_1234_5678_9abcL + " 0 0 0 0)",
                "13 cpu1 SYS_EXIT 9/9 5 = 0",
                "14 cpu1 SYS_EXIT 9/9 -1 = 1",
                "15 cpu1 SYS_ENTER 8/7 2(0 5 6 0 0 0)",
                "16 cpu1 SCHED_SWITCH 8/7 x:120 [2] -> 9 y:120",
                "17 cpu1 SCHED_SWITCH 9/9 y:120 [16] -> 1 z:120",
                "18 cpu1 SCHED_SWITCH 1/1 z:120 [256] -> 9 y:120",
                "19 cpu1 SCHED_WAKING -1 -> 8 x:120 on 1",
                "20 cpu1 SCHED_WAKING 9/9 -> 8 x:120 on 0"), Heard.of(directory));
    }

    @Test
    void sinceTwoTwelveDescriptorsAreToldByTheAddressOfTheirTable() throws IOException {
        LttngTrace trace = new LttngTrace(directory).env("tracer_minor", 13)
                .event(1, "lttng_statedump_process_state", "i32 tid, i32 pid, i32 ppid, c16 name, i32 type, i32 mode, i32 submode, "
                        + "i32 status, u32 cpu, u64 file_table_address")
                .event(2, "lttng_statedump_file_descriptor", "u64 file_table_address, i32 fd, u32 flags, u32 fmode, s filename");
        trace.packet("channel0_0", 0, 1, 1_000)
                .event(10, "lttng_statedump_process_state", 7, 7, 1, "bash", 0, 5, 0, 5, 1, 0xffff_8888_0000_1000L)
                .event(11, "lttng_statedump_file_descriptor", 0xffff_8888_0000_1000L, 3, 0x80001, 2, "pipe:[81]")
                .event(12, "lttng_statedump_file_descriptor", 0xffff_8888_0000_2000L, 3, 0, 1, "/etc/passwd")
                .event(13, "lttng_statedump_process_state", 9, 7, 1, "bash", 0, 5, 0, 2, 1, 0xffff_8888_0000_1000L)
                .close().write();
        List<String> heard = Heard.of(directory);
        assertEquals(4, heard.size(), heard.toString());
        assertEquals("10 cpu-1 PROCESS_STATE 7/7 ProcessSnapshot[tgid=7, ppid=1, comm=bash, cmdline=, inside=7, inNamespace=false]", heard.get(0));
        assertTrue(heard.get(1).startsWith("10 cpu-1 THREAD_STATE 7/7 ThreadSnapshot[tid=7, tgid=7, comm=bash, state=S,"
                + " syscall=-2"));
        assertTrue(heard.get(2).startsWith("11 cpu-1 FD_STATE 7/7 FdSnapshot[tgid=7, fd=3, object=pipe pipe:[81], flags=524289"));
        assertTrue(heard.get(3).startsWith("13 cpu-1 THREAD_STATE 9/7 ThreadSnapshot[tid=9, tgid=7, comm=bash, state=R"));
    }

    @Test
    void whatIsWokenFromAnInterruptIsSaidToBe() throws IOException {
        LttngTrace trace = new LttngTrace(directory).env("tracer_minor", 9)
                .event(0, "sched_switch", SWITCH)
                .event(1, "sched_waking", WAKING)
                .event(2, "irq_handler_entry", "i32 irq, s name")
                .event(3, "irq_handler_exit", "i32 irq, i32 ret")
                .event(4, "irq_softirq_entry", "u32 vec")
                .event(5, "irq_softirq_exit", "u32 vec");
        trace.packet("channel0_0", 2, 1, 1_000)
                .event(10, "sched_switch", "swapper/2", 0, 20, 0L, "bash", 41, 20)
                .event(11, "irq_handler_entry", 14, "ata")
                .event(12, "sched_waking", "cat", 42, 20, 3)
                .event(13, "irq_handler_exit", 14, 1)
                .event(14, "irq_softirq_entry", 3)
                .event(15, "sched_waking", "cat", 43, 20, 3)
                .event(16, "irq_softirq_exit", 3)
                .event(17, "sched_waking", "cat", 44, 20, 3)
                .close().write();
        assertEquals(List.of(
                "10 cpu2 SCHED_SWITCH 0 swapper/2:120 [0] -> 41 bash:120",
                "12 cpu2 SCHED_WAKING 41 -> 42 cat:120 on 3 flags 8",
                "15 cpu2 SCHED_WAKING 41 -> 43 cat:120 on 3 flags 16",
                "17 cpu2 SCHED_WAKING 41 -> 44 cat:120 on 3"), Heard.of(directory));
    }

    @Test
    void theThreadIsThatOfTheContextElseOfTheSwitchElseOfItsNamespace() throws IOException {
        LttngTrace trace = new LttngTrace(directory, false, Alignment.BYTES, false, "i32 vpid, i32 vtid").env("tracer_minor", 9)
                .event(0, "sched_switch", SWITCH).event(1, "syscall_exit_read", "i64 ret");
        trace.packet("channel0_0", 0, 1, 1_000)
                .event(10, "syscall_exit_read", 3, 4, 1L)
                .event(11, "sched_switch", 3, 4, "a", 41, 20, 0L, "b", 42, 20)
                .event(12, "syscall_exit_read", 5, 6, 1L).close().write();
        assertEquals(List.of("10 cpu0 SYS_EXIT 4/3 0 = 1", "11 cpu0 SCHED_SWITCH 41 a:120 [0] -> 42 b:120",
                "12 cpu0 SYS_EXIT 42 0 = 1"), Heard.of(directory));
    }

    @Test
    void otherEventsOfTheScheduler() throws IOException {
        LttngTrace trace = new LttngTrace(directory).env("tracer_minor", 9)
                .event(0, "sched_migrate_task", "c16 comm, i32 tid, i32 prio, i32 orig_cpu, i32 dest_cpu")
                .event(1, "sched_process_exec", "s filename, i32 tid, i32 old_tid")
                .event(2, "sched_process_exit", "c16 comm, i32 tid, i32 prio")
                .event(9, "sched_wakeup_new", WAKING)
                .event(10, "task_rename", "i32 tid, c16 newcomm, c16 oldcomm");
        trace.packet("channel0_0", 0, 1, 1_000)
                .event(10, "sched_migrate_task", "0123456789abcde", 5, 20, 0, 1)
                .event(11, "sched_process_exec", "/bin/ls", 5, 6)
                .event(12, "task_rename", 5, "ls", "bash")
                .event(13, "sched_wakeup_new", "ls", 6, 20, 1)
                .event(14, "sched_process_exit", "ls", 5, 20)
                .close().write();
        assertEquals(List.of(
                "10 cpu0 SCHED_MIGRATE_TASK -1 5 0123456789abcde:120 0 -> 1",
                "11 cpu0 SCHED_PROCESS_EXEC 5 was 6 /bin/ls",
                "12 cpu0 TASK_RENAME 5 bash -> ls",
                "13 cpu0 SCHED_WAKEUP_NEW -1 -> 6 ls:120 on 1",
                "14 cpu0 SCHED_PROCESS_EXIT 5 ls:120"), Heard.of(directory));
    }

    @Test
    void lossIsToldWhereItHappened() throws IOException {
        LttngTrace trace = new LttngTrace(directory).env("tracer_minor", 9).event(1, "sched_process_exit",
                "c16 comm, i32 tid, i32 prio");
        trace.packet("channel0_1", 1, 100, 200, 0, 5).event(110, "sched_process_exit", "a", 1, 0).close();
        trace.packet("channel0_1", 1, 300, 400, 1, 5).event(310, "sched_process_exit", "b", 2, 0).close();
        trace.packet("channel0_1", 1, 500, 600, 2, 12).event(510, "sched_process_exit", "c", 3, 0).close();
        trace.packet("channel0_1", 1, 700, 800, 5, 12).event(710, "sched_process_exit", "d", 4, 0).close().write();
        try (CtfReader reader = CtfReader.open(directory)) {
            assertEquals(List.of(
                    "110 cpu1 SCHED_PROCESS_EXIT 1 a:100",
                    "200 cpu1 EVENTS_LOST 0 5",
                    "310 cpu1 SCHED_PROCESS_EXIT 2 b:100",
                    "510 cpu1 SCHED_PROCESS_EXIT 3 c:100",
                    "600 cpu1 EVENTS_LOST 0 7",
                    "710 cpu1 SCHED_PROCESS_EXIT 4 d:100"), Heard.of(reader));
            reader.countLost();
            assertEquals(Map.of(TraceCounter.LOST_EVENTS, 12L, TraceCounter.LOST_PACKETS, 2L), reader.counters().nonZero());
            assertEquals(Map.of(1, 12L), reader.lostOnCpu());
            assertEquals(710, reader.endNs());
        }
    }

    @Test
    void ticksOfAnyLengthBecomeNanoseconds() throws IOException {
        LttngTrace trace = new LttngTrace(directory).clock(2_500_000_000L, 5_000_000_001L)
                .event(1, "sched_process_exit", "c16 comm, i32 tid, i32 prio");
        trace.packet("channel0_0", 0, 1L << 50, (1L << 50) + 1_000)
                .event((1L << 50) + 25, "sched_process_exit", "a", 1, 0).close().write();
        try (CtfReader reader = CtfReader.open(directory)) {
            // 2^50 ticks of 0.4 ns are 450,359,962,737,049.6 ns.
            assertEquals(List.of("450359962737059 cpu0 SCHED_PROCESS_EXIT 1 a:100"), Heard.of(reader));
            assertEquals(2_000_000_000L, reader.realtimeOffsetNs());
        }
    }

    @Test
    void streamsAreInTheOrderOfTheirNumbers() throws IOException {
        LttngTrace trace = new LttngTrace(directory).event(1, "sched_process_exit", "c16 comm, i32 tid, i32 prio");
        for (int cpu : new int[] {10, 2, 0}) {
            trace.packet("channel0_" + cpu, cpu, 1, 100).event(10 + cpu, "sched_process_exit", "a", cpu, 0).close();
        }
        trace.write();
        assertEquals(List.of("10 cpu0 SCHED_PROCESS_EXIT 0 a:100", "12 cpu2 SCHED_PROCESS_EXIT 2 a:100",
                "20 cpu10 SCHED_PROCESS_EXIT 10 a:100"), Heard.of(directory));
    }
}
