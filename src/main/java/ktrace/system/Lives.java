package ktrace.system;

import java.util.function.IntConsumer;
import ktrace.event.Comm;
import ktrace.event.Fact;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.linux.PrevState;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.TrackedObject;
import ktrace.system.wide.WideView;

/**
 * Births, renamings and execs: who is observed from when. {@link Ends} has until when.
 *
 * <p>Used on the tracker's thread. Allocates when a thread is born.
 */
final class Lives {
    private static final int CLONE_FILES = 0x400;
    private static final int CLONE_PARENT = 0x8000;
    private static final int CLONE_THREAD = 0x10000;
    private static final int CLONE_NEWPID = 0x20000000;
    /** A table that /proc told of this long ago has been told of to its end. */
    private static final long DUMP_NS = 1_000_000_000L;
    private static final long NOT_TOLD = Long.MIN_VALUE;
    /** PID_MAX_LIMIT of include/linux/threads.h. */
    private static final int TID_LIMIT = 1 << 22;

    private final Targets targets;
    private final ThreadTable threads;
    private final ProcessTable processes;
    private final TraceCounters counters;
    private final Ends ends;
    private final WideView view;
    IntConsumer onAwaited = tgid -> { };
    private long traceStartNs = NOT_TOLD;

    Lives(Targets targets, ThreadTable threads, ProcessTable processes, Ends ends, WideView view, TraceCounters counters) {
        this.targets = targets;
        this.threads = threads;
        this.processes = processes;
        this.ends = ends;
        this.view = view;
        this.counters = counters;
    }

    /**
     * The caller of a system call; made known when it belongs to an observed process, or to one that is to be.
     *
     * @return null when it is not observed
     */
    ThreadEntry caller(TraceEvent event) {
        ThreadEntry thread = threads.get(event.tid);
        if (thread != null && (event.tgid <= 0 || thread.process.tgid == event.tgid)) {
            return thread.process.statesOnly() ? null : thread;
        }
        if (event.tgid <= 0) {
            return null;
        }
        ProcessEntry process = processes.get(event.tgid);
        boolean observed = process != null && process.observed();
        if (observed ? process.statesOnly() : !targets.includes(event.tgid)) {
            return null;
        }
        if (thread != null) {
            ends.vanish(thread);
        }
        if (event.timeNs - since(event) >= DUMP_NS) {
            // Before that it is one that /proc was about to tell of.
            counters.increment(TraceCounter.UNKNOWN_THREAD);
        }
        if (!observed) {
            process = processes.observe(event.tgid, 0, "", since(event));
        }
        process.threadsKnown |= event.tid == event.tgid;
        return start(event.tid, process, since(event));
    }

    /**
     * SCHED_SWITCH: the thread that leaves its CPU, also one of those asked for that nothing has told of yet.
     *
     * @return null when it is not observed
     */
    ThreadEntry leaves(TraceEvent event) {
        ThreadEntry thread = threads.get(event.tid);
        if (thread != null || event.tgid <= 0 || targets.wholeSystem() || (event.number & PrevState.DEAD) != 0) {
            return thread;
        }
        return caller(event);
    }

    /** Threads that a stream tells of which need not have told whose they are: every event of theirs counts. */
    void meet(TraceEvent event) {
        if (targets.tgidOf() == null) {
            return;
        }
        switch (event.type) {
            case SCHED_SWITCH -> {
                if (ends.switchesSeen || (event.number & PrevState.DEAD) == 0) {
                    // Else its end was told before it had to be expected that this switch comes.
                    meet(event.tid, event.arg0, event.arg1, event);
                }
                meet(event.otherTid, event.comm0, event.comm1, event);
            }
            case SCHED_WAKING, SCHED_WAKEUP_NEW, SCHED_MIGRATE_TASK -> meet(event.otherTid, event.comm0, event.comm1, event);
            case SCHED_PROCESS_EXIT -> meet(event.tid, event.comm0, event.comm1, event);
            case SYS_ENTER, SYS_EXIT, TASK_NEWTASK, TASK_RENAME -> meet(event.tid, 0, 0, event);
            case SCHED_PROCESS_EXEC -> meet(event.otherTid, 0, 0, event);
            default -> { }
        }
    }

