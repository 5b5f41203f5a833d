package ktrace.event;

import java.util.List;

/**
 * What the kernel said of something that events had left open, as it was at the time of the {@link EventType#FACT} that carries it.
 * Each says of what it speaks, so that whoever hears of it later needs to have asked nothing.
 */
public sealed interface Fact {
    /**
     * What descriptor {@code fd} of process {@code tgid} refers to; {@code found} is null where it is not open, may not be looked
     * at, or no answer came in time: these are not told apart.
     */
    record OfDescriptor(int tgid, int fd, FdSnapshot found) implements Fact {
    }

    /** A descriptor that was met in going through the tables of processes, in search of who holds something. */
    record Held(FdSnapshot found) implements Fact {
    }

    /** Every descriptor of process {@code tgid} has just been told. */
    record TableTold(int tgid) implements Fact {
    }

    /** The process that thread {@code tid} belongs to. */
    record OfThread(int tid, ProcessSnapshot found) implements Fact {
    }

    /** The mapping of process {@code tgid} that {@code address} lies in. */
    record OfAddress(int tgid, long address, MappingSnapshot found) implements Fact {
    }

    /** What thread {@code tid} is about to open, or to look up: the path lies at {@code pathAddress} of its memory. */
    record OfOpening(int tid, long pathAddress, KernelObject found) implements Fact {
    }

    /** At which path thread {@code tid} begins to wait as it is switched out: it lies at {@code pathAddress} of its memory. */
    record AtPath(int tid, long pathAddress, String path) implements Fact {
    }

    /**
     * What a path leads to at which thread {@code tid} has begun to wait.
     *
     * @param dirFd the directory that a relative path begins at, or -100 (AT_FDCWD) for the current one
     */
    record OfPath(int tid, int dirFd, String path, KernelObject found) implements Fact {
    }

    /**
     * Where a thread sleeps that was switched out at {@code sinceNs}; it holds only if it has not run since.
     *
     * @param function the kernel's, proc_pid_wchan(5); empty when that is not told
     */
    record OfSleep(ThreadSnapshot found, String function, long sinceNs) implements Fact {
    }

    /**
     * One of the blocks that process {@code tgid} submitted to {@code context} of Linux AIO, by the list at {@code listAddress} of
     * its memory.
     *
     * @param operation one of IOCB_CMD_
     */
    record Submitted(int tgid, long context, long listAddress, int operation, int fd) implements Fact {
    }

    /**
     * The control group that by a quota holds process {@code tgid} back, or may.
     *
     * @param group its path, as /proc/PID/cgroup has it; empty where no quota binds the process, as far as can be told
     * @param throttledNs for how long it has been held back altogether, on all CPUs together
     */
    record OfQuota(int tgid, String group, long throttledNs) implements Fact {
    }

    /**
     * The CPUs that thread {@code tid} may run on.
     *
     * @param cpus as /proc/PID/status lists them, {@code 0,4-7}; empty where these are all
     * @param idleElsewhereNs for how long the others have idled altogether
     */
    record OfAffinity(int tid, String cpus, long idleElsewhereNs) implements Fact {
    }

    /**
     * Process {@code tgid}, which was not asked for, is watched for its states from now on, but not for its calls; or it cannot be.
     * With {@code tgid} 0: whoever is waited for may be.
     */
    record OfWatch(int tgid, boolean isWatched) implements Fact {
    }

    /**
     * For how long the hypervisor has kept {@code cpu} from running altogether, though something was to run there. Told of those
     * CPUs of which it has, when it is asked.
     */
    record OfSteal(int cpu, long stolenNs) implements Fact {
    }

    /**
     * By the system calls that are made now, collector {@code cheaper} would cost the machine less than the one at work; empty: no
     * other would, any longer.
     *
     * @param othersPerSecond system calls of those that are not traced
     * @param targetsPerSecond of those that are
     */
    record OfCollector(String cheaper, long othersPerSecond, long targetsPerSecond) implements Fact {
    }

    /**
     * Who holds what thread {@code tid} has waited for since {@code sinceNs}; of another wait of it this says nothing.
     *
     * @param holderTid the thread that alone can let go of it; 0: any of its process can
     * @param holderTgid the process that holds it; 0: nobody is known to
     * @param comm the name of that process, and of the thread
     * @param isSole nobody else can let go of it, as far as can be told: of a lock that goes with a file that several have open
     *     all of these can
     */
    record HeldBy(int tid, long sinceNs, int holderTid, int holderTgid, String comm, String threadComm, boolean isSole) implements Fact {
    }

    /**
     * What a thread polls for that was switched out in poll(2) or select(2) at {@code sinceNs}; it holds only if it has not run
     * since.
     *
     * @param sinceNs {@link #NOW} where the kernel told it as the thread was switched out
     * @param isAll whether these are all, for of very many only the first are looked at
     * @param fds some may be there twice
     */
    record Polled(int tid, long sinceNs, boolean isAll, List<Integer> fds) implements Fact {
        public static final long NOW = Long.MAX_VALUE;
    }

    /** A System V queue ({@link ObjectKind#SYSVMSG}) or semaphore set, named, by its id. */
    record OfSysvIpc(int id, KernelObject found) implements Fact {
    }
}
