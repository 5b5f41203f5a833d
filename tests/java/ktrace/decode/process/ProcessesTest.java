package ktrace.decode.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import ktrace.decode.ArgumentNames;
import ktrace.decode.Call;
import ktrace.decode.DecodeOptions;
import ktrace.decode.FakeCaller;
import ktrace.decode.calls.CallFormatter;
import ktrace.linux.Abi;
import org.junit.jupiter.api.Test;

/** Families of processes: births, ends, signals, futexes, times, limits. The texts are those of strace 6.1. */
class ProcessesTest {
    private static final long SIGCHLD = 17;
    private final FakeCaller caller = new FakeCaller();

    private static String hex(long address) {
        return "0x" + Long.toHexString(address);
    }

    @Test
    void cloneNamesWhatItsFlagsMakeUseOf() {
        assertEquals("clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x70) = 99",
                caller.call("clone", 99, 0x1200000 | SIGCHLD, 0, 0, 0x70, 0));
        assertEquals("clone(child_stack=0x10, flags=SIGCHLD) = 99", caller.call("clone", 99, SIGCHLD, 0x10, 0, 0, 0));
        long parentTid = caller.struct(99);
        assertEquals("clone(child_stack=0x10, flags=CLONE_VM|CLONE_SETTLS|CLONE_PARENT_SETTID, parent_tid=[99], tls=0x55) = 99",
                caller.call("clone", 99, 0x180100, 0x10, parentTid, 0, 0x55));
        long args = caller.struct(0x180100L, 0L, 0L, parentTid, SIGCHLD, 0x1000L, 0x2000L, 0x55L);
        assertEquals("clone3({flags=CLONE_VM|CLONE_SETTLS|CLONE_PARENT_SETTID, parent_tid=" + hex(parentTid)
                + ", exit_signal=SIGCHLD, stack=0x1000, stack_size=0x2000, tls=0x55} => {parent_tid=[99]}, 64) = 99",
                caller.call("clone3", 99, args, 64));
        assertEquals("clone3(0x1, 64) = -1 EFAULT (Bad address)", caller.call("clone3", -14, 1, 64));
    }

    @Test
    void execShowsArgumentsAndCountsTheEnvironment() {
        long argv = caller.struct(caller.text("ls"), caller.text("-l"), 0L);
        long envp = caller.struct(caller.text("A=1"), 0L);
        assertEquals("execve(\"/bin/ls\", [\"ls\", \"-l\"], " + hex(envp) + " /* 1 var */) = 0",
                caller.call("execve", 0, caller.text("/bin/ls"), argv, envp));
        assertEquals("execve(\"/bin/ls\", NULL, NULL) = -1 ENOENT (No such file or directory)",
                caller.call("execve", -2, caller.text("/bin/ls"), 0, 0));
        long unended = caller.struct(caller.text("ls"));
        assertEquals("execve(0x1, [\"ls\", ???], 0x2) = -1 EFAULT (Bad address)", caller.call("execve", -14, 1, unended, 2));
    }

    @Test
    void theEndOfAChildIsSpeltOut() {
        assertEquals("wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 99", wait4(0x300));
        assertEquals("wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}], 0, NULL) = 99", wait4(9));
        assertEquals("wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV && WCOREDUMP(s)}], 0, NULL) = 99", wait4(0x8b));
        assertEquals("wait4(-1, [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}], 0, NULL) = 99", wait4(0x137f));
        assertEquals("wait4(-1, [{WIFCONTINUED(s)}], 0, NULL) = 99", wait4(0xffff));
        assertEquals("wait4(-1, 0x99, WNOHANG, NULL) = 0", caller.call("wait4", 0, 0xffff_ffffL, 0x99, 1, 0));
        assertEquals("exit_group(3) = ?", caller.entry("exit_group", 3) + ") = ?");
    }

    private String wait4(int status) {
        return caller.call("wait4", 99, 0xffff_ffffL, caller.struct(status), 0, 0);
    }

