package ktrace.view.summary;

import ktrace.story.SummaryRows;

/** How many rows of each kind are shown at most; the rest is folded into one line. */
public record Budget(int processes, int threads, int waits, int syscalls) {
    private static final Budget USUAL = new Budget(10, 5, 12, 15);
    /** Nothing is folded. */
    public static final Budget ALL = of(Integer.MAX_VALUE - 1);
    /** On a screen with this many rows left for rows of figures, the busiest threads are shown too. */
    private static final int WITH_THREADS = 28;

    /** For output without end, as into a file; {@code top} 0 is the usual number. */
    public static Budget of(int top) {
        return top == 0 ? USUAL : new Budget(top, top, top, top);
    }

    /**
     * What fits into {@code rows} rows, headings not counted: a quarter for processes, and what is left in equal parts for waits
     * and for system calls. What one of them does not need the others get; lines that tell of folded rows, or that
     * there are none, are counted in.
     */
    static Budget fit(int rows, SummaryRows found, int top) {
        int limit = top == 0 ? Integer.MAX_VALUE : top;
        int processes = found.processes().size();
        int waits = Math.max(1, found.waitCount());
        int syscalls = Math.max(1, found.syscallCount());
        int shownThreads = found.hasThreads() && rows >= WITH_THREADS ? Math.min(rows / 9, limit) : 0;
        int free = rows - (shownThreads == 0 ? 0 : shownThreads + 3);
        int forProcesses = Math.min(processes, Math.max(free / 4, free - 2 - waits - syscalls));
        int shownProcesses = Math.clamp(forProcesses, 1, limit);
        int rest = free - shownProcesses - (shownProcesses < processes ? 1 : 0);
        int forWaits = Math.max(Math.ceilDiv(rest, 2), rest - syscalls);
        int shownWaits = Math.clamp(waits <= forWaits ? waits : forWaits - 1, 1, limit);
        int forSyscalls = rest - shownWaits - (shownWaits < waits ? 1 : 0);
        int shownSyscalls = Math.clamp(syscalls <= forSyscalls ? syscalls : forSyscalls - 1, 1, limit);
        return new Budget(shownProcesses, shownThreads, shownWaits, shownSyscalls);
    }
}
