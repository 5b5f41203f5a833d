package ktrace.system;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import ktrace.event.EventStamper;
import ktrace.event.Fact;
import ktrace.event.FdSnapshot;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadId;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.facts.Questions;
import ktrace.linux.PrevState;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.ObjectTable;
import ktrace.system.ready.CpuTable;
import ktrace.system.ready.Ready;
import ktrace.system.wide.WideView;

/**
 * Knows who exists, what each descriptor refers to and who is at its other end, and stamps each event with it. Later stages read
 * the stamps and never these tables.
 *
 * <p>A function of the stream: what no event told it asks, and the answer is an event again ({@link Fact}). So the same stream
 * gives the same stamps, live and when a trace is read. Everything here is written by the one thread that calls {@link #onEvent},
 * and nothing here blocks. An event allocates nothing, unless it brings something new: a thread, a pipe, a question.
 *
 * <pre>
 *   TASK_NEWTASK, EXEC, EXIT, *_STATE ──► Lives, Ends ──► ThreadTable, ProcessTable
 *   SYS_ENTER ──► SystemCall.enter: what does it work on?   ──(not known)──► Lookups ──► Questions
 *   FACT, FD_STATE ──► Lookups ──► FdTable, ProcessTable
 *   SYS_EXIT  ──► SystemCall.exit: what has it changed?
 *   SCHED_WAKING ──► Wakings ──► SystemCall.confirms: was the waker at work on what the woken waited for?
 * </pre>
 */
public final class SystemTracker implements EventStamper {
    private final TraceCounters counters;
    private final FamilySet families;
    private final FamilySet.CallTable calls;
    private final ObjectTable objects;
    private final ProcessTable processes;
    private final ThreadTable threads;
    private final CpuTable cpus = new CpuTable();
    private final Lookups lookups;
    private final Lives lives;
    private final Ends ends;
    private final CallPairing pairing;
    private final Machine machine;
    private final Wakings wakings;
    private final Releases releases;
    private final Waits waits;
    private final LongWaits longWaits;
    private final Targets targets;
    private final Ready ready;
    private IntConsumer onExec = tgid -> { };
    private boolean exitsMayBeLost;
    private boolean namesFirst;
    /** START said that no scheduler events will come: what ended a wait is told by the calls of others alone. */
    private boolean noScheduler;

    /**
     * @param families what it is to know of waits
     * @param numberOf the number of a system call by its name ({@code SyscallTable.current()::find})
     * @param counters this stage's own
     */
    public SystemTracker(Targets targets, FamilySet families, Questions questions, Function<String, OptionalInt> numberOf,
            TraceCounters counters) {
        this.targets = targets;
        this.families = families;
        this.counters = counters;
        calls = new FamilySet.CallTable(families, numberOf);
        objects = new ObjectTable(families.numbered());
        processes = new ProcessTable(objects);
        threads = new ThreadTable(objects);
        ready = new Ready(questions);
        lookups = new Lookups(questions, families, objects, processes, counters);
        WideView view = new WideView(counters);
        ends = new Ends(targets, threads, processes, view);
        lives = new Lives(targets, threads, processes, ends, view, counters);
        pairing = new CallPairing(counters);
        Releases.RecentEnds recentEnds = new Releases.RecentEnds();
        machine = new Machine(families, processes, threads, objects, lookups, recentEnds);
        waits = new Waits(machine, families, calls, lookups, threads, pairing);
        longWaits = new LongWaits(machine, lookups, threads, view);
        WakeUp wakeUp = new WakeUp(machine, families);
        releases = new Releases(machine, recentEnds, wakeUp);
        wakings = new Wakings(machine, wakeUp, new OutsideWakers(processes, lookups, cpus, calls), cpus, counters);
    }

    /**
     * {@code action} is run, on the tracker's thread, when the last observed process has ended: nothing more is to come. Of the
     * whole system there is no last one: when the trace begins, few are known, and those few may end.
     */
    public void onLastExit(Runnable action) {
        if (!targets.wholeSystem()) {
            ends.onLastExit = action;
        }
    }

    /** The numbers of the processes that are observed and have not ended, ascending. Any thread. */
    public List<Integer> observed() {
        return processes.observed();
    }

    /** The numbers of those that are watched for states alone. Any thread. */
    public List<Integer> watched() {
        return processes.watched.stream().sorted().toList();
    }

    /**
     * {@code isAlive} is asked, on the tracker's thread, whether a process still runs: before the trace ends, where the kernel did
     * not say that it was the last thread that ended, and at each interval, because the end of the last may not have been seen.
     * It decides when the trace ends, and nothing else.
     */
    public void confirmExitsBy(IntPredicate isAlive) {
        ends.isAlive = isAlive;
    }

    /**
     * {@code action} is told, on the tracker's thread, the number of each observed process whose system calls have stopped to come,
     * because the kernel has taken its events away.
     */
    public void onEventsTaken(IntConsumer action) {
        pairing.onEventsTaken = action;
    }

    /** Each call is wanted with the name of what it is on: what is not known is asked before the call. */
    public void wantNames() {
        namesFirst = true;
    }

