package ktrace.intervals;

import java.util.Arrays;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.intervals.Interval.End;
import ktrace.linux.PrevState;

/**
 * The state machine of threads: which event takes a thread from which state to which.
 *
 * <pre>
 *                 switched in                    switched out, S D T …
 *   RUNNABLE ───────────────────► RUNNING ─────────────────────────────► blocked (IPC DISK SLEEP PAGEFAULT OTHER)
 *      ▲  ▲                         │                                        │
 *      │  └─────────────────────────┘ switched out, R                        │
 *      └─────────────────────────────────────────────────────────────────────┘ waking, by somebody else
 *
 *   UNKNOWN ── any of these, or a system call of its own ──► the state that the event leaves it in
 * </pre>
 *
 * <p>Where an event contradicts the state, something was not seen. The time up to the event stays with the state that was believed
 * (see {@link TimeLine}), the thread goes over to what the event shows, and the contradiction is counted:
 * <ul>
 * <li>blocked, and switched in or at work without a waking, nor an {@link EarlyWaking}: the wait ends there. When in between it became
 *     runnable cannot be told, and a wake-up is most often followed by its switch within microseconds, so all of it is blocked, ended
 *     by nobody seen.
 * <li>running on a CPU on which another thread is found running: where it went is not known.
 * <li>moved to another CPU while running: the scheduler moves only what does not run; where it went is not known.
 * </ul>
 * One thread; allocates when a CPU is first seen, when a thread is first woken that is not blocked, and what {@link WaitEnds} does.
 */
final class Scheduling {
    private static final int CPU_LIMIT = 1 << 16;

    private final WaitEnds waits;
    private final TraceCounters counters;
    /** Who is believed to run on each CPU. */
    private TimeLine<?>[] onCpu = new TimeLine<?>[64];
    private final Preempted preempted = new Preempted();

    Scheduling(WaitEnds waits, TraceCounters counters) {
        this.waits = waits;
        this.counters = counters;
    }

    /**
     * A switch; each of the two is null when it is none that is known.
     *
     * @return whether {@code prev} is over
     */
    boolean switched(TimeLine<?> prev, TimeLine<?> next, TraceEvent event) {
        int cpu = event.cpu;
        boolean known = hasPlace(cpu);
        if (known && onCpu[cpu] != null && onCpu[cpu] != prev) {
            lose(onCpu[cpu], event.timeNs);
        }
        boolean over = prev != null && switchedOut(prev, event);
        if (event.otherTid == 0 && known) {
            preempted.goesIdle(cpu, event.timeNs);
        }
        if (next != null) {
            if (next.state() == ThreadState.RUNNABLE && event.arg4 == 0) {
                next.heldBack(event.heldBackNs, event.timeNs);
            }
            switchedIn(next, event.arg4 == 0 ? event.timeNs : lateIn(next, event));
            if (known) {
                next.cpu = cpu;
                onCpu[cpu] = next;
            }
        }
        return over;
    }

    private boolean hasPlace(int cpu) {
        if (cpu >= onCpu.length && cpu < CPU_LIMIT) {
            onCpu = Arrays.copyOf(onCpu, Math.max(cpu + 1, 2 * onCpu.length));
        }
        return cpu >= 0 && cpu < onCpu.length;
    }

    private boolean switchedOut(TimeLine<?> thread, TraceEvent event) {
        long prevState = event.number;
        long nowNs = event.timeNs;
        runs(thread, nowNs);
        leaveCpu(thread);
        if ((prevState & PrevState.NOT_RUNNABLE) == 0) {
            thread.forgetEarly();
            thread.step(ThreadState.RUNNABLE, nowNs, End.PREEMPTED);
            if (hasPlace(event.cpu)) {
                preempted.add(thread, event.cpu);
            }
            return false;
        }
        if ((prevState & PrevState.DEAD) != 0) {
            thread.step(ThreadState.UNKNOWN, nowNs, End.LEFT);
            return true;
        }
        ThreadState wait = thread.wait.begin(event, nowNs);
        thread.step(wait, nowNs, End.LEFT);
        if (thread.early != null && thread.early.isKept()) {
            thread.early.believe(wait, nowNs);
            thread.step(ThreadState.RUNNABLE, nowNs);
        }
        return false;
    }

    /** A thread that would have been woken before its wait, and still was not seen to run, is blocked from then on. */
    void doubtEarly(TimeLine<?> thread, long nowNs) {
        if (isWokenEarly(thread) && nowNs > thread.early.trustedUntilNs()) {
            thread.step(thread.early.otherwise(), thread.early.trustedUntilNs());
            thread.wait.startNs = thread.early.trustedUntilNs();
        }
    }

    private static boolean isWokenEarly(TimeLine<?> thread) {
        return thread.state() == ThreadState.RUNNABLE && thread.early != null && thread.early.isBelieved();
    }

    /** Nobody has woken the thread since it went to wait, and it runs, or what it does is not known any more: it was woken before. */
    void confirmEarly(TimeLine<?> thread) {
        if (isWokenEarly(thread)) {
            waits.wokenEarly(thread, thread.early);
            thread.early.forget();
        }
    }

    /** A blocked thread runs, and no wake-up was seen since it left its CPU. */
    private void runsUnwoken(TimeLine<?> thread, long nowNs) {
        if (thread.early != null && thread.early.isBelieved()) {
            waits.woken(thread, thread.early, nowNs);
        } else {
            waits.unseen(thread, nowNs);
        }
    }

