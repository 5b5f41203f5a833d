package ktrace.facts.live;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.LongSupplier;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.facts.ObjectSource;
import ktrace.facts.Question;

/** Answers from /proc and sock_diag, as things are at the moment of asking. Belongs to one thread. */
public final class LiveSource implements ObjectSource {
    /** A table with more descriptors than this is not read as a whole. */
    private static final int ALL_LIMIT = 4096;

    private final ProcFs proc;
    private final SocketTable sockets;
    private final FdReader reader;
    private final int ownTgid;
    private final ControlGroups groups;
    private final MutexHolders mutexes;
    private final LockHolders locks;

    public LiveSource(int ownTgid) {
        this("/proc", ownTgid, System::nanoTime);
    }

    LiveSource(String procRoot, int ownTgid, LongSupplier clockNs) {
        proc = new ProcFs(procRoot);
        sockets = new SocketTable(proc, ownTgid, clockNs);
        reader = new FdReader(proc, sockets);
        groups = new ControlGroups(proc);
        mutexes = new MutexHolders(proc);
        locks = new LockHolders(proc);
        this.ownTgid = ownTgid;
    }

    /** About ktrace itself; the first has it open a socket, which the second finds. */
    @Override
    public List<Question> rehearsal() {
        sockets.find(ownTgid, 1, null);
        return List.of(new Question.OfTable(ownTgid), new Question.OfDescriptor(ownTgid, 0), new Question.OfThread(ownTgid),
                new Question.OfAddress(ownTgid, 0), new Question.OfOpening(ownTgid, ownTgid, 0, 0),
                new Question.OfPath(ownTgid, ownTgid, 0, "/"),
                new Question.OfSysvIpc(ObjectKind.SYSVMSG, 0), new Question.OfSleep(ownTgid, ownTgid, 0),
                new Question.OfQuota(ownTgid), new Question.OfSteal(), new Question.OfAffinity(ownTgid, ownTgid));
    }

    @Override
    public FdSnapshot fd(int tgid, int fd) {
        return reader.read(tgid, fd);
    }

    @Override
    public List<FdSnapshot> fds(int tgid) {
        List<Integer> numbers = proc.fds(tgid);
        if (numbers == null || numbers.size() > ALL_LIMIT) {
            return List.of();
        }
        List<FdSnapshot> snapshots = new ArrayList<>(numbers.size());
        for (int fd : numbers) {
            FdSnapshot snapshot = reader.read(tgid, fd);
            if (snapshot != null) {
                snapshots.add(snapshot);
            }
        }
        return snapshots;
    }

    @Override
    public List<FdSnapshot> holders(List<KernelObject> objects) {
        HolderScan scan = new HolderScan(proc, reader);
        objects.forEach(scan::want);
        return scan.scan(tgid -> tgid != ownTgid);
    }

    @Override
    public ProcessSnapshot process(int tid) {
        return proc.process(tid);
    }

    @Override
    public MappingSnapshot mapping(int tgid, long address) {
        return proc.mapping(tgid, address);
    }

    @Override
    public KernelObject opening(int tgid, int dirFd, long pathAddress) {
        return reader.opening(tgid, dirFd, pathAddress);
    }

    @Override
    public KernelObject atPath(int tgid, int dirFd, String path) {
        return reader.atPath(tgid, dirFd, path);
    }

    @Override
    public List<AioBlock> submitted(int tgid, long listAddress, int count) {
        return proc.submitted(tgid, listAddress, count);
    }

    @Override
    public KernelObject sysvIpc(ObjectKind kind, int id) {
        boolean queue = kind == ObjectKind.SYSVMSG;
        byte[] table = proc.sysvIpc(queue ? "msg" : "sem");
        if (table == null) {
            return null;
        }
        for (String line : new String(table, StandardCharsets.ISO_8859_1).split("\n")) {
            String[] words = line.trim().split(" +");
            if (words.length > 2 && words[1].equals(Integer.toString(id))) {
                return new KernelObject(kind, (queue ? "queue " : "semaphores ") + id + key(words[0]), id);
            }
        }
        return null;
    }

    /** The key that programs agree on, as ipcs(1) shows it; IPC_PRIVATE is 0. */
    private static String key(String decimal) {
        try {
            long key = Long.parseLong(decimal) & 0xffffffffL;
            return key == 0 ? "" : " (key 0x" + Long.toHexString(key) + ')';
        } catch (NumberFormatException notSuchATable) {
            return "";
        }
    }

    @Override
    public Quota quota(int tgid) {
        return groups.quota(tgid);
    }

    @Override
    public Affinity affinity(int tgid, int tid) {
        return CpuBonds.of(proc.threadStatus(tgid, tid), proc.cpuTimes());
    }

    @Override
    public SortedMap<Integer, Long> stolenNs() {
        return CpuBonds.stolenNs(proc.cpuTimes());
    }

    @Override
    public Holder mutexHolder(int tgid, long address, boolean isPrivate, boolean namesOwner) {
        return mutexes.holder(tgid, address, isPrivate, namesOwner);
    }

    @Override
    public Holder lockHolder(int tgid, LockSort sort, int fd) {
        return locks.of(tgid, sort, fd);
    }

    @Override
    public Polled polled(Question.OfPolled question) {
        return proc.polled(question);
    }

    @Override
    public Sleeper sleeper(int tgid, int tid) {
        return proc.sleeper(tgid, tid);
    }

    @Override
    public void close() {
        sockets.close();
    }
}