    /**
     * {@code action} is told, on the tracker's thread, the number of each observed process that has become another program: no
     * event carries its arguments.
     */
    public void onExec(IntConsumer action) {
        onExec = action;
    }

    /** {@code action} is told, on the tracker's thread, who is to be watched: a {@link Fact.OfWatch} answers. */
    public void onAwaited(IntConsumer action) {
        lives.onAwaited = action;
    }

    @Override
    public void onEvent(TraceEvent event) {
        event.clearStamps();
        pairing.passes(event.timeNs);
        lives.meet(event);
        switch (event.type) {
            case START -> {
                lives.startsAt(event.timeNs);
                noScheduler = event.number == 1;
                ends.switchesSeen |= !noScheduler;
            }
            case SYS_ENTER -> enter(event);
            case SYS_EXIT -> exit(event);
            case SCHED_SWITCH -> switched(event);
            case SCHED_WAKING -> {
                long waitedNs = lives.waitedNs(event);
                wakings.woken(event);
                lives.widen(event, threads.get(event.otherTid), waitedNs);
            }
            case SCHED_WAKEUP_NEW -> event.thread = idOf(event.otherTid);
            case SCHED_MIGRATE_TASK -> event.thread = threads.moves(event.otherTid, event.timeNs);
            case SIGNAL_DELIVER -> event.thread = idOf(event.tid);
            case TASK_NEWTASK -> {
                lives.born(event);
                waits.forks(threads.get(event.tid), event, noScheduler);
            }
            case TASK_RENAME -> lives.renamed(event);
            case SCHED_PROCESS_EXEC -> {
                ThreadEntry thread = lives.execed(event);
                if (thread != null) {
                    pairing.execs(thread, event, !noScheduler);
                    onExec.accept(event.thread.process().tgid());
                }
            }
            case SCHED_PROCESS_EXIT -> {
                ThreadEntry thread = noScheduler ? threads.get(event.tid) : null;
                if (thread != null && !thread.exiting) {
                    releases.exits(thread, event.timeNs);
                }
                ends.exited(event);
            }
            case RING_CREATE, RING_SUBMIT, RING_READY, RING_COMPLETE, RING_WAIT, LOCK_CONTENDED, WORK_QUEUED, WORK_STARTED,
                    INET_SOCK_SET_STATE -> families.heard(machine, event);
            case PAGE_FAULTED -> {
                families.heard(machine, event);
                event.thread = event.waitsFor == null ? null : idOf(event.tid);
            }
            case RING_FILE -> {
                families.heard(machine, event);
                wakings.waitsAnew(event);
            }
            case EVENTS_LOST -> {
                exitsMayBeLost = true;
                machine.doubt(event.timeNs);
                cpus.forget(event.cpu);
                ready.doubt();
                threads.forEach(pairing::doubt);
            }
            case PROCESS_STATE -> {
                if (event.payload instanceof ProcessSnapshot snapshot) {
                    lives.announced(snapshot, event);
                }
            }
            case THREAD_STATE -> {
                if (event.payload instanceof ThreadSnapshot snapshot) {
                    announced(snapshot, event);
                }
            }
            case FD_STATE -> {
                if (event.payload instanceof FdSnapshot snapshot) {
                    lookups.announced(snapshot, event.timeNs);
                    if (noScheduler) {
                        waits.known(snapshot.tgid(), snapshot.fd(), event, true);
                    }
                }
            }
            case FACT -> {
                if (event.payload instanceof Fact fact) {
                    lookups.answered(fact, event.timeNs);
                    families.learned(machine, fact);
                    switch (fact) {
                        case Fact.OfQuota quota when processes.get(quota.tgid()) != null ->
                                ready.answered(processes.get(quota.tgid()).bond, quota, event.timeNs);
                        case Fact.OfAffinity pin when threads.get(pin.tid()) != null ->
                                ready.answered(threads.get(pin.tid()).turn, pin, event.timeNs);
                        case Fact.OfSleep sleep -> waits.learn(sleep, event);
                        case Fact.OfWatch watch -> lives.watch(watch, event.timeNs);
                        case Fact.OfDescriptor(int tgid, int fd, FdSnapshot _) -> waits.known(tgid, fd, event, noScheduler);
                        case Fact.Submitted submitted -> waits.known(submitted, event);
                        case Fact.OfSteal theft -> ready.answered(theft, event.timeNs);
                        case Fact.HeldBy held -> {
                            longWaits.learn(held, event, noScheduler);
                            lives.widen(event, held);
                        }
                        case Fact.OfOpening opening when threads.get(opening.tid()) != null ->
                                threads.get(opening.tid()).settle(objects);
                        default -> { }
                    }
                }
            }
            case INTERVAL -> ends.confirm();
            case END -> { }
        }
        objects.settle();
    }