    /** Since when a thread runs of which that was not told as it happened: what was handed over of the time before stays. */
    private long lateIn(TimeLine<?> thread, TraceEvent event) {
        doubtEarly(thread, event.timeNs);
        if (event.arg4 < thread.toldNs() && thread.state() != ThreadState.UNKNOWN) {
            counters.increment(TraceCounter.STATE_CORRECTED);
        }
        return Math.clamp(event.arg4, thread.toldNs(), event.timeNs);
    }

    private void switchedIn(TimeLine<?> thread, long nowNs) {
        doubtEarly(thread, nowNs);
        confirmEarly(thread);
        switch (thread.state()) {
            case RUNNABLE, THROTTLED, UNKNOWN -> { }
            case RUNNING -> {
                counters.increment(TraceCounter.STATE_CORRECTED);
                leaveCpu(thread);
            }
            default -> runsUnwoken(thread, nowNs);
        }
        preempted.remove(thread);
        thread.step(ThreadState.RUNNING, nowNs);
        thread.forgetEarly();
    }

    /** {@code thread} is at work at {@code nowNs}, so it runs. */
    void runs(TimeLine<?> thread, long nowNs) {
        if (thread.state() == ThreadState.RUNNING) {
            return;
        }
        doubtEarly(thread, nowNs);
        confirmEarly(thread);
        ThreadState state = thread.state();
        if (state.blocked()) {
            runsUnwoken(thread, nowNs);
        } else if (state.ready()) {
            counters.increment(TraceCounter.STATE_CORRECTED);
        }
        preempted.remove(thread);
        thread.step(ThreadState.RUNNING, nowNs);
        if (thread.early != null && thread.early.isBelieved()) {
            thread.early.forget();
        }
    }

    /** {@code thread} is at work on {@code cpu}. */
    void runsOn(TimeLine<?> thread, int cpu, long nowNs) {
        runs(thread, nowNs);
        if (hasPlace(cpu) && onCpu[cpu] != thread) {
            if (onCpu[cpu] != null) {
                lose(onCpu[cpu], nowNs);
            }
            leaveCpu(thread);
            onCpu[cpu] = thread;
            thread.cpu = cpu;
        }
    }

    void woken(TimeLine<?> thread, TraceEvent event) {
        if (event.tid == thread.id.tid()) {
            return;
        }
        doubtEarly(thread, event.timeNs);
        ThreadState state = thread.state();
        if (state.blocked()) {
            thread.forgetEarly();
            waits.woken(thread, event);
        } else if (thread.early != null && thread.early.isBelieved()) {
            // It was blocked until now: only such a thread is woken. What was handed over stays.
            counters.increment(TraceCounter.STATE_CORRECTED);
            thread.early.of(event);
            confirmEarly(thread);
            thread.early.forget();
        } else {
            if (thread.early == null) {
                thread.early = new EarlyWaking();
            }
            thread.early.keep(event);
        }
        if (state.blocked() || state == ThreadState.UNKNOWN) {
            thread.step(ThreadState.RUNNABLE, event.timeNs);
        }
    }

    /** What it waits for turns out to be something else: from now on if a part of the wait was told, for what was told is told. */
    void waitsForOther(TimeLine<?> thread, TraceEvent event) {
        if (thread.state().blocked() && thread.isUntold()) {
            thread.waitsAnew(event);
        } else if (thread.state().blocked()) {
            waits.cutShort(thread, event.timeNs);
            thread.step(thread.wait.begin(event, event.timeNs), event.timeNs);
        }
    }

    /** It was born and is ready to run: it can do nothing but wait for a CPU. */
    void born(TimeLine<?> thread, long nowNs) {
        if (thread.state() == ThreadState.UNKNOWN) {
            thread.step(ThreadState.RUNNABLE, nowNs);
        }
    }

    void migrated(TimeLine<?> thread, TraceEvent event) {
        if (thread.state() == ThreadState.RUNNING) {
            lose(thread, event.timeNs);
        } else if (thread.queuedOn >= 0) {
            preempted.remove(thread);
            if (thread.state() == ThreadState.THROTTLED) {
                thread.step(ThreadState.RUNNABLE, event.timeNs);
            }
            int cpu = (int) event.arg1;
            if (hasPlace(cpu)) {
                preempted.add(thread, cpu);
            }
        }
    }

    /** Events were lost: any may have been of this thread. */
    void doubt(TimeLine<?> thread, long nowNs) {
        doubtEarly(thread, nowNs);
        confirmEarly(thread);
        thread.forgetEarly();
        if (thread.state().blocked()) {
            waits.cutShort(thread, nowNs);
        }
        leaveCpu(thread);
        preempted.remove(thread);
        thread.step(ThreadState.UNKNOWN, nowNs);
    }

    /** {@code thread} is over. */
    void end(TimeLine<?> thread, long nowNs) {
        doubtEarly(thread, nowNs);
        confirmEarly(thread);
        thread.forgetEarly();
        if (thread.state().blocked()) {
            waits.cutShort(thread, nowNs);
        }
        waits.takeBack(thread, nowNs);
        leaveCpu(thread);
        preempted.remove(thread);
        thread.step(ThreadState.UNKNOWN, nowNs);
    }

    private void lose(TimeLine<?> thread, long nowNs) {
        leaveCpu(thread);
        if (thread.state() == ThreadState.RUNNING) {
            counters.increment(TraceCounter.STATE_CORRECTED);
            thread.step(ThreadState.UNKNOWN, nowNs);
        }
    }

    private void leaveCpu(TimeLine<?> thread) {
        if (thread.cpu >= 0) {
            if (onCpu[thread.cpu] == thread) {
                onCpu[thread.cpu] = null;
            }
            thread.cpu = -1;
        }
    }
}
