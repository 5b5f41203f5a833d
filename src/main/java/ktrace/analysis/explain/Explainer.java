package ktrace.analysis.explain;

import java.util.List;
import ktrace.analysis.Cause;
import ktrace.analysis.Computing;
import ktrace.analysis.Explanation;
import ktrace.analysis.Stuck;
import ktrace.analysis.graph.Graph;
import ktrace.analysis.waits.Edges;
import ktrace.analysis.waits.Reasons;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.ThreadId;
import ktrace.event.TraceEvent.Expects;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.intervals.Interval;
import ktrace.intervals.IntervalSink;
import ktrace.linux.SyscallTable;

/**
 * Explains the time of every thread as it ends. What a thread did itself is its own; a wait that W ended from a to b is explained by
 * what W did from a to b: it ran, stood in the queue, waited for the disk, slept, or itself waited for V, and so on. So the parts add
 * up to the wait, and those of all intervals to the time that the thread was observed.
 *
 * <p>A wait is followed over at most {@value #DEPTH} others, and looks at no more than {@value #VISITS} segments. Where a past is not
 * kept by segments any more, a part of it is taken to have passed as the whole stretch that it lies in did. What lies beyond is not
 * known. One thread; allocates for a new thread, and what {@link Account} and {@link Epochs} do.
 */
public final class Explainer implements IntervalSink<Past> {
    private static final int DEPTH = 16;
    private static final int VISITS = 256;
    private static final Cause[] CAUSES = Cause.values();

    private final Pasts pasts = new Pasts();
    private final Account account = new Account();
    private final Cpus cpus = new Cpus();
    private final Edges edges;
    private final Dealings dealings;
    private final Standstill standstill;
    /** The one whose intervals are told, if {@link #sees} had it; else null. */
    private TraceEvent event;
    private final int futex;
    /** The thread whose time is explained. */
    private Past waiter;
    /** Of the interval that was told last. */
    private final Reasons reasons = new Reasons();
    private int visits;
    /** So many waits were explained. */
    private int waits;
    /** Without scheduler events nobody is seen to run. */
    private boolean noScheduler;

    /** @param syscalls what the numbers in the events stand for */
    public Explainer(SyscallTable syscalls) {
        futex = syscalls.find("futex").orElse(-1);
        edges = new Edges(syscalls);
        dealings = new Dealings(syscalls);
        standstill = new Standstill(syscalls::name);
    }

    /** Any event but those of system calls and SCHED_WAKING, before its intervals are handed over. */
    public void sees(TraceEvent now) {
        event = now;
        switch (now.type) {
            case SCHED_SWITCH -> cpus.switched(now);
            case EVENTS_LOST -> cpus.doubt();
            case START -> noScheduler = now.number == 1;
            default -> { }
        }
    }

    /** The intervals of the event have been handed over. */
    public void seen() {
        event = null;
    }

    /**
     * {@code past}'s thread makes a call; after the intervals of the event.
     *
     * @return whether what comes of it is to be told to {@link #returned}
     */
    public boolean enters(Past past, TraceEvent enter) {
        if (enter.number == futex) {
            past.callsFutex(enter);
            return false;
        }
        boolean isTransfer = edges.isTransfer(enter);
        if (isTransfer) {
            edges.enters(past.edges, past.thread, enter);
        }
        boolean isDealing = dealings.isOne(enter);
        if (isDealing) {
            dealings.enters(past, enter);
        }
        return isTransfer || isDealing;
    }

    /** Who stood still, waiting for one another, as the window ended that has just ended. */
    public List<Stuck> stuck() {
        return standstill.take();
    }

    /** What has come of it until now. */
    public List<Explanation> explanations() {
        return account.explanations();
    }

    /** Who has computed until now while others waited. */
    public List<Computing> computing() {
        return dealings.computing();
    }

    /** Who has waited for whom until now. */
    public Graph graph() {
        return edges.graph();
    }

    @Override
    public Past begins(ThreadId thread, long fromNs) {
        boolean isMade = event != null && event.type == EventType.TASK_NEWTASK && event.thread == thread && event.otherThread != null;
        return pasts.begins(thread, fromNs, isMade ? Past.maker(event) : null);
    }