    /** A thread blocks, or wakes another, or, where no scheduler is seen, may block: what it works on should be known by then. */
    @Override
    public boolean asksBefore(TraceEvent event) {
        boolean asked = false;
        switch (event.type) {
            case SCHED_SWITCH -> {
                ThreadEntry prev = (event.number & PrevState.NOT_RUNNABLE) == 0 ? null : threads.get(event.tid);
                if (Waits.isInCall(prev) && event.number == PrevState.UNINTERRUPTIBLE) {
                    prev.call().ask(machine, prev, event.timeNs);
                } else if (Waits.isInCall(prev)) {
                    prev.call().askInterruptible(machine, prev, event.timeNs);
                }
                if (prev != null && !prev.exiting) {
                    waits.ask(prev, event);
                }
                ThreadEntry next = threads.get(event.otherTid);
                asked = next != null && ready.asksBefore(next.process.bond, next.turn, next.process.tgid, next.tid, event.timeNs);
            }
            case SCHED_WAKING -> {
                ThreadEntry woken = event.tid == event.otherTid ? null : threads.get(event.otherTid);
                if (woken != null) {
                    waits.ask(woken, threads.get(event.tid), event.timeNs);
                }
            }
            case RING_FILE, RING_READY, RING_COMPLETE, WORK_QUEUED, PAGE_FAULTED -> families.ask(machine, event);
            case SYS_ENTER -> {
                ThreadEntry caller = noScheduler || namesFirst ? threads.get(event.tid) : null;
                if (caller != null) {
                    calls.of(event.number).askBefore(machine, caller.process, event);
                }
            }
            case THREAD_STATE -> {
                if (noScheduler && event.payload instanceof ThreadSnapshot snapshot) {
                    waits.ask(snapshot, event);
                }
            }
            default -> { }
        }
        return lookups.takeAskedNow() | asked;
    }

    @Override
    public void passes(long nowNs) {
        longWaits.pass(nowNs, noScheduler);
    }

    private ThreadId idOf(int tid) {
        ThreadEntry thread = threads.get(tid);
        return thread == null ? null : thread.id;
    }

    private void enter(TraceEvent event) {
        ThreadEntry thread = lives.caller(event);
        if (thread == null) {
            return;
        }
        event.thread = thread.id;
        thread.process.eventsTaken = false;
        if (!thread.exiting) {
            pairing.enters(thread, event);
        }
        if (calls.isRestart(event.number)) {
            // It finds the arguments of the call before in the registers; a recorded trace has none for it.
            thread.restartSyscall((int) event.number);
        } else {
            thread.enterSyscall(calls.of(event.number), (int) event.number);
            thread.takeArguments(event);
        }
        machine.enter(thread, event);
        event.onDescriptor = thread.call().isOnDescriptor();
        lives.widen(event, thread, wakings.calls(thread, event));
        if (noScheduler) {
            releases.begin(thread);
            CallPairing.waitsInCall(thread, event);
        }
        thread.settle(objects);
    }

    private void exit(TraceEvent event) {
        ThreadEntry thread = threads.get(event.tid);
        if (thread == null || thread.process.statesOnly()) {
            return;
        }
        event.thread = thread.id;
        if (noScheduler && thread.inSyscall()) {
            releases.end(thread, event);
            wakings.endsWait(thread, event);
        }
        Guesses.returns(thread, event);
        if (thread.number() == event.number) {
            thread.call().exit(machine, thread, event.result, event.timeNs);
            CallPairing.moves(thread, event.result, event.timeNs);
            thread.returns(event.result);
            int reaped = thread.call().reaps(thread, event.result);
            if (reaped > 0) {
                ends.reaped(thread.process, reaped, exitsMayBeLost);
            }
        }
        if (!thread.exiting) {
            pairing.exits(thread, event);
        }
        thread.leaveSyscall();
        thread.settle(objects);
    }

    private void switched(TraceEvent event) {
        ends.switchesSeen = true;
        cpus.runs(event.cpu, event.otherTid, event.comm0, event.comm1);
        ThreadEntry prev = lives.leaves(event);
        pairing.switched(prev, threads.get(event.otherTid), event);
        ThreadEntry next = threads.get(event.otherTid);
        if (next != null) {
            ready.comesBack(next.process.bond, next.turn, event);
            next.runs(event.timeNs);
            event.otherThread = next.id;
            if (event.comm0 != 0) {
                next.rename(event.comm0, event.comm1);
            }
        }
        if (prev == null) {
            return;
        }
        event.thread = prev.id;
        if ((event.number & PrevState.DEAD) != 0) {
            ends.lastSwitch(prev);
        } else if ((event.number & PrevState.NOT_RUNNABLE) != 0) {
            if (Waits.isInCall(prev)) {
                prev.call().settle(machine, prev, event.timeNs);
                lookups.countUnknown(prev);
                prev.stampAnew(machine);
                prev.settle(objects);
            }
            waits.begin(prev, event.number, event);
        } else {
            ready.preempted(prev.process.bond, prev.turn, prev.process.tgid, prev.tid, event.timeNs);
        }
    }

    private void announced(ThreadSnapshot snapshot, TraceEvent event) {
        ThreadEntry known = lives.announced(snapshot, event);
        ThreadEntry thread = known == null && noScheduler ? waits.announcedAnew(snapshot) : known;
        if (thread != null) {
            waits.told(thread, snapshot, event, noScheduler);
        }
    }
}
