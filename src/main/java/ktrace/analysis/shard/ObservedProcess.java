package ktrace.analysis.shard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.SyscallSummary;
import ktrace.analysis.ThreadSummary;
import ktrace.analysis.WaitSummary;
import ktrace.analysis.calls.Names;
import ktrace.analysis.calls.SyscallLatency;
import ktrace.analysis.waits.ProcessWaits;
import ktrace.event.ProcessId;
import ktrace.event.ProcessSnapshot;
import ktrace.event.TraceCounters;

/** All that is summed up of one process. Written by the thread that aggregates; nothing is allocated per event. */
final class ObservedProcess {
    final ProcessId id;
    final SyscallLatency calls = new SyscallLatency();
    final ProcessWaits waits;
    /** Waits that are in no row yet, while a document is made: null when there are none. */
    private ProcessWaits inNoRow;
    final List<ObservedThread> live = new ArrayList<>();
    final EndedThreads ended;
    /** When the last thread ended; meaningless while there are live ones. */
    private long exitNs;
    private long startNs;
    private int ppid;
    private String comm = "";
    private String cmdline = "";
    /** The number of the window that it ended in, or -1. */
    int endWindow = -1;
    /** How many ended processes are shown together as this one. */
    private long absorbed;
    private ProcessSummary unchanging;

    ObservedProcess(ProcessId id, Limits limits, TraceCounters counters) {
        this.id = id;
        this.startNs = id.startNs();
        this.ppid = id.ppid();
        waits = new ProcessWaits(limits.waits(), limits.pairs(), counters);
        ended = new EndedThreads(limits.endedThreads(), counters);
    }

    void rename(String text) {
        comm = text;
        unchanging = null;
    }

    void describe(ProcessSnapshot snapshot) {
        ppid = snapshot.ppid();
        comm = snapshot.comm();
        cmdline = snapshot.cmdline();
        unchanging = null;
    }

    /** Its arguments are others from now on; until they are read, the file stands for them. */
    void execed(String file) {
        cmdline = file;
    }

    String comm() {
        return comm;
    }

    boolean isAlive() {
        return !live.isEmpty();
    }

    void add(ObservedThread thread) {
        thread.place = live.size();
        live.add(thread);
        endWindow = -1;
        unchanging = null;
    }

    /** @return whether it was the last thread */
    boolean remove(ObservedThread thread, long nowNs, int window) {
        ObservedThread last = live.removeLast();
        if (last != thread) {
            live.set(thread.place, last);
            last.place = thread.place;
        }
        thread.place = -1;
        thread.endWindow = window;
        ended.add(thread);
        if (live.isEmpty()) {
            exitNs = nowNs;
            endWindow = window;
            pack();
            return true;
        }
        return false;
    }

    /** Over all windows, the current one included, as far as it is accounted. */
    long observedNs() {
        long sum = ended.observedNs();
        for (ObservedThread thread : live) {
            sum += thread.states.observedNs();
        }
        return sum;
    }

    /** Takes over the sums of a process that has ended, to be shown with others of its name; {@link #pack} after the last. */
    void absorb(ObservedProcess from) {
        calls.add(from.calls);
        waits.add(from.waits);
        ended.absorb(from.ended);
        startNs = absorbed == 0 ? from.startNs : Math.min(startNs, from.startNs);
        exitNs = Math.max(exitNs, from.exitNs);
        absorbed++;
        cmdline = "(" + absorbed + " processes that have ended)";
        endWindow = Math.max(endWindow, from.endWindow);
        unchanging = null;
    }

    boolean isInWindow(int window) {
        return isAlive() || endWindow == window;
    }

    /** What it waited for may have got a name since. */
    void unify() {
        if (waits.unify()) {
            unchanging = null;
        }
    }

    /** Gives back the room that sums have for more. */
    void pack() {
        calls.pack();
        waits.pack();
    }

    /** Where waits are put that are to be shown once: those going on, and those whose object is a guess. */
    ProcessWaits shown() {
        if (inNoRow == null) {
            inNoRow = ProcessWaits.empty();
        }
        return inNoRow;
    }

    /** The same, for the document that is being made, and none from then on; {@code nothing} when there are none. */
    ProcessWaits takeShown(ProcessWaits nothing) {
        ProcessWaits taken = inNoRow == null ? nothing : inNoRow;
        inNoRow = null;
        return taken;
    }

    /** Gives the summary of the window and adds the window to the totals; {@code shown} are waits that are in no row yet. */
    ProcessSummary closeWindow(int window, ProcessWaits shown, Names names) {
        StateSums sums = new StateSums();
        List<ThreadSummary> rows = new ArrayList<>();
        for (ObservedThread thread : live) {
            sums.add(thread.states.window);
            rows.add(thread.windowSummary());
            thread.states.closeWindow();
        }
        ended.addWindow(sums, rows, window);
        ended.closeWindow(window);
        return summary(rows, sums, calls.closeWindow(names), waits.closeWindow(shown, names.syscalls()));
    }

    /** Of all windows that were closed. */
    ProcessSummary totalSummary(ProcessWaits shown, Names names) {
        if (unchanging != null) {
            return unchanging;
        }
        StateSums sums = new StateSums();
        List<ThreadSummary> rows = new ArrayList<>();
        for (ObservedThread thread : live) {
            sums.add(thread.states.total());
            rows.add(thread.totalSummary());
        }
        ended.addTotal(sums, rows);
        ProcessSummary summary = summary(rows, sums, calls.totalSummaries(names), waits.totalSummaries(shown, names.syscalls()));
        if (!isAlive()) {
            unchanging = summary;
        }
        return summary;
    }

    private ProcessSummary summary(List<ThreadSummary> rows, StateSums sums, List<SyscallSummary> syscalls,
            List<WaitSummary> waitRows) {
        rows.sort(Comparator.comparingInt(ThreadSummary::tid));
        return new ProcessSummary(id.tgid(), ppid, comm, cmdline, startNs, isAlive() ? null : exitNs, id.statesOnly(),
                List.copyOf(rows), sums.times(), syscalls, waitRows);
    }
}
