package ktrace.facts;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import ktrace.event.Fact;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;

/** What the tracker cannot learn from events. The answers are events of the stream, whenever they come. */
public sealed interface Question {
    /** What descriptor {@code fd} of process {@code tgid} refers to. */
    record OfDescriptor(int tgid, int fd) implements Question {
    }

    /** Every descriptor of a process. */
    record OfTable(int tgid) implements Question {
    }

    /** Who holds {@code object}, among all processes of the machine: for an other end that nobody observed holds. */
    record OfHolders(KernelObject object) implements Question {
    }

    /** The process of thread {@code tid}, which need not be its leader. */
    record OfThread(int tid) implements Question {
    }

    /** The mapping of process {@code tgid} that {@code address} lies in. */
    record OfAddress(int tgid, long address) implements Question {
    }

    /**
     * What the path leads to that a thread in open(2), or another call with a path, has given.
     *
     * @param dirFd the directory that a relative path begins at, or -100 (AT_FDCWD) for the current one
     */
    record OfOpening(int tid, int tgid, int dirFd, long pathAddress) implements Question {
    }

    /** The same, of a path that is known. */
    record OfPath(int tid, int tgid, int dirFd, String path) implements Question {
    }

    /**
     * What the blocks are that process {@code tgid} submitted to {@code context} of Linux AIO: {@code count} pointers to them lie
     * at {@code listAddress} of its memory.
     */
    record OfSubmitted(int tgid, long context, long listAddress, int count) implements Question {
    }

    /** A System V queue ({@link ObjectKind#SYSVMSG}) or semaphore set by its id. */
    record OfSysvIpc(ObjectKind kind, int id) implements Question {
    }

    /** By which control group's quota process {@code tgid} is bound, and for how long that has been held back. */
    record OfQuota(int tgid) implements Question {
    }

    /** On which CPUs a thread may run, and for how long the others have idled. */
    record OfAffinity(int tgid, int tid) implements Question {
    }

    /** For how long the hypervisor has kept CPUs from running. */
    record OfSteal() implements Question {
    }

    /**
     * Who holds the mutex that thread {@code tid} has waited for since {@code sinceNs}.
     *
     * @param address of the word of process {@code tgid} that it waits at
     * @param isPrivate whether only this process uses the word
     * @param namesOwner the word itself has the number of the owner, as the kernel wants it of locks with inherited priority
     */
    record OfMutex(int tid, int tgid, long sinceNs, long address, boolean isPrivate, boolean namesOwner) implements Question {
    }

    /** Who holds the lock or lease of a file that thread {@code tid} has waited for since {@code sinceNs}; {@code fd} may be -1. */
    record OfFileLock(int tid, int tgid, long sinceNs, ObjectSource.LockSort sort, int fd) implements Question {
    }

    /**
     * Thread {@code tid} has waited since {@code sinceNs} for what nobody holds: nothing is asked of the kernel, but that it still does
     * stands in the stream then, and so those who would have to act are known.
     */
    record OfLongWait(int tid, int tgid, long sinceNs) implements Question {
    }

    /** Where thread {@code tid} sleeps, which was switched out at {@code sinceNs}. */
    record OfSleep(int tid, int tgid, long sinceNs) implements Question {
    }

    /**
     * What a thread polls for that was switched out at {@code sinceNs}, in {@code call}, poll(2) or select(2): its set lies in its
     * memory.
     *
     * @param isBits whether the set is given as those of select(2) are
     * @param arg0 the first argument of the call, and others: by these it is known whether it is still in the same
     */
    record OfPolled(int tid, int tgid, long sinceNs, int call, boolean isBits, long arg0, long arg1, long arg2, long arg3)
            implements Question {
    }

    /** Whose question waits for the others. */
    enum Urgency {
        /** A thread blocks, or wakes another, and what it works on is not known: the event waits a moment for the answer. */
        NOW,
        /** A call on something that threads wait for. */
        SOON,
        /** A call on a plain file, most often; asked only while there is little to ask. */
        LATER
    }

    /** The process that is asked about, or 0 when it is the machine. */
    default int of() {
        return switch (this) {
            case OfDescriptor(int tgid, int _) -> tgid;
            case OfTable(int tgid) -> tgid;
            case OfAddress(int tgid, long _) -> tgid;
            case OfOpening(int _, int tgid, int _, long _) -> tgid;
            case OfPath path -> path.tgid();
            case OfSubmitted(int tgid, long _, long _, int _) -> tgid;
            case OfThread(int tid) -> tid;
            case OfQuota(int tgid) -> tgid;
            case OfAffinity(int tgid, int _) -> tgid;
            case OfSleep(int _, int tgid, long _) -> tgid;
            case OfMutex mutex -> mutex.tgid;
            case OfFileLock lock -> lock.tgid;
            case OfPolled polled -> polled.tgid();
            case OfLongWait wait -> wait.tgid;
            case OfHolders _, OfSysvIpc _, OfSteal _ -> 0;
        };
    }

