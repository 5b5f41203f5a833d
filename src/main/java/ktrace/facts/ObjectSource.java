package ktrace.facts;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import ktrace.event.Fact;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;

/**
 * What can be asked of the kernel. Each method may take long, and what it says is so at that moment; what is gone or forbidden is
 * null or an empty list, never an exception. Belongs to one thread.
 */
public interface ObjectSource extends AutoCloseable {
    /** Questions of which the answers do not matter: what is asked the first time takes long, and nobody should wait for that. */
    default List<Question> rehearsal() {
        return List.of();
    }

    /** What descriptor {@code fd} of process {@code tgid} refers to now; null when it is not open or cannot be read. */
    FdSnapshot fd(int tgid, int fd);

    /** All descriptors of a process as they are now, as far as they can be read. */
    List<FdSnapshot> fds(int tgid);

    /** The descriptors by which processes hold one of {@code objects}, looked for among all of the machine. */
    List<FdSnapshot> holders(List<KernelObject> objects);

    /** The process of thread {@code tid}, which need not be its leader; null when it is gone. */
    ProcessSnapshot process(int tid);

    /** The mapping of process {@code tgid} that {@code address} lies in; null when there is none or it cannot be read. */
    MappingSnapshot mapping(int tgid, long address);

    /**
     * What a path leads to that a thread of process {@code tgid} has given to open(2) or its like; it lies in its memory.
     *
     * @param dirFd the directory that a relative path begins at, or -100 (AT_FDCWD) for the current one
     */
    KernelObject opening(int tgid, int dirFd, long pathAddress);

    /** The same, of a path that is known. */
    default KernelObject atPath(int tgid, int dirFd, String path) {
        return null;
    }

    /** What one block of Linux AIO asks for: {@code operation} is one of IOCB_CMD_. */
    record AioBlock(int operation, int fd) {
    }

    /**
     * The blocks to which {@code count} pointers lie at {@code listAddress} of a process's memory; none when one of these does not
     * look like one.
     */
    default List<AioBlock> submitted(int tgid, long listAddress, int count) {
        return List.of();
    }

    /** The System V queue ({@link ObjectKind#SYSVMSG}) or semaphore set with this id, named with its key; null when it is gone. */
    KernelObject sysvIpc(ObjectKind kind, int id);

    /** Of the groups that by a quota bind process {@code tgid} the one that was held back most; null when the process is gone. */
    default Quota quota(int tgid) {
        return null;
    }

    /** What {@link ktrace.event.Fact.OfQuota} has. */
    record Quota(String group, long throttledNs) {
        /** There is none. */
        public static final Quota NONE = new Quota("", 0);
    }

    /** The CPUs that a thread may run on; null when it is gone. */
    default Affinity affinity(int tgid, int tid) {
        return null;
    }

    /** What {@link ktrace.event.Fact.OfAffinity} has. */
    record Affinity(String cpus, long idleElsewhereNs) {
        /** It may run on all. */
        public static final Affinity ALL = new Affinity("", 0);
    }

    /** For how long the hypervisor has kept each CPU from running since it was started; without those of which it has not. */
    default SortedMap<Integer, Long> stolenNs() {
        return Collections.emptySortedMap();
    }

    /**
     * Who holds the mutex that lies at an address of a process's memory; null when that cannot be read.
     *
     * @param isPrivate whether only this process uses it
     * @param namesOwner the word itself has the number of the owner
     */
    default Holder mutexHolder(int tgid, long address, boolean isPrivate, boolean namesOwner) {
        return null;
    }

    /** Who holds the lock that a thread of process {@code tgid} waits for, on its descriptor {@code fd} where there is one. */
    default Holder lockHolder(int tgid, LockSort sort, int fd) {
        return null;
    }

    /** The locks of files, as proc_locks(5) has them. */
    enum LockSort {
        FLOCK, POSIX, OFDLCK, LEASE
    }

    /** What {@link Fact.HeldBy} has. */
    record Holder(int tid, int tgid, String comm, String threadComm, boolean isSole) {
        public static final Holder NOBODY = new Holder(0, 0, "", "", false);

        Fact.HeldBy ofWait(int waiter, long sinceNs) {
            return new Fact.HeldBy(waiter, sinceNs, tid, tgid, comm, threadComm, isSole);
        }
    }

    /** Where a thread sleeps; null when it does not, is gone, or has run while it was looked at. */
    Sleeper sleeper(int tgid, int tid);

    /**
     * A thread that sleeps.
     *
     * @param function the function of the kernel that it sleeps in, proc_pid_wchan(5); empty when that is not told
     */
    record Sleeper(ThreadSnapshot thread, String function) {
    }

    /** What a thread polls for; null when it is in another call by now, or has run while that was read. */
    default Polled polled(Question.OfPolled question) {
        return null;
    }

    /**
     * @param isAll whether these are all
     * @param fds each once
     */
    record Polled(boolean isAll, List<Integer> fds) {
    }

    @Override
    default void close() {
        // Most hold nothing open.
    }

    /** Knows nothing. */
    static ObjectSource nothing() {
        return NoSource.INSTANCE;
    }
}
