package ktrace.intervals;

import ktrace.event.EventSink;
import ktrace.event.Fact;
import ktrace.event.ThreadId;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;

/**
 * Makes intervals of stamped events, of all threads.
 *
 * <p>All of it is written by the one thread that calls {@link #onEvent}. An event allocates nothing, unless it brings a new thread,
 * or a thread's poll is guessed at for the first time. At INTERVAL and END it hands over what goes on; nothing else happens at an
 * interval, so what is handed over at last does not depend on where the intervals ended.
 *
 * @param <T> what the consumer keeps of a thread
 */
public final class Intervals<T> implements EventSink {
    /** So many that wait for one another in a row are told of in the order in which they do. */
    private static final int MOST_HELD_UP = 64;

    private final IntervalSink<T> sink;
    private final Interval interval = new Interval();
    private final ThreadTable<T> threads = new ThreadTable<>();
    private final WaitEnds waits;
    private final Scheduling scheduling;
    private final CallWaits callWaits;
    /** Without scheduler events (ptrace) a thread at work is not known to run until it stops doing so: it stays unknown. */
    private boolean schedulerSeen;
    /** START said that no scheduler events will come. */
    private boolean noScheduler;

    /**
     * @param counters written by this stage's thread
     */
    public Intervals(TraceCounters counters, IntervalSink<T> sink) {
        this.sink = sink;
        waits = new WaitEnds(counters, interval);
        scheduling = new Scheduling(waits, counters);
        callWaits = new CallWaits(waits);
    }

    /** What the consumer keeps of a thread; null when it was not met, or has ended. */
    public T of(ThreadId id) {
        TimeLine<T> line = id == null ? null : threads.get(id);
        return line == null ? null : line.subject;
    }

    @Override
    public void onEvent(TraceEvent event) {
        switch (event.type) {
            case SYS_ENTER -> enter(event);
            case SYS_EXIT -> exit(event);
            case SCHED_SWITCH -> switched(event);
            case SCHED_WAKING -> {
                schedulerSeen = true;
                TimeLine<T> thread = thread(event.thread, event);
                if (thread != null) {
                    scheduling.woken(thread, event);
                }
            }
            case SCHED_WAKEUP_NEW -> {
                schedulerSeen = true;
                TimeLine<T> thread = thread(event.thread, event);
                if (thread != null) {
                    scheduling.born(thread, event.timeNs);
                }
            }
            case SCHED_MIGRATE_TASK -> {
                schedulerSeen = true;
                TimeLine<T> thread = thread(event.thread, event);
                if (thread != null) {
                    scheduling.migrated(thread, event);
                }
            }
            case TASK_NEWTASK -> newTask(event);
            case TASK_RENAME -> thread(event.thread, event);
            case SCHED_PROCESS_EXEC -> exec(event);
            case SCHED_PROCESS_EXIT -> {
                TimeLine<T> thread = thread(event.thread, event);
                if (thread != null) {
                    exits(thread, event.timeNs);
                }
            }
            case EVENTS_LOST -> lost(event.timeNs);
            case THREAD_STATE -> threadState(event);
            case START -> {
                noScheduler = event.number == 1;
                schedulerSeen = !noScheduler;
            }
            case PROCESS_STATE, SIGNAL_DELIVER -> { }
            case FACT, FD_STATE -> {
                boolean isOfHolder = event.payload instanceof Fact.HeldBy;
                boolean isOfPeers = event.waitsFor == null && event.payload instanceof Fact.OfSleep;
                TimeLine<T> thread = event.waitsFor == null && !isOfHolder && !isOfPeers ? null : thread(event.thread, event);
                if (thread != null && isOfHolder) {
                    thread.heldBy(event);
                } else if (thread != null && isOfPeers) {
                    thread.waitsFor(event.peers, event.expects);
                } else if (thread != null && noScheduler) {
                    callWaits.hasWaited(thread, event);
                } else if (thread != null) {
                    scheduling.waitsForOther(thread, event);
                }
            }
            case RING_FILE -> {
                TimeLine<T> thread = event.waitsFor == null ? null : thread(event.thread, event);
                if (thread != null) {
                    thread.waitsAnew(event);
                }
            }
            case RING_CREATE, RING_SUBMIT, RING_READY, RING_COMPLETE, RING_WAIT, LOCK_CONTENDED, WORK_QUEUED, WORK_STARTED,
                    INET_SOCK_SET_STATE -> { }
            case PAGE_FAULTED -> {
                TimeLine<T> thread = event.waitsFor == null ? null : thread(event.thread, event);
                if (thread != null) {
                    works(thread, event);
                    waits.faulted(thread, event);
                }
            }
            case INTERVAL -> windowEnds(event.timeNs, false);
            case END -> windowEnds(event.timeNs, true);
        }
    }

    private void enter(TraceEvent event) {
        TimeLine<T> thread = thread(event.thread, event);
        if (thread == null) {
            return;
        }
        works(thread, event);
        if (thread.guess != null && thread.guess.pending && (event.object != null || thread.guess.isFault())) {
            waits.calls(thread, event);
        }
        if (noScheduler) {
            callWaits.enter(thread, event);
        }
        sink.entered(thread.subject, event);
    }

