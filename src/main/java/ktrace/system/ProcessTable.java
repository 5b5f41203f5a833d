package ktrace.system;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessId;
import ktrace.system.objects.ObjectTable;
import ktrace.system.objects.TrackedObject;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Processes by tgid: the observed ones, and outsiders that woke one of them or hold the other end of something. Written by the
 * tracker's thread.
 */
final class ProcessTable {
    /** Nobody may tell of their end. So many are known: those that mattered last. A power of two. */
    private static final int OUTSIDER_LIMIT = 1 << 12;

    private final Int2ObjectHashMap<ProcessEntry> processes = new Int2ObjectHashMap<>();
    private final SequencedSet<ProcessEntry> outsiders = new LinkedHashSet<>();
    private final ObjectTable objects;
    /** The observed whose last thread has not ended yet, for other threads to read. */
    private final Set<Integer> observedAlive = ConcurrentHashMap.newKeySet();
    /** Those that are watched for states, for other threads to read. */
    final Set<Integer> watched = ConcurrentHashMap.newKeySet();
    /** Threads of outsiders that were asked about by their own numbers, which are not their process's: the last of each place. */
    private final int[] outsideTids = new int[OUTSIDER_LIMIT];
    private final ProcessEntry[] outsidersOfTids = new ProcessEntry[OUTSIDER_LIMIT];
    private int started;

    ProcessTable(ObjectTable objects) {
        this.objects = objects;
    }

    ProcessEntry get(int tgid) {
        return processes.get(tgid);
    }

    /** The process that a thread which is not observed is known to belong to, or null. */
    ProcessEntry ofThread(int tid) {
        ProcessEntry process = processes.get(tid);
        if (process != null) {
            return process;
        }
        process = outsideTids[place(tid)] == tid ? outsidersOfTids[place(tid)] : null;
        return process != null && processes.get(process.tgid) == process ? process : null;
    }

    private static int place(int tid) {
        return tid & OUTSIDER_LIMIT - 1;
    }

    /** Thread {@code tid} belongs to {@code process}, which is not observed. */
    void belongs(int tid, ProcessEntry process) {
        if (tid != process.tgid) {
            outsideTids[place(tid)] = tid;
            outsidersOfTids[place(tid)] = process;
        }
    }

    /** A thread that is not observed has ended. */
    void threadEnded(int tid) {
        if (outsideTids[place(tid)] == tid) {
            outsidersOfTids[place(tid)] = null;
        }
    }

    /** A process that is observed from now on, with an empty table of descriptors. */
    ProcessEntry observe(int tgid, int ppid, String comm, long startNs) {
        ProcessEntry process = processes.get(tgid);
        if (process == null) {
            process = outsider(tgid, ppid, comm);
        }
        outsiders.remove(process);
        process.id = new ProcessId(tgid, ppid, startNs, started++);
        observedAlive.add(tgid);
        adopt(process, ppid);
        return process;
    }

    /** A process that is watched for states from now on, which the trace does not last for. */
    ProcessEntry watch(ProcessEntry process, long startNs) {
        outsiders.remove(process);
        process.id = new ProcessId(process.tgid, process.ppid, startNs, started++, true);
        watched.add(process.tgid);
        return process;
    }

    /** The parent of an observed process, as it is told. */
    void adopt(ProcessEntry process, int ppid) {
        process.ppid = ppid;
        ProcessEntry parent = processes.get(ppid);
        if (observedAlive.contains(process.tgid)) {
            process.becomeChildOf(parent != null && parent.observed() && parent != process ? parent : null);
        }
    }

    ProcessEntry outsider(int tgid, int ppid, String comm) {
        ProcessEntry before = processes.get(tgid);
        if (before != null) {
            remove(before);
        }
        ProcessEntry process = new ProcessEntry(tgid, ppid, comm, objects);
        processes.put(tgid, process);
        outsiders.addLast(process);
        if (outsiders.size() > OUTSIDER_LIMIT) {
            remove(outsiders.getFirst());
        }
        return process;
    }

    /** An outsider matters again. */
    void matters(ProcessEntry process) {
        if (!process.observed()) {
            outsiders.addLast(process);
        }
    }

    /** Whether one of the observed that are not known to have ended is alive by {@code isAlive}. */
    boolean isAnyAlive(IntPredicate isAlive) {
        for (ProcessEntry process : processes.values()) {
            if (process.observed() && observedAlive.contains(process.tgid) && isAlive.test(process.tgid)) {
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
        process.becomeChildOf(null);
    }

    /** Closes what the process held, and forgets it. */
    void remove(ProcessEntry process) {
        process.die();
        outsiders.remove(process);
        if (process.statesOnly()) {
            watched.remove(process.tgid);
        }
        if (processes.get(process.tgid) == process) {
            processes.remove(process.tgid);
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
            String inside = process.inside == 0 || process.inside == tgid ? "" : " [" + process.inside + "]";
            process.child = new TrackedObject(new KernelObject(ObjectKind.CHILD, "child " + tgid + inside, tgid), true);
        }
        return process.child;
    }
}
