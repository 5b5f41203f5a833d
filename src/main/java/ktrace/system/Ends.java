package ktrace.system;

import java.util.ArrayDeque;
import java.util.function.IntPredicate;
import ktrace.event.TraceEvent;
import ktrace.system.wide.WideView;
import org.agrona.collections.IntHashSet;

/**
 * Ends of threads, of processes, and of the trace with the last of them.
 *
 * <p>Used on the tracker's thread. Allocates next to nothing.
 */
final class Ends {
    private static final int EXITING_LIMIT = 1 << 12;

    private final Targets targets;
    private final ThreadTable threads;
    private final ProcessTable processes;
    private final WideView view;
    /** Without sched_switch (ptrace) nothing tells when an exiting thread has closed its files. */
    boolean switchesSeen;
    Runnable onLastExit = () -> { };
    /** Null when nobody can be asked. */
    IntPredicate isAlive;
    /** Targets that have ended: what /proc told of one before, and is heard late, does not bring it back. */
    private final IntHashSet ended = new IntHashSet();
    /** Those that are closing their files, and some that were. */
    private final ArrayDeque<ThreadEntry> exiting = new ArrayDeque<>();
    /** The observed process that has ended last, 0 before there is one, and whether the kernel said so itself. */
    private int lastEnded;
    private boolean lastEndIsSure;

    Ends(Targets targets, ThreadTable threads, ProcessTable processes, WideView view) {
        this.view = view;
        this.targets = targets;
        this.threads = threads;
        this.processes = processes;
    }

    /** Whether process {@code tgid}, a target, has ended. */
    boolean haveSeen(int tgid) {
        return ended.contains(tgid);
    }

    /**
     * SCHED_PROCESS_EXIT, which the kernel records before the thread gives back its memory, closes its files and tells its parent.
     * All that goes on until its last switch.
     */
    void exited(TraceEvent event) {
        ThreadEntry thread = threads.get(event.tid);
        if (thread == null) {
            processes.threadEnded(event.tid);
            boolean isLast = event.arg1 == TraceEvent.LAST_OF_PROCESS;
            ProcessEntry process = processes.get(isLast && event.tgid > 0 ? event.tgid : event.tid);
            if (process != null && process.threads.isEmpty() && event.arg1 != TraceEvent.OTHERS_LIVE) {
                // An outsider, or one that was told of but none of its threads yet.
                gone(process);
                endWithTheLast();
            }
            return;
        }
        event.thread = thread.id;
        thread.process.lastExit = (int) event.arg1;
        markExiting(thread);
        if (thread.process.liveThreads == 0 && hasEnded(thread.process)) {
            // It has ended for its parent, though it closes files still.
            thread.process.becomeChildOf(null);
        }
        if (switchesSeen) {
            awaitLastSwitch(thread);
        } else {
            finish(thread);
            endWithTheLast();
        }
    }

    /**
     * The thread was switched out for the last time. The process ends with the last of those that are known, unless there may be
     * others.
     */
    void finish(ThreadEntry thread) {
        ProcessEntry process = thread.process;
        if (threads.remove(thread) && process.threads.isEmpty() && hasEnded(process)) {
            ended(process);
            processes.remove(process);
        }
    }

    private static boolean hasEnded(ProcessEntry process) {
        return process.lastExit == TraceEvent.LAST_OF_PROCESS || process.lastExit != TraceEvent.OTHERS_LIVE && process.threadsKnown;
    }

    /** It was switched out in a state in which it never runs again. */
    void lastSwitch(ThreadEntry thread) {
        vanish(thread);
        endWithTheLast();
    }

    /** Its end was not seen, but it must have ended. */
    void vanish(ThreadEntry thread) {
        markExiting(thread);
        finish(thread);
    }

    /** {@code parent} has reaped a child (wait4(2)), whose end may have been lost, or was not to be seen: it is gone. */
    void reaped(ProcessEntry parent, int number, boolean endsMayBeLost) {
        ProcessEntry child = processes.get(parent.outside(number));
        // It may be in a namespace that nobody has told of.
        if (child != null && child.ppid == parent.tgid && (!child.observed() || endsMayBeLost && child.liveThreads > 0)) {
            gone(child);
        }
    }

    /** A process has ended, however many of its threads were not seen to. */
    void gone(ProcessEntry process) {
        while (!process.threads.isEmpty()) {
            vanish(process.threads.getFirst());
        }
        if (process.observed()) {
            ended(process);
        }
        processes.remove(process);
    }

    private void ended(ProcessEntry process) {
        if (process.statesOnly()) {
            view.leaves(process.tgid);
            return;
        }
        processes.ended(process);
        lastEnded = process.tgid;
        lastEndIsSure = process.lastExit == TraceEvent.LAST_OF_PROCESS;
        if (targets.tgids().contains(process.tgid)) {
            ended.add(process.tgid);
        }
    }

    /**
     * No observed process is left: none that is known, and whoever can be asked says nothing else. Which was the last thread of a
     * process that was there before, not all kernels tell.
     */
    private void endWithTheLast() {
        boolean sure = !switchesSeen || lastEndIsSure || isAlive == null;
        if (lastEnded != 0 && processes.observedAlive() == 0 && (sure || !isAlive.test(lastEnded))) {
            onLastExit.run();
        }
    }

    /** The same, where ends may not have been seen. */
    void confirm() {
        if (processes.observedAlive() == 0) {
            endWithTheLast();
        } else if (isAlive != null && !processes.isAnyAlive(isAlive)) {
            onLastExit.run();
        }
    }

    /**
     * Files are closed until the last switch. When that was lost the thread ends with its number's next use, or when very many
     * have begun to end since.
     */
    private void awaitLastSwitch(ThreadEntry thread) {
        exiting.addLast(thread);
        while (exiting.size() > EXITING_LIMIT || threads.get(exiting.getFirst().tid) != exiting.getFirst()) {
            finish(exiting.removeFirst());
        }
    }

    private static void markExiting(ThreadEntry thread) {
        if (!thread.exiting) {
            thread.exiting = true;
            thread.process.liveThreads--;
        }
    }
}