    @Override
    public void ends(Past past, long nowNs) {
        pasts.ends(past);
    }

    @Override
    public void interval(Past past, Interval interval) {
        Cause own = OwnDoing.in(interval.state());
        if (interval.end() == Interval.End.ONGOING) {
            standstill.add(past, interval);
        }
        if (own == null) {
            waited(past, interval);
        } else {
            did(past, interval, own);
        }
    }

    private void waited(Past past, Interval interval) {
        reasons.clear();
        if (interval.lengthNs() <= 0) {
            edges.add(past.edges, interval, 0);
            return;
        }
        if (interval.provisional()) {
            reasons.add(past.thread, null, soFar(past, interval), null, interval.lengthNs(), 0);
            return;
        }
        Segment segment = past.next(interval.fromNs());
        segment.take(interval, isOwed(past, interval));
        waiter = past;
        visits = 0;
        waits++;
        through(segment, past, null, segment.fromNs, segment.toNs, 0, true, false);
        for (int i = 0; i < reasons.size(); i++) {
            account(reasons.end(i), reasons.waker(i), reasons.cause(i), reasons.object(i), reasons.ns(i), reasons.sureNs(i));
        }
        edges.add(past.edges, interval, interval.expects() == Expects.WORK ? interval.lengthNs() : reasons.idleNs());
        past.offCpu(segment);
        past.settle(segment);
    }

    @Override
    public void returned(Past past, int syscall, long lengthNs, long result) {
        edges.returned(past.edges, syscall, result);
        dealings.returned(past, syscall, lengthNs, result);
    }

    private static Cause soFar(Past past, Interval interval) {
        if (interval.end() != Interval.End.ONGOING) {
            return Cause.UNKNOWN;
        }
        return Unwoken.goesOn(interval.kind(), isOwed(past, interval), Segment.isFree(interval));
    }

    /** What the interval that was told last is explained by, if its thread was blocked; until the next. */
    public Reasons reasons() {
        return reasons;
    }

    private void account(Object end, Waker waker, Cause cause, KernelObject object, long ns, long sureNs) {
        Epoch.Part part = waiter.epoch.add(end, waker, cause, object, ns, sureNs);
        if (part == null) {
            account.waited(waiter.account, end, waker, cause, object, ns, sureNs);
        } else {
            account.waited(waiter.account, part, waker, object, ns, sureNs);
        }
    }

    private void did(Past past, Interval interval, Cause cause) {
        reasons.clear();
        long ns = interval.lengthNs();
        if (ns <= 0) {
            return;
        }
        if (interval.provisional()) {
            reasons.add(past.thread, null, cause, null, ns, 0);
            return;
        }
        past.did(cause, interval.fromNs(), interval.toNs());
        if (cause == Cause.COMPUTES) {
            account.computed(past.account, ns);
            past.epoch.ranNs += ns;
        } else if (cause == Cause.QUEUE) {
            queued(past.account, interval.fromNs(), interval.toNs());
            past.epoch.queuedNs += ns;
        } else {
            didRarely(past, cause, ns);
        }
    }

    private void didRarely(Past past, Cause cause, long ns) {
        if (cause == Cause.THROTTLED) {
            account.heldBack(past.account, isSwitch() ? event.quotaOf : null, ns);
        } else {
            account.own(past.account, cause, ns);
        }
        reasons.add(past.thread, null, cause, null, ns, ns);
        past.epoch.add(past.thread, null, cause, null, ns, ns);
    }

    private boolean isSwitch() {
        return event != null && event.type == EventType.SCHED_SWITCH;
    }

    /** Of the thread that runs next. */
    private void queued(Account.OfThread thread, long fromNs, long toNs) {
        if (!isSwitch()) {
            account.queued(thread, null, toNs - fromNs);
            return;
        }
        long pinnedNs = event.pinnedTo == null ? 0 : Math.min(event.idleElsewhereNs, toNs - fromNs);
        if (pinnedNs > 0) {
            account.pinned(thread, event.pinnedTo, pinnedNs);
        }
        long takenNs = Math.min(event.stolenNs, toNs - fromNs - pinnedNs);
        if (takenNs > 0) {
            account.queued(thread, Cpus.HYPERVISOR, takenNs);
        }
        cpus.queued(account, thread, event.cpu, fromNs, toNs - pinnedNs - takenNs);
    }

