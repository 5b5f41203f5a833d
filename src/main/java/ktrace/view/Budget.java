package ktrace.view;

/** How many rows of each kind are shown at most; the rest is folded into one line. */
record Budget(int processes, int threads, int waits, int syscalls) {
    private static final Budget USUAL = new Budget(10, 5, 12, 15);
    /** On a screen with this many rows left for rows of figures, the busiest threads are shown too. */
    private static final int WITH_THREADS = 28;

    /** For output without end, as into a file; {@code top} 0 is the usual number. */
    static Budget of(int top) {
        return top == 0 ? USUAL : new Budget(top, top, top, top);
    }

    /**
     * What fits into {@code rows} rows, headings not counted: waits first, then system calls, then processes. Lines that tell of
     * folded rows are counted in.
     *
     * @param processes how many there are
     * @param threads whether a process has several
     */
    static Budget fit(int rows, int processes, boolean threads, int top) {
        int limit = top == 0 ? Integer.MAX_VALUE : top;
        int shownThreads = threads && rows >= WITH_THREADS ? Math.min(rows / 9, limit) : 0;
        int free = rows - (shownThreads == 0 ? 0 : shownThreads + 3);
        int shownProcesses = Math.clamp(Math.min(processes, free / 4), 1, limit);
        int rest = free - shownProcesses - (shownProcesses < processes ? 1 : 0) - 2;
        int shownWaits = Math.clamp(Math.ceilDiv(rest, 2), 1, limit);
        int shownSyscalls = Math.clamp(rest - shownWaits, 1, limit);
        return new Budget(shownProcesses, shownThreads, shownWaits, shownSyscalls);
    }
}
