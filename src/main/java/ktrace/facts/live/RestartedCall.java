package ktrace.facts.live;

import java.util.OptionalInt;
import ktrace.event.ThreadSnapshot;
import ktrace.linux.SyscallTable;

/**
 * What a thread goes on with that is in restart_syscall(2), since a signal or a tracer has interrupted it. The arguments of the first
 * call are still in its registers (arch/x86/kernel/signal.c), and which call it was is told by the function of the kernel that it
 * sleeps in.
 */
final class RestartedCall {
    private static final OptionalInt RESTART = SyscallTable.current().find("restart_syscall");
    /** Clocks have small numbers; the first argument of nanosleep(2) is an address. */
    private static final long CLOCKS = 4096;

    private RestartedCall() {
    }

    /** @param function proc_pid_wchan(5); empty when that is not told */
    static ThreadSnapshot of(ThreadSnapshot found, String function) {
        if (RESTART.isEmpty() || found.syscall() != RESTART.getAsInt() || found.args().length == 0) {
            return found;
        }
        OptionalInt call = SyscallTable.current().find(name(function, found.args()[0]));
        return call.isEmpty() ? found
                : new ThreadSnapshot(found.tid(), found.tgid(), found.comm(), found.state(), call.getAsInt(), found.args());
    }

    /**
     * Where a sleep goes on, the functions of the timer jump to that of the scheduler, which is not told: it is the entry of system
     * calls that is (do_syscall_64, Linux 6.18). The others sleep in functions of their own.
     */
    private static boolean isOfNanosleep(String function) {
        return function.startsWith("hrtimer_nanosleep") || function.startsWith("alarm_timer_nsleep") || function.equals("do_syscall_64")
                || function.endsWith("sys_restart_syscall");
    }

    /** Each of these four can be gone on with, and no other (restart_block of include/linux/restart_block.h). */
    private static String name(String function, long firstArgument) {
        if (isOfNanosleep(function)) {
            return firstArgument >= 0 && firstArgument < CLOCKS ? "clock_nanosleep" : "nanosleep";
        }
        return function.startsWith("poll_schedule_timeout") || function.startsWith("do_poll") || function.startsWith("do_sys_poll")
                ? "poll" : function.startsWith("futex_") ? "futex" : "";
    }
}