    private void meet(int tid, long comm0, long comm1, TraceEvent event) {
        if (tid <= 0 || tid >= TID_LIMIT) {
            return;
        }
        ThreadEntry thread = threads.get(tid);
        if (thread == null) {
            int told = event.tgid > 0 && tid == event.tid ? event.tgid : targets.tgidOf().applyAsInt(tid);
            int tgid = told > 0 ? told : tid;
            ProcessEntry process = processes.get(tgid);
            if (process == null || !process.observed()) {
                process = processes.observe(tgid, 0, "", since(event));
                if (told <= 0) {
                    counters.increment(TraceCounter.UNKNOWN_PROCESS);
                }
            }
            thread = start(tid, process, since(event));
        }
        if (comm0 != 0 && thread.process.peer.comm().isEmpty()) {
            thread.rename(comm0, comm1);
            thread.process.rename(Comm.text(comm0, comm1));
        }
    }

    /** TASK_NEWTASK. */
    void born(TraceEvent event) {
        int tid = event.otherTid;
        int flags = (int) event.number;
        ThreadEntry before = threads.get(tid);
        if (before != null) {
            ends.vanish(before);
        }
        ThreadEntry parentThread = threads.get(event.tid);
        ProcessEntry parent = parentThread != null ? parentThread.process : processes.get(event.tgid);
        boolean parentObserved = parent != null && parent.observed();
        event.otherThread = parentThread == null ? null : parentThread.id;
        if ((flags & CLONE_THREAD) != 0) {
            if (parentObserved) {
                event.thread = started(tid, parent, event).id;
            }
            return;
        }
        ProcessEntry stale = processes.get(tid);
        if (stale != null) {
            ends.gone(stale);
        }
        // Who is watched for states is watched alone.
        parentObserved &= parent == null || !parent.statesOnly();
        int parentTgid = parent != null ? parent.tgid : event.tgid;
        int ppid = (flags & CLONE_PARENT) != 0 && parent != null ? parent.ppid : parentTgid;
        boolean observed = targets.includesChild(tid, parentObserved);
        if (!observed && !parentObserved) {
            return;
        }
        String comm = Comm.text(event.comm0, event.comm1);
        ProcessEntry child = observed
                ? processes.observe(tid, ppid, comm, event.timeNs)
                : processes.outsider(tid, ppid, comm);
        if (parent != null) {
            if ((flags & CLONE_FILES) != 0) {
                child.fds = parent.fds;
                child.fds.share(child);
            } else {
                settled(parent.fds, event.timeNs);
                child.fds = parent.fds.copyFor(child);
            }
        }
        if (!observed) {
            child.place.leaveOut();
        }
        child.threadsKnown = true;
        child.inNamespace = parent != null && parent.inNamespace || (flags & CLONE_NEWPID) != 0;
        if (parentThread != null) {
            parentThread.made = child;
        }
        if (observed) {
            event.thread = started(tid, child, event).id;
        }
    }

    /** TASK_RENAME: the leader's name is the process's. */
    void renamed(TraceEvent event) {
        ThreadEntry thread = threads.get(event.tid);
        if (thread != null) {
            event.thread = thread.id;
            thread.rename(event.comm0, event.comm1);
        }
        ProcessEntry process = processes.get(event.tid);
        if (process != null) {
            process.rename(Comm.text(event.comm0, event.comm1));
        }
    }

    /** What exec calls a thread: the last part of the file's path, cut to what fits (begin_new_exec in fs/exec.c). */
    private static String commOf(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        return Comm.text(Comm.pack(name, 0), Comm.pack(name, 8));
    }

