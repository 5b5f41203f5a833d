package ktrace.facts.live;

import java.util.List;
import ktrace.event.MappingSnapshot;
import ktrace.facts.ObjectSource.Holder;

/**
 * Who holds mutexes, by what lies at the word that is waited at: the thread's number in the word itself, as the kernel wants it of
 * FUTEX_LOCK_PI and of robust mutexes, or, of a mutex of glibc, two words further (sysdeps/nptl/bits/struct_mutex.h). Any other lock
 * may lie there: what is read is taken for a holder only if it is the number of a thread that lives, and that uses this memory.
 * Belongs to one thread.
 */
final class MutexHolders {
    /** linux/futex.h: FUTEX_TID_MASK; and FUTEX_WAITERS, which only words have that name their owner. */
    private static final int TID_MASK = 0x3fffffff;
    private static final int WAITERS = 0x80000000;
    /** What glibc writes into a mutex that somebody waits for. */
    private static final int CONTENDED = 2;
    private static final int OWNER = 2;
    /** Of a process in a pid namespace so many threads are gone through at most. */
    private static final int MOST_THREADS = 4096;

    private final ProcFs proc;

    MutexHolders(ProcFs proc) {
        this.proc = proc;
    }

    /** Null when the word cannot be read. */
    Holder holder(int tgid, long address, boolean isPrivate, boolean namesOwner) {
        int[] words = proc.words(tgid, address, OWNER + 1);
        if (words.length == 0) {
            return null;
        }
        int owner = owner(words, namesOwner);
        Holder found = owner <= 0 ? Holder.NOBODY : thread(tgid, owner);
        return found != Holder.NOBODY || owner <= 0 || isPrivate ? found : elsewhere(tgid, owner, address);
    }

    private static int owner(int[] words, boolean namesOwner) {
        if (namesOwner || (words[0] & WAITERS) != 0) {
            return words[0] & TID_MASK;
        }
        return words[0] == CONTENDED && words.length > OWNER ? words[OWNER] : 0;
    }

    /** The thread that process {@code tgid} calls so. */
    private Holder thread(int tgid, int number) {
        if (!proc.isInPidNamespace(tgid)) {
            return living(tgid, number);
        }
        List<Integer> threads = proc.threads(tgid);
        if (threads == null || threads.size() > MOST_THREADS) {
            return Holder.NOBODY;
        }
        return threads.stream().filter(tid -> proc.innermostNumber(tgid, tid) == number).findFirst()
                .map(tid -> living(tgid, tid)).orElse(Holder.NOBODY);
    }

    private Holder living(int tgid, int tid) {
        ProcStat thread = proc.threadStat(tgid, tid);
        ProcStat process = thread == null ? null : proc.stat(tgid);
        boolean lives = process != null && thread.state() != 'Z' && thread.state() != 'X';
        return lives ? new Holder(tid, tgid, process.comm(), thread.comm(), true) : Holder.NOBODY;
    }

    /** A thread of another process that maps the same file, by a number of the machine: those of namespaces say nothing here. */
    private Holder elsewhere(int tgid, int owner, long address) {
        MappingSnapshot mapping = proc.mapping(tgid, address);
        int other = mapping == null || !mapping.shared() || mapping.inode() == 0 || proc.isInPidNamespace(tgid) ? -1
                : proc.tgidOf(owner);
        return other > 0 && proc.maps(other, mapping.device(), mapping.inode()) ? living(other, owner) : Holder.NOBODY;
    }
}