    private void waited(Object end, Waker waker, Cause cause, KernelObject object, long ns, long sureNs) {
        if (ns > 0 && !reasons.add(end, waker, cause, object, ns, sureNs)) {
            account(end, waker, cause, object, ns, sureNs);
        }
    }

    /** A lock is let go by who holds it, a child or a thread whose end is waited for is at work for who does, and so is who answers. */
    private static boolean isOwed(Past past, Interval interval) {
        ObjectKind kind = interval.kind();
        boolean joins = past.shared && interval.waker() != null && interval.waker().tid() == past.word;
        boolean isHeld = kind == ObjectKind.FUTEX ? past.locks || joins
                : kind == ObjectKind.FILELOCK || kind == ObjectKind.SYSVSEM || kind == ObjectKind.CHILD;
        return isHeld || interval.holder() != null || Segment.isForAnswer(interval);
    }

    /**
     * The part from {@code a} to {@code b} of a wait.
     *
     * @param past of whom it is
     * @param who the same, as it is called; null for the thread that is explained
     * @param owes whoever waits for {@code past}'s thread has a claim to what it does: a lock that it holds, or an answer
     */
    private void through(Segment wait, Past past, Waker who, long a, long b, int depth, boolean sure, boolean owes) {
        boolean owed = owes || wait.owed;
        Waker waker = wait.waker;
        if (waker == null) {
            unwoken(wait, past, who, b - a, owed);
            return;
        }
        boolean proved = sure && wait.evidence == Evidence.OBJECT;
        Past next = pasts.of(waker.thread());
        if (next == null) {
            Cause cause = wait.free && !owed ? Cause.IDLE : Cause.OUTSIDE;
            waited(waker.process(), waker, cause, wait.object, b - a, proved ? b - a : 0);
        } else if (next == past || depth == DEPTH) {
            // Those who hold what the others of them wait for are followed round and round.
            Cause cause = wait.goesOn ? Cause.GOES_ON : next == past ? Cause.UNKNOWN : Cause.FURTHER_BACK;
            waited(next.thread, waker, cause, wait.object, b - a, 0);
        } else {
            walk(next, waker, wait, a, b, depth + 1, proved, owed);
        }
    }

    /** Nobody ended it: a packet came, a timer ran out, or that was not seen. */
    private void unwoken(Segment wait, Past past, Waker who, long ns, boolean owed) {
        Cause cause = Unwoken.cause(wait, owed);
        waited(cause == Cause.OUTSIDE ? wait.kind : past.thread, cause == Cause.OUTSIDE ? null : who, cause, wait.object, ns, 0);
    }

    /** What {@code past}'s thread, which ended {@code edge}, did from {@code a} to {@code b}. */
    private void walk(Past past, Waker who, Segment edge, long a, long b, int depth, boolean sure, boolean owed) {
        dealings.awaited(past, waits, a, b);
        long until = b;
        long overNs = past.untilNs();
        if (overNs < until) {
            // Whoever wakes is at work; what came before is over and told of. Who only holds may wait for the waiter in turn.
            until = Math.max(a, overNs);
            tell(past, who, edge, edge.goesOn ? Cause.GOES_ON : noScheduler ? Cause.UNKNOWN : Cause.COMPUTES, b - until, sure);
        }
        for (int i = past.size() - 1; i >= 0 && until > a && visits < VISITS; i--) {
            Segment segment = past.at(i);
            if (segment.fromNs >= until) {
                continue;
            }
            visits++;
            if (segment.toNs < until) {
                // A wait whose object is still to be confirmed, or that is being told of right now.
                long from = Math.max(a, segment.toNs);
                tell(past, who, edge, Cause.UNKNOWN, until - from, false);
                until = from;
            }
            long from = Math.max(a, segment.fromNs);
            if (from < until) {
                explain(segment, past, who, edge, from, until, depth, sure, owed);
                until = from;
            }
        }
        if (until > a) {
            longAgo(past, who, edge, a, until, depth, sure, owed);
        }
    }

