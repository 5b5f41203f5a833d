package ktrace.system;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessId;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Processes by tgid: the observed ones, and outsiders that woke one of them or hold the other end of something. Written by the
 * tracker's thread.
 */
final class ProcessTable {
    private final Int2ObjectHashMap<ProcessEntry> processes = new Int2ObjectHashMap<>();
    private final Consumer<TrackedObject> abandoned;
    /** The observed whose last thread has not ended yet, for other threads to read. */
    private final Set<Integer> observedAlive = ConcurrentHashMap.newKeySet();
    /** Threads of outsiders that were asked about by their own numbers, which are not their process's. */
    private final Int2ObjectHashMap<ProcessEntry> byThread = new Int2ObjectHashMap<>();
    private int started;

    /** @param abandoned is told of objects that nobody holds any more */
    ProcessTable(Consumer<TrackedObject> abandoned) {
        this.abandoned = abandoned;
    }

    ProcessEntry get(int tgid) {
        return processes.get(tgid);
    }

    /** The process that a thread which is not observed is known to belong to, or null. */
    ProcessEntry ofThread(int tid) {
        ProcessEntry process = processes.get(tid);
        return process != null ? process : byThread.get(tid);
    }

    /** Thread {@code tid} belongs to {@code process}, which is not observed. */
    void belongs(int tid, ProcessEntry process) {
        if (tid != process.tgid) {
            byThread.put(tid, process);
        }
    }

    /** A thread that is not observed has ended. */
    void threadEnded(int tid) {
        byThread.remove(tid);
    }

    /** A process that is observed from now on, with an empty table of descriptors. */
    ProcessEntry observe(int tgid, int ppid, String comm, long startNs) {
        ProcessEntry process = processes.get(tgid);
        if (process == null) {
            process = outsider(tgid, ppid, comm);
        }
        process.ppid = ppid;
        process.id = new ProcessId(tgid, ppid, startNs, started++);
        observedAlive.add(tgid);
        ProcessEntry parent = processes.get(ppid);
        if (parent != null && parent.observed()) {
            parent.children.add(process);
            parent.forgetChildPeers();
        }
        return process;
    }

    ProcessEntry outsider(int tgid, int ppid, String comm) {
        ProcessEntry process = new ProcessEntry(tgid, ppid, comm);
        process.fds = new FdTable(process, abandoned);
        processes.put(tgid, process);
        return process;
    }

    /** Whether one of the observed that are not known to have ended is alive by {@code isAlive}. */
    boolean isAnyAlive(IntPredicate isAlive) {
        for (ProcessEntry process : processes.values()) {
            if (process.observed() && process.liveThreads > 0 && isAlive.test(process.tgid)) {
                return true;
            }
        }
        return false;
    }

    /** Processes observed whose last thread has not ended yet. */
    int observedAlive() {
        return observedAlive.size();
    }

    /** Their numbers. Any thread. */
    List<Integer> observed() {
        return observedAlive.stream().sorted().toList();
    }

    /** The last thread of an observed process has ended; it keeps what it holds until {@link #remove}. */
    void ended(ProcessEntry process) {
        observedAlive.remove(process.tgid);
        ProcessEntry parent = processes.get(process.ppid);
        if (parent != null && parent.children.remove(process)) {
            parent.forgetChildPeers();
        }
    }

    /** Closes what the process held, and forgets it. */
    void remove(ProcessEntry process) {
        process.releaseUsed();
        process.fds.leave(process);
        if (processes.get(process.tgid) == process) {
            processes.remove(process.tgid);
        }
    }

    void rename(ProcessEntry process, String comm) {
        process.rename(comm);
        ProcessEntry parent = processes.get(process.ppid);
        if (parent != null) {
            parent.forgetChildPeers();
        }
    }

    /** Some events were lost: what is known of descriptors may be out of date. */
    void suspectDescriptors() {
        for (ProcessEntry process : processes.values()) {
            process.fds.suspectAll();
        }
    }

    /** What is waited for by wait4(2) and pidfds: the end of process {@code tgid}, known or not. */
    TrackedObject child(int tgid) {
        ProcessEntry process = processes.get(tgid);
        if (process == null) {
            return new TrackedObject(new KernelObject(ObjectKind.CHILD, "child " + tgid, tgid), true);
        }
        if (process.child == null) {
            process.child = new TrackedObject(new KernelObject(ObjectKind.CHILD, "child " + tgid, tgid), true);
        }
        return process.child;
    }
}