    @Test
    void waitidTellsHowAChildEnded() {
        ByteBuffer info = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 17).putInt(8, 2).putInt(16, 99)
                .putInt(20, 0).putInt(24, 9);
        assertEquals("waitid(P_PID, 99, {si_signo=SIGCHLD, si_code=CLD_KILLED, si_pid=99, si_uid=0, si_status=SIGKILL, si_utime=0,"
                + " si_stime=0}, WEXITED|WNOWAIT, NULL) = 0",
                caller.call("waitid", 0, 1, 99, caller.put(info.array()), 4 | 0x1000000, 0));
    }

    @Test
    void signalsAndSetsHaveNames() {
        assertEquals("kill(-1, SIGUSR1) = 0", caller.call("kill", 0, -1, 10));
        assertEquals("tgkill(1, 2, SIGRT_2) = 0", caller.call("tgkill", 0, 1, 2, 34));
        assertEquals("tgkill(1, 2, 0) = 0", caller.call("tgkill", 0, 1, 2, 0));
        long few = caller.struct(1L << 1 | 1L << 16 | 1L << 31);
        long most = caller.struct(~(1L << 9));
        assertEquals("rt_sigprocmask(SIG_BLOCK, [INT CHLD RTMIN], ~[USR1], 8) = 0",
                caller.call("rt_sigprocmask", 0, 0, few, most, 8));
        long action = caller.struct(0x1234L, 0x14000000L, 0x5678L, 0L);
        assertEquals("rt_sigaction(SIGINT, {sa_handler=0x1234, sa_mask=[], sa_flags=SA_RESTORER|SA_RESTART, sa_restorer=0x5678},"
                + " {sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}, 8) = 0",
                caller.call("rt_sigaction", 0, 2, action, caller.struct(0L, 0L, 0L, 0L), 8));
    }

    @Test
    void futexOperationsHaveTheArgumentsThatTheyUse() {
        assertEquals("futex(0x10, FUTEX_WAIT_PRIVATE, 2, NULL) = 0", caller.call("futex", 0, 0x10, 128, 2, 0, 5, 6));
        assertEquals("futex(0x10, FUTEX_WAKE_PRIVATE, 1) = 0", caller.call("futex", 0, 0x10, 129, 1, 7, 5, 6));
        assertEquals("futex(0x10, FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME, 0, {tv_sec=1, tv_nsec=2}, FUTEX_BITSET_MATCH_ANY) = "
                + "-1 ETIMEDOUT (Connection timed out)",
                caller.call("futex", -110, 0x10, 9 | 128 | 256, 0, caller.struct(1L, 2L), 0, 0xffff_ffffL));
        assertEquals("futex(0x10, FUTEX_CMP_REQUEUE_PRIVATE, 1, 2147483647, 0x20, 3) = 1",
                caller.call("futex", 1, 0x10, 132, 1, 2147483647L, 0x20, 3));
        assertEquals("futex(0x10, FUTEX_WAKE_OP_PRIVATE, 1, 1, 0x20, FUTEX_OP_SET<<28|0<<12|FUTEX_OP_CMP_GT<<24|0x1) = 1",
                caller.call("futex", 1, 0x10, 133, 1, 1, 0x20, 0x4000001));
        assertEquals("futex(0x10, FUTEX_UNLOCK_PI_PRIVATE) = 0", caller.call("futex", 0, 0x10, 135, 1, 2, 3, 4));
    }

    @Test
    void timesAreStructures() {
        long one = caller.struct(1L, 5L);
        assertEquals("nanosleep({tv_sec=1, tv_nsec=5}, 0x99) = 0", caller.call("nanosleep", 0, one, 0x99));
        assertEquals("nanosleep({tv_sec=1, tv_nsec=5}, {tv_sec=1, tv_nsec=5}) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)",
                caller.call("nanosleep", -516, one, one));
        assertEquals("clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, {tv_sec=1, tv_nsec=5}, NULL) = 0",
                caller.call("clock_nanosleep", 0, 1, 1, one, 0));
        assertEquals("setitimer(ITIMER_REAL, {it_interval={tv_sec=0, tv_usec=0}, it_value={tv_sec=100, tv_usec=5}}, NULL) = 0",
                caller.call("setitimer", 0, 0, caller.struct(0L, 0L, 100L, 5L), 0));
        assertEquals("utimensat(AT_FDCWD, NULL, [UTIME_NOW, UTIME_OMIT], 0) = 0",
                caller.call("utimensat", 0, -100, 0, caller.struct(0L, 0x3fffffffL, 0L, 0x3ffffffeL), 0));
    }

    @Test
    void limitsThatAreMultiplesAreShownSo() {
        long limits = caller.struct(8192L * 1024, -1L);
        assertEquals("prlimit64(0, RLIMIT_STACK, NULL, {rlim_cur=8192*1024, rlim_max=RLIM64_INFINITY}) = 0",
                caller.call("prlimit64", 0, 0, 3, 0, limits));
        assertEquals("prlimit64(0, RLIMIT_CORE, {rlim_cur=5000, rlim_max=1024}, NULL) = 0",
                caller.call("prlimit64", 0, 0, 4, caller.struct(5000L, 1024L), 0));
        assertEquals("sched_getaffinity(0, 128, [0 2 8]) = 8", caller.call("sched_getaffinity", 8, 0, 128, caller.struct(0x105L)));
        assertEquals("getresuid([1], [2], [3]) = 0",
                caller.call("getresuid", 0, caller.struct(1), caller.struct(2), caller.struct(3)));
    }

    @Test
    void prctlDependsOnItsOption() {
        assertEquals("prctl(PR_SET_NAME, \"hello\") = 0", caller.call("prctl", 0, 15, caller.text("hello"), 7));
        assertEquals("prctl(PR_SET_NAME, \"0123456789abcde\"...) = 0", caller.call("prctl", 0, 15, caller.text("0123456789abcdef"), 7));
        assertEquals("prctl(PR_SET_PDEATHSIG, SIGKILL) = 0", caller.call("prctl", 0, 1, 9));
        assertEquals("prctl(PR_GET_DUMPABLE) = 1 (SUID_DUMP_USER)", caller.call("prctl", 1, 3));
        assertEquals("prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) = 0", caller.call("prctl", 0, 38, 1, 0, 0, 0));
        assertEquals("prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, 0x1000, 10, \"x\") = 0",
                caller.call("prctl", 0, 0x53564d41, 0, 0x1000, 10, caller.text("x")));
        assertEquals("prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN) = 1", caller.call("prctl", 1, 23, 21));
    }

    @Test
    void namesOfTasksStandBehindTheirNumbersWhereAskedFor() {
        assertEquals("kill(77, SIGTERM) = 0", caller.call("kill", 0, 77, 15));
        caller.task(77, "sl<ee>p").task(1, "init");
        assertEquals("kill(77<sl\\74ee\\76p>, SIGTERM) = 0", caller.call("kill", 0, 77, 15));
        assertEquals("kill(-77, SIGTERM) = 0", caller.call("kill", 0, -77, 15));
        assertEquals("kill(78, SIGTERM) = -1 ESRCH (No such process)", caller.call("kill", -3, 78, 15));
        assertEquals("tgkill(1<init>, 77<sl\\74ee\\76p>, SIGTERM) = 0", caller.call("tgkill", 0, 1, 77, 15));
        assertEquals("getppid() = 1<init>", caller.call("getppid", 1));
        assertEquals("wait4(-1, NULL, WNOHANG, NULL) = 0", caller.call("wait4", 0, 0xffff_ffffL, 0, 1, 0));
        assertEquals("waitid(P_PID, 1<init>, NULL, WEXITED, NULL) = 0", caller.call("waitid", 0, 1, 1, 0, 4, 0));
        assertEquals("waitid(P_PGID, 1, NULL, WEXITED, NULL) = 0", caller.call("waitid", 0, 2, 1, 0, 4, 0));
        assertEquals("SIGTERM {si_signo=SIGTERM, si_code=SI_USER, si_pid=1<init>, si_uid=0}", caller.signal(15,
                FakeCaller.bytes(15, 0, 0, 0, 1, 0, 0L, 0L)));
    }

    @Test
    void aSignalsReturnHasItsMaskOnTheStack() {
        byte[] frame = new byte[400];
        frame[296] = 2;
        Call call = new Call().enter(Abi.X86_64, 15, 0, 0, 0, 0, 0, 0).stackPointer(caller.put(frame));
        StringBuilder out = new StringBuilder();
        CallFormatter formatter = new CallFormatter(DecodeOptions.DEFAULT, ArgumentNames.UNKNOWN);
        formatter.enter(call, caller, caller, out);
        formatter.exit(call.exit(0), caller, caller, out);
        assertEquals("rt_sigreturn({mask=[INT]}) = 0", out.toString());
    }

    @Test
    void callersOf32BitsHaveShorterWords() {
        caller.abi(Abi.I386);
        assertEquals("nanosleep({tv_sec=1, tv_nsec=5}, NULL) = 0", caller.call("nanosleep", 0, low(1, 5), 0));
        assertEquals("waitpid(-1, NULL, WNOHANG) = 0", caller.call("waitpid", 0, 0xffff_ffffL, 0, 1));
        assertEquals("brk(0xfffff000) = 0xfffff000", caller.call("brk", 0xfffff000L, 0xfffff000L));
    }

    private long low(int... numbers) {
        Number[] all = new Number[numbers.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = numbers[i];
        }
        return caller.struct(all);
    }
}
