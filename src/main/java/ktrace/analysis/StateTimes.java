package ktrace.analysis;

/**
 * Where the time of a thread, or of all threads of a process, went. The parts of blocked sum to {@code blockedNs}.
 *
 * @param runningNs on a CPU
 * @param runnableNs ready, waiting for a CPU
 * @param throttledNs of that, while its control group had used up what it may have of the CPUs; at least so much
 * @param unknownNs before the first event, and after loss
 * @param ipcNs blocked in a call that waits for somebody else, who is to act
 * @param idleNs blocked in such a call while there was nothing to do: nobody had handed over any work
 * @param diskNs blocked on storage
 * @param sleepNs blocked because it asked to sleep
 * @param pagefaultNs blocked outside a system call, uninterruptibly
 * @param stoppedNs held still by a signal, a debugger or the freezer
 * @param otherNs blocked for a reason that is none of these
 * @param switchesVoluntary times it left the CPU to wait
 * @param switchesInvoluntary times it was preempted
 * @param migrations times the scheduler moved it to another CPU
 */
public record StateTimes(long runningNs, long runnableNs, long throttledNs, long blockedNs, long unknownNs, long ipcNs,
        long idleNs, long diskNs, long sleepNs, long pagefaultNs, long stoppedNs, long otherNs, long switchesVoluntary,
        long switchesInvoluntary, long migrations) {

    public static final StateTimes NONE = new StateTimes(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** One of whom nobody says when it had nothing to do. */
    public StateTimes(long runningNs, long runnableNs, long throttledNs, long blockedNs, long unknownNs, long ipcNs, long diskNs,
            long sleepNs, long pagefaultNs, long stoppedNs, long otherNs, long switchesVoluntary, long switchesInvoluntary,
            long migrations) {
        this(runningNs, runnableNs, throttledNs, blockedNs, unknownNs, ipcNs, 0, diskNs, sleepNs, pagefaultNs, stoppedNs, otherNs,
                switchesVoluntary, switchesInvoluntary, migrations);
    }

    /** The time under observation. */
    public long totalNs() {
        return runningNs + runnableNs + blockedNs + unknownNs;
    }

    public StateTimes plus(StateTimes o) {
        return new StateTimes(runningNs + o.runningNs, runnableNs + o.runnableNs, throttledNs + o.throttledNs,
                blockedNs + o.blockedNs, unknownNs + o.unknownNs, ipcNs + o.ipcNs, idleNs + o.idleNs, diskNs + o.diskNs,
                sleepNs + o.sleepNs, pagefaultNs + o.pagefaultNs, stoppedNs + o.stoppedNs, otherNs + o.otherNs, switchesVoluntary + o.switchesVoluntary,
                switchesInvoluntary + o.switchesInvoluntary, migrations + o.migrations);
    }
}