    private void exit(TraceEvent event) {
        TimeLine<T> thread = thread(event.thread, event);
        if (thread != null) {
            works(thread, event);
            if (thread.guess != null && thread.guess.pending) {
                waits.returns(thread, event);
            }
            if (noScheduler) {
                callWaits.exit(thread, event);
            }
            if (event.interrupt != null) {
                sink.interrupted(thread.subject, event.interrupt);
            }
            if (event.enteredNs != TraceEvent.UNKNOWN_NS) {
                // Where the two numbers differ the result is that of another call, which a signal had interrupted.
                sink.returned(thread.subject, event.call, event.timeNs - event.enteredNs,
                        event.call == event.number ? event.result : 0);
            }
        }
    }

    private void works(TimeLine<T> thread, TraceEvent event) {
        if ((thread.state() != ThreadState.RUNNING || thread.cpu != event.cpu) && schedulerSeen) {
            scheduling.runsOn(thread, event.cpu, event.timeNs);
        }
        thread.forgetEarly();
    }

    private void switched(TraceEvent event) {
        schedulerSeen = true;
        TimeLine<T> prev = thread(event.thread, event);
        TimeLine<T> next = thread(event.otherThread, event);
        if (prev != null && prev.hasEnded()) {
            // next has its number: prev is over, and its end was not seen.
            prev = null;
        }
        if (scheduling.switched(prev, next, event)) {
            end(prev, event.timeNs);
        }
    }

    private void newTask(TraceEvent event) {
        TimeLine<T> parent = thread(event.otherThread, event);
        if (parent != null && event.waitsFor != null) {
            callWaits.waitsFromNowOn(parent, event);
        }
        TimeLine<T> child = thread(event.thread, event);
        if (child != null && !noScheduler) {
            scheduling.born(child, event.timeNs);
        }
    }

    private void exec(TraceEvent event) {
        TimeLine<T> before = thread(event.otherThread, event);
        TimeLine<T> thread = thread(event.thread, event);
        if (thread == null) {
            return;
        }
        if (before != null && before != thread && !before.hasEnded()) {
            end(before, event.timeNs);
        }
        if (schedulerSeen) {
            scheduling.runsOn(thread, event.cpu, event.timeNs);
        }
    }

    private void threadState(TraceEvent event) {
        TimeLine<T> thread = thread(event.thread, event);
        // What its own events have told is newer than what was read from /proc.
        if (thread != null && event.waitsFor != null && !thread.everKnown()) {
            boolean sinceBegin = !(event.payload instanceof ThreadSnapshot snapshot) || snapshot.sinceBegin();
            long fromNs = sinceBegin ? thread.toldNs() : event.timeNs;
            thread.step(thread.wait.begin(event, fromNs), fromNs);
        }
    }

    /** It works on until its last switch: it gives back its memory and closes its files. */
    private void exits(TimeLine<T> thread, long nowNs) {
        if (schedulerSeen) {
            scheduling.runs(thread, nowNs);
            thread.exiting = true;
        } else {
            end(thread, nowNs);
        }
    }

    private void lost(long nowNs) {
        TimeLine<T> next;
        for (TimeLine<T> line = threads.first(); line != null; line = next) {
            next = line.after;
            if (line.exiting) {
                // Its last switch may be among them, and nothing else is still to come of it.
                end(line, nowNs);
            } else {
                scheduling.doubt(line, nowNs);
            }
        }
    }

    private void windowEnds(long nowNs, boolean last) {
        for (TimeLine<T> line = threads.first(); line != null; line = line.after) {
            scheduling.doubtEarly(line, nowNs);
            if (last) {
                scheduling.confirmEarly(line);
            }
            if (!last || line.holder() == null) {
                windowEnds(line, nowNs, last);
            }
        }
        for (TimeLine<T> line = threads.first(); last && line != null; line = line.after) {
            endsHeldUp(line, nowNs, MOST_HELD_UP);
        }
    }

    private void windowEnds(TimeLine<T> line, long nowNs, boolean last) {
        waits.windowEnds(line, nowNs, last);
        if (!line.state().blocked()) {
            line.tellOngoing(nowNs, last);
        }
    }

    /** The trace ends: what a wait for what somebody holds has come to depends on what that one did, which is told first. */
    private void endsHeldUp(TimeLine<T> line, long nowNs, int most) {
        if (line.holder() == null || line.isAllTold) {
            return;
        }
        line.isAllTold = true;
        TimeLine<T> holder = line.holder().thread() == null ? null : threads.get(line.holder().thread());
        if (holder != null && most > 0) {
            endsHeldUp(holder, nowNs, most - 1);
        }
        windowEnds(line, nowNs, true);
    }

    /** The record of a thread, made when it is not there; null when it has ended. */
    private TimeLine<T> thread(ThreadId id, TraceEvent event) {
        if (id == null) {
            return null;
        }
        TimeLine<T> line = threads.get(id);
        if (line != null) {
            return line;
        }
        return meet(id, event.timeNs);
    }

    /** A thread that was not met before; null when it has ended: whatever comes after its end is no news of it. */
    private TimeLine<T> meet(ThreadId id, long nowNs) {
        if (threads.hasEnded(id) || !ThreadTable.isTid(id.tid())) {
            return null;
        }
        TimeLine<T> before = threads.byTid(id.tid());
        if (before != null) {
            end(before, nowNs);
        }
        long fromNs = Math.min(id.startNs(), nowNs);
        TimeLine<T> line = new TimeLine<>(id, sink.begins(id, fromNs), sink, interval, fromNs);
        threads.put(line);
        return line;
    }

    private void end(TimeLine<T> line, long nowNs) {
        scheduling.end(line, nowNs);
        threads.end(line);
        line.end(nowNs);
    }
}