    /** Since when one is observed that must have been there before this event. */
    private long since(TraceEvent event) {
        return traceStartNs == NOT_TOLD ? event.timeNs : traceStartNs;
    }

    /** The same of a thread of {@code process}. */
    private long since(ProcessEntry process, TraceEvent event) {
        return process.statesOnly() ? process.id.startNs() : since(event);
    }

    /** The trace begins: whoever was there before and is heard of later has been observed since then. */
    void startsAt(long timeNs) {
        traceStartNs = timeNs;
    }

    /** SCHED_PROCESS_EXEC. A thread that was not the leader goes on under the leader's number. */
    ThreadEntry execed(TraceEvent event) {
        ThreadEntry thread = threads.get(event.otherTid);
        ProcessEntry process = thread != null ? thread.process : processes.get(event.tid);
        if (process == null && targets.includes(event.tid)) {
            process = processes.observe(event.tid, 0, "", since(event));
        }
        if (process == null) {
            return null;
        }
        if (thread == null && process.observed()) {
            // A command's first exec: ktrace tells of its process and descriptors before, and of its thread only now.
            thread = start(event.tid, process, since(process, event));
            if (event.payload instanceof String file) {
                // Its renaming came before the trace began.
                process.rename(commOf(file));
            }
        }
        if (thread != null && thread.tid != event.tid) {
            ThreadEntry leader = threads.get(event.tid);
            if (leader != null) {
                ends.vanish(leader);
            }
            ThreadEntry successor = start(event.tid, process, event.timeNs);
            successor.continueFrom(thread);
            successor.rename(process.peer.comm());
            event.otherThread = thread.id;
            ends.vanish(thread);
            thread = successor;
        }
        process.unshareDescriptors();
        if (process.fds.announcedNs != Long.MAX_VALUE) {
            // Whoever could exec had been told of to the end: ktrace lets the command go only then.
            process.fds.complete = true;
        }
        TrackedObject[] closed = process.fds.removeCloseOnExec();
        process.releaseUsed();
        process.execed = true;
        process.threadsKnown = true;
        if (thread != null) {
            thread.releasedByExec = closed;
            event.thread = thread.id;
        }
        return thread;
    }

    /** THREAD_STATE: gives the thread if this is the first that was heard of it, else null. */
    ThreadEntry announced(ThreadSnapshot snapshot, TraceEvent event) {
        ThreadEntry known = threads.get(snapshot.tid());
        if (known != null && known.process.tgid == snapshot.tgid()) {
            event.thread = known.id;
            known.rename(snapshot.comm());
            return null;
        }
        ProcessEntry process = processes.get(snapshot.tgid());
        boolean observed = process != null && process.observed();
        if (snapshot.state() == 'Z' || snapshot.state() == 'X'
                || (!observed && (!targets.includes(snapshot.tgid()) || ends.haveSeen(snapshot.tgid())))) {
            return null;
        }
        if (!observed) {
            process = processes.observe(snapshot.tgid(), 0, snapshot.comm(), since(event));
        }
        process.threadsKnown |= snapshot.tid() == snapshot.tgid();
        ThreadEntry thread = start(snapshot.tid(), process, since(process, event));
        thread.rename(snapshot.comm());
        event.thread = thread.id;
        return thread;
    }

    /** PROCESS_STATE. */
    void announced(ProcessSnapshot snapshot, TraceEvent event) {
        ProcessEntry process = processes.get(snapshot.tgid());
        if (process == null || !process.observed()) {
            if (!targets.includesTold(snapshot.tgid()) || ends.haveSeen(snapshot.tgid())) {
                return;
            }
            process = processes.observe(snapshot.tgid(), snapshot.ppid(), snapshot.comm(), since(event));
        }
        processes.adopt(process, snapshot.ppid());
        process.inside = snapshot.inside();
        process.inNamespace = snapshot.inNamespace();
        process.rename(snapshot.comm());
        if (targets.told() && process.fds.announcedNs != Long.MAX_VALUE) {
            // Told of a second time: ktrace does so when all else has been told.
            process.fds.complete = true;
        }
        // Any of its threads: the first may have ended before the others.
        event.thread = process.threads.isEmpty() ? null : process.threads.getFirst().id;
    }