    /** The answer as things are now; where there is nothing to tell, it is empty. */
    default List<Fact> answer(ObjectSource source) {
        return switch (this) {
            case OfDescriptor(int tgid, int fd) -> List.of(new Fact.OfDescriptor(tgid, fd, source.fd(tgid, fd)));
            case OfTable(int tgid) -> {
                List<Fact> facts = new ArrayList<>(held(source.fds(tgid)));
                if (!facts.isEmpty()) {
                    facts.add(new Fact.TableTold(tgid));
                }
                yield facts;
            }
            case OfHolders(KernelObject object) -> held(source.holders(List.of(object)));
            case OfThread(int tid) -> told(source.process(tid), found -> new Fact.OfThread(tid, found));
            case OfAffinity(int tgid, int tid) -> told(source.affinity(tgid, tid),
                    found -> new Fact.OfAffinity(tid, found.cpus(), found.idleElsewhereNs()));
            case OfSteal() -> {
                List<Fact> facts = new ArrayList<>();
                source.stolenNs().forEach((cpu, ns) -> facts.add(new Fact.OfSteal(cpu, ns)));
                yield facts;
            }
            case OfQuota(int tgid) -> told(source.quota(tgid),
                    found -> new Fact.OfQuota(tgid, found.group(), found.throttledNs()));
            case OfAddress(int tgid, long address) -> told(source.mapping(tgid, address),
                    found -> new Fact.OfAddress(tgid, address, found));
            case OfOpening(int tid, int tgid, int dirFd, long pathAddress) ->
                    told(source.opening(tgid, dirFd, pathAddress), found -> new Fact.OfOpening(tid, pathAddress, found));
            case OfPath(int tid, int tgid, int dirFd, String path) ->
                    told(source.atPath(tgid, dirFd, path), found -> new Fact.OfPath(tid, dirFd, path, found));
            case OfSleep(int tid, int tgid, long sinceNs) -> told(source.sleeper(tgid, tid),
                    found -> new Fact.OfSleep(found.thread(), found.function(), sinceNs));
            case OfPolled polled -> told(source.polled(polled),
                    found -> new Fact.Polled(polled.tid(), polled.sinceNs(), found.isAll(), found.fds()));
            case OfSubmitted(int tgid, long context, long listAddress, int count) ->
                    submitted(tgid, context, listAddress, source.submitted(tgid, listAddress, count), source);
            case OfMutex(int tid, int tgid, long sinceNs, long address, boolean isPrivate, boolean namesOwner) ->
                    told(source.mutexHolder(tgid, address, isPrivate, namesOwner), found -> found.ofWait(tid, sinceNs));
            case OfFileLock(int tid, int tgid, long sinceNs, ObjectSource.LockSort sort, int fd) ->
                    told(source.lockHolder(tgid, sort, fd), found -> found.ofWait(tid, sinceNs));
            case OfLongWait(int tid, int _, long sinceNs) -> List.of(ObjectSource.Holder.NOBODY.ofWait(tid, sinceNs));
            case OfSysvIpc(ObjectKind kind, int id) -> told(source.sysvIpc(kind, id), found -> new Fact.OfSysvIpc(id, found));
        };
    }

    /** What they are on is told first: whoever waits for them waits for that. */
    private static List<Fact> submitted(int tgid, long context, long listAddress, List<ObjectSource.AioBlock> blocks,
            ObjectSource source) {
        List<Fact> facts = new ArrayList<>();
        blocks.stream().mapToInt(ObjectSource.AioBlock::fd).distinct()
                .forEach(fd -> facts.add(new Fact.OfDescriptor(tgid, fd, source.fd(tgid, fd))));
        blocks.forEach(block -> facts.add(new Fact.Submitted(tgid, context, listAddress, block.operation(), block.fd())));
        return facts;
    }

    private static List<Fact> held(List<FdSnapshot> found) {
        return found.stream().<Fact>map(Fact.Held::new).toList();
    }

    private static <T> List<Fact> told(T found, Function<T, Fact> fact) {
        return found == null ? List.of() : List.of(fact.apply(found));
    }

    /** It goes through the tables of all processes, and many such are answered at the price of one, or one after the other. */
    default boolean isSearch() {
        return this instanceof OfHolders || this instanceof OfFileLock;
    }

    /** What is told when there will be no answer. */
    default List<Fact> unanswered() {
        return answer(ObjectSource.nothing());
    }

    /** The answers to many searches at the price of one. */
    static List<Fact> answer(List<OfHolders> searches, ObjectSource source) {
        return held(source.holders(searches.stream().map(OfHolders::object).toList()));
    }
}
