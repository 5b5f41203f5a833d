package ktrace.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;
import ktrace.linux.uapi.Uapi;

/** System calls on processes and their limits. */
public final class Processes {
    private static final int GETPID = Syscalls.number("getpid");
    private static final int GETTID = Syscalls.number("gettid");
    private static final int GETEUID = Syscalls.number("geteuid");
    private static final int KILL = Syscalls.number("kill");
    private static final int WAIT4 = Syscalls.number("wait4");
    private static final int GETPRIORITY = Syscalls.number("getpriority");
    private static final int SETPRIORITY = Syscalls.number("setpriority");
    private static final int PRIO_PROCESS = 0;
    private static final int SCHED_SETATTR = Syscalls.number("sched_setattr");
    /** SCHED_ATTR_SIZE_VER0 of include/uapi/linux/sched/types.h. */
    private static final int SCHED_ATTR_BYTES = 48;
    /** include/uapi/linux/sched.h. */
    private static final long SCHED_FLAG_RESET_ON_FORK = 1;
    private static final int NICE_TURNED = 20;
    private static final int CLOCK_GETTIME = Syscalls.number("clock_gettime");
    /** include/uapi/linux/time.h. */
    private static final int CLOCK_PROCESS_CPUTIME_ID = 2;
    private static final int CLOCK_THREAD_CPUTIME_ID = 3;
    private static final int PRLIMIT64 = Syscalls.number("prlimit64");

    private Processes() {
    }

    /** getpid(2). */
    public static int getpid() {
        return (int) Native.syscall(GETPID, 0, 0, 0);
    }

    /** gettid(2): the kernel's number of the calling thread. */
    public static int gettid() {
        return (int) Native.syscall(GETTID, 0, 0, 0);
    }

    /** geteuid(2). */
    public static int geteuid() {
        return (int) Native.syscall(GETEUID, 0, 0, 0);
    }

    /** clock_gettime(2): CPU time that all threads of ktrace have used. */
    public static long cpuTimeNs() {
        return clock(CLOCK_PROCESS_CPUTIME_ID);
    }

    /** clock_gettime(2): CPU time that the calling thread has used. */
    public static long threadCpuNs() {
        return clock(CLOCK_THREAD_CPUTIME_ID);
    }

    /**
     * setpriority(2) for the calling thread alone: on Linux the nice value is a thread's. Without the right to it nothing changes.
     *
     * @param nice −20 to 19
     */
    public static void setThreadNice(int nice) {
        setNice(0, nice);
    }

    /** The same for any thread; 0 is the calling one. */
    public static void setNice(int tid, int nice) {
        Native.syscall(SETPRIORITY, PRIO_PROCESS, tid, nice);
    }

    /**
     * sched_setattr(2), SCHED_FIFO with the lowest of its priorities: the thread runs as soon as it wakes, before all threads of the
     * usual kind, for as long as it has something to do. Those that it starts are of the usual kind.
     *
     * @return whether it may
     */
    public static boolean setRealTime(int tid) {
        return setScheduling(tid, Uapi.SCHED_FIFO(), SCHED_FLAG_RESET_ON_FORK, 0, 1);
    }

    /** sched_setattr(2): takes {@link #setRealTime} back. */
    public static void setUsual(int tid, int nice) {
        setScheduling(tid, Uapi.SCHED_OTHER(), 0, nice, 0);
    }

    /** struct sched_attr: u32 size, u32 policy, u64 flags, s32 nice, u32 priority, and three u64 for deadlines. */
    private static boolean setScheduling(int tid, int policy, long flags, int nice, int priority) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(SCHED_ATTR_BYTES, 8);
            attributes.set(JAVA_INT, 0, SCHED_ATTR_BYTES);
            attributes.set(JAVA_INT, 4, policy);
            attributes.set(JAVA_LONG, 8, flags);
            attributes.set(JAVA_INT, 16, nice);
            attributes.set(JAVA_INT, 20, priority);
            return Native.syscall(SCHED_SETATTR, tid, attributes.address(), 0) == 0;
        }
    }

    /** getpriority(2) of a thread, 0 being the calling one; 0 when it is gone. */
    public static int niceOf(int tid) {
        // The system call gives 40 for −20 and 1 for 19, since what is negative would be an error.
        long turned = Native.syscall(GETPRIORITY, PRIO_PROCESS, tid, 0);
        return turned < 0 ? 0 : (int) (NICE_TURNED - turned);
    }

    private static long clock(int clock) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(16, 8);
            Native.syscall(CLOCK_GETTIME, clock, time.address(), 0);
            return time.get(JAVA_LONG, 0) * 1_000_000_000 + time.get(JAVA_LONG, 8);
        }
    }

    /** kill(2); signal 0 only asks. Gives 0 or {@code -errno}. */
    public static int kill(int pid, int signal) {
        return (int) Native.syscall(KILL, pid, signal, 0);
    }

    /**
     * wait4(2) for one child, without waiting.
     *
     * @return its wait status when it has ended, empty when it runs on
     */
    public static OptionalInt poll(int child) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(JAVA_INT);
            long result = Native.syscall(WAIT4, child, status.address(), Uapi.WNOHANG(), 0, 0, 0);
            if (result < 0) {
                throw new SyscallException("wait4", result, "ask for the end of process " + child);
            }
            return result == 0 ? OptionalInt.empty() : OptionalInt.of(status.get(JAVA_INT, 0));
        }
    }

    /** A soft and a hard limit of getrlimit(2), as unsigned numbers; RLIM_INFINITY is -1. */
    public record Limit(long soft, long hard) {
    }

    /** prlimit(2): what {@code resource} of process {@code pid} (0: ktrace) is limited to. */
    public static Limit limit(int pid, int resource) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment old = arena.allocate(16, 8);
            long result = Native.syscall(PRLIMIT64, pid, resource, 0, old.address(), 0, 0);
            if (result < 0) {
                throw new SyscallException("prlimit", result, "read resource limit " + resource);
            }
            return new Limit(old.get(JAVA_LONG, 0), old.get(JAVA_LONG, 8));
        }
    }

    /** prlimit(2): sets a limit; gives 0 or {@code -errno}. */
    public static int setLimit(int pid, int resource, Limit limit) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment wanted = arena.allocate(16, 8);
            wanted.set(JAVA_LONG, 0, limit.soft());
            wanted.set(JAVA_LONG, 8, limit.hard());
            return (int) Native.syscall(PRLIMIT64, pid, resource, wanted.address(), 0, 0, 0);
        }
    }
}