    /** Whether the lowest free number of a table is the one that the kernel gives out. */
    static boolean settled(FdTable fds, long nowNs) {
        if (!fds.complete && fds.announcedNs < nowNs - DUMP_NS) {
            fds.complete = true;
        }
        return fds.complete;
    }

    /** SCHED_WAKING: for how long the woken has waited, 0 when it does not wait. Before the waking is looked at. */
    long waitedNs(TraceEvent event) {
        ThreadEntry woken = threads.get(event.otherTid);
        return woken == null || woken.waitsIn == 0 ? 0 : event.timeNs - woken.waitsSinceNs;
    }

    /** After so long a wait of {@code woken}: whoever ended it, as the event is stamped, may be one to be watched. */
    void widen(TraceEvent event, ThreadEntry woken, long waitedNs) {
        if (waitedNs != 0 && event.waker != null) {
            Waits.awaited(threads.get(event.waker.tid()), woken);
            widen(processes.get(event.waker.pid()), woken.process, waitedNs);
        }
    }

    private void widen(ProcessEntry awaited, ProcessEntry waiter, long waitedNs) {
        if (awaited != null && !awaited.observed() && !awaited.isKernels() && awaited.tgid != targets.ownTgid()
                && view.wants(awaited.tgid, awaited.place, waiter.place, waitedNs)) {
            onAwaited.accept(awaited.tgid);
        }
    }

    /**
     * FACT, as it is stamped: a wait lasts. Whoever holds what is waited for may be one to be watched, or, where nobody is known to, those
     * at its other end.
     */
    void widen(TraceEvent event, Fact.HeldBy fact) {
        ThreadEntry waiter = event.thread == null ? null : threads.get(fact.tid());
        if (waiter == null || !view.isWide()) {
            return;
        }
        long waitedNs = event.timeNs - fact.sinceNs();
        if (fact.holderTgid() != 0) {
            ProcessEntry holder = processes.get(fact.holderTgid());
            widen(holder != null ? holder : processes.outsider(fact.holderTgid(), 0, fact.comm()), waiter.process, waitedNs);
        } else if (LongWaits.isActedOn(waiter, event.peers)) {
            event.peers.forEach(peer -> widen(processes.get(peer.pid()), waiter.process, waitedNs));
        }
    }

    /** FACT: a process is watched from now on, or cannot be. Its state is told next. */
    void watch(Fact.OfWatch fact, long nowNs) {
        ProcessEntry process = processes.get(fact.tgid());
        if (fact.tgid() == 0) {
            view.widens();
        } else if (!fact.isWatched()) {
            view.leaves(fact.tgid());
        } else if (process == null || !process.observed()) {
            process = processes.watch(process != null ? process : processes.outsider(fact.tgid(), 0, ""), nowNs);
            process.fds.suspectAll();
            view.watched(process.tgid, process.place);
        }
    }

    /** The thread that TASK_NEWTASK tells of. */
    private ThreadEntry started(int tid, ProcessEntry process, TraceEvent event) {
        ThreadEntry thread = start(tid, process, event.timeNs);
        thread.rename(event.comm0, event.comm1);
        thread.born = true;
        return thread;
    }

    private ThreadEntry start(int tid, ProcessEntry process, long startNs) {
        ThreadEntry before = threads.get(tid);
        ThreadEntry thread = threads.start(tid, process, startNs);
        process.liveThreads++;
        if (before != null) {
            ends.vanish(before);
        }
        return thread;
    }
}
