package ktrace.facts.live;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import ktrace.facts.ObjectSource.Holder;
import ktrace.facts.ObjectSource.LockSort;

/**
 * Who holds the locks of files. /proc/locks has them with those who wait for each. A lock of fcntl(2) and a lease are a process's; one
 * of flock(2) goes with the open file, which others than who asked for it may have by now, and who asked for it may have ended: these
 * are found by /proc/PID/fdinfo. Belongs to one thread.
 */
final class LockHolders {
    /** A process with more descriptors than that is not looked through. */
    private static final int MOST_FDS = 4096;

    private final ProcFs proc;

    LockHolders(ProcFs proc) {
        this.proc = proc;
    }

    /** Null when it cannot be told who waits for what. */
    Holder of(int tgid, LockSort sort, int fd) {
        List<LockLine> lines = LockLine.all(proc.locks());
        long inode = fd < 0 ? -1 : inode(tgid, fd);
        LockLine held = held(lines, tgid, sort, inode);
        if (held == null) {
            return null;
        }
        return sort == LockSort.POSIX || sort == LockSort.LEASE ? process(held.pid(), true) : ofOpenFile(held, tgid, fd);
    }

    private long inode(int tgid, int fd) {
        FdInfo info = proc.fdInfo(tgid, fd);
        return info == null ? -1 : info.inode();
    }

    /** What a thread of {@code tgid} waits for, if it waits for one such only, as far as it is known where. */
    private static LockLine held(List<LockLine> lines, int tgid, LockSort sort, long inode) {
        SequencedSet<String> numbers = new LinkedHashSet<>();
        for (LockLine line : lines) {
            boolean isItsOwn = sort == LockSort.OFDLCK ? inode > 0 : line.pid() == tgid;
            if (line.isWaiting() && line.sort() == sort && isItsOwn && (inode <= 0 || line.inode() == inode)) {
                numbers.add(line.number());
            }
        }
        return numbers.size() != 1 ? null : lines.stream()
                .filter(line -> !line.isWaiting() && line.number().equals(numbers.getFirst())).findFirst().orElse(null);
    }

    private Holder process(int tgid, boolean isSole) {
        ProcStat stat = tgid > 0 ? proc.stat(tgid) : null;
        return stat == null ? Holder.NOBODY : new Holder(0, tgid, stat.comm(), "", isSole);
    }

    /** Of those who have the file open that is locked the one that asked for it, else any. */
    private Holder ofOpenFile(LockLine held, int waiter, int fd) {
        String link = proc.link(waiter, fd);
        List<Integer> processes = proc.processes();
        int first = held.pid() > 0 && holds(held.pid(), held, null) ? held.pid() : 0;
        int others = 0;
        for (int tgid : processes == null || link == null ? List.<Integer>of() : processes) {
            if (tgid != first && holds(tgid, held, link)) {
                others += first == 0 ? 0 : 1;
                first = first == 0 ? tgid : first;
            }
        }
        return process(first, others == 0);
    }

    /** @param link where its descriptors lead to that are looked at; null: all are */
    private boolean holds(int tgid, LockLine held, String link) {
        List<Integer> fds = proc.fds(tgid);
        if (fds == null || fds.size() > MOST_FDS) {
            return false;
        }
        for (int fd : fds) {
            if ((link == null || link.equals(proc.link(tgid, fd))) && LockLine.ofDescriptor(proc.fdInfoText(tgid, fd)).stream()
                    .anyMatch(line -> line.sort() == held.sort() && line.file().equals(held.file()))) {
                return true;
            }
        }
        return false;
    }
}