    /** The same, up to where the past is not kept by segments any more. */
    private void longAgo(Past past, Waker who, Segment edge, long a, long b, int depth, boolean sure, boolean owed) {
        long until = b;
        for (int i = past.epochs.size() - 1; i >= 0 && until > a; i--) {
            Epoch longAgo = past.epochs.at(i);
            long from = Math.max(a, longAgo.fromNs);
            if (longAgo != waiter.epoch && from < until) {
                long to = Math.min(until, longAgo.toNs);
                tell(past, who, edge, Cause.UNKNOWN, until - Math.max(from, to), false);
                share(longAgo, past, who, edge, Math.max(0, to - from), sure, owed);
                until = from;
            }
        }
        long begin = Math.max(a, Math.min(until, past.beginNs));
        tell(past, who, edge, Cause.FURTHER_BACK, until - begin, false);
        beforeItsBegin(past, who, edge, a, begin, depth, sure, owed);
    }

    /** Before its begin {@code past}'s thread did nothing: what was done until there was something to make it for is its maker's doing. */
    private void beforeItsBegin(Past past, Waker who, Segment edge, long a, long b, int depth, boolean sure, boolean owed) {
        Past made = past.maker == null ? null : pasts.of(past.maker.thread());
        if (edge.free && !owed) {
            tell(past, who, edge, Cause.IDLE, b - a, sure);
        } else if (made == null && who != null && past.thread.process().statesOnly()) {
            waited(who.process(), who, Cause.OUTSIDE, edge.object, b - a, 0);
        } else if (made == null || a >= b || depth == DEPTH) {
            tell(past, who, edge, Cause.UNKNOWN, b - a, false);
        } else {
            walk(made, past.maker, edge, a, b, depth + 1, sure, owed);
        }
    }

    /** So much of what passed {@code longAgo}, in equal parts of everything. */
    private void share(Epoch longAgo, Past past, Waker who, Segment edge, long ns, boolean sure, boolean owed) {
        double part = (double) ns / Math.max(1, longAgo.toNs - longAgo.fromNs);
        long ranNs = Math.min(ns, (long) (part * longAgo.ranNs));
        long queuedNs = Math.min(ns - ranNs, (long) (part * longAgo.queuedNs));
        tell(past, who, edge, Cause.COMPUTES, ranNs, sure);
        tell(past, who, edge, Cause.QUEUE, queuedNs, sure);
        long left = ns - ranNs - queuedNs;
        for (int i = 0; i < longAgo.size(); i++) {
            Epoch.Part p = longAgo.part(i);
            long partNs = Math.min(left, (long) (part * p.ns));
            long sureNs = sure ? Math.min(partNs, (long) (part * p.sureNs)) : 0;
            if (p.waker == null && p.end == past.thread) {
                Cause cause = p.cause == Cause.SLEEPS && !owed ? Cause.IDLE : p.cause;
                waited(past.thread, who, cause, edge.object, partNs, sureNs);
            } else {
                boolean sleeps = owed && p.cause == Cause.IDLE && p.end instanceof ThreadId;
                waited(p.end, p.waker, sleeps ? Cause.SLEEPS : p.cause, p.object, partNs, sureNs);
            }
            left -= partNs;
        }
        tell(past, who, edge, Cause.FURTHER_BACK, left, false);
    }

    private void explain(Segment segment, Past past, Waker who, Segment edge, long a, long b, int depth, boolean sure, boolean owed) {
        if (segment.did == Segment.WAITED) {
            through(segment, past, who, a, b, depth, sure, owed && edge.kind != ObjectKind.CHILD);
        } else {
            Cause did = CAUSES[segment.did];
            tell(past, who, edge, did == Cause.SLEEPS && !owed ? Cause.IDLE : did, b - a, sure && did != Cause.UNKNOWN);
        }
    }

    private void tell(Past past, Waker who, Segment edge, Cause cause, long ns, boolean sure) {
        waited(past.thread, who, cause, edge.object, ns, sure ? ns : 0);
    }
}
