package ktrace.system;

import java.util.List;
import java.util.function.Consumer;
import ktrace.event.Evidence;
import ktrace.event.Fact;
import ktrace.event.Peer;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.facts.Question;
import ktrace.facts.Question.Urgency;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;
import ktrace.system.wide.WideView;

/**
 * Who would have to end the waits that nobody has ended for long. Who ends a wait tells who held what it was for; of these it is asked,
 * and again while they go on, each time after twice as long.
 *
 * <p>Used on the tracker's thread; allocates with each question.
 */
final class LongWaits {
    /** Who has waited for less may be about to go on. */
    static final long LONG_NS = 500_000_000;
    private static final long LOOK_NS = 250_000_000;
    private static final long AGAIN_NS = 4_000_000_000L;
    /** The same of who is watched for states: most of its threads wait for what concerns nobody in view. */
    private static final long WATCHED_AGAIN_NS = 64_000_000_000L;
    /** Of so many it is asked at a time. */
    private static final int MOST = 64;

    /** Since when the wait lasted of which it was asked who holds that, and when it is asked again. */
    static final class Asked {
        private long sinceNs = TraceEvent.UNKNOWN_NS;
        private long nextAskNs;
    }

    private final Machine machine;
    private final Lookups lookups;
    private final ThreadTable threads;
    private final WideView view;
    private final Consumer<ThreadEntry> look = this::look;
    private long nowNs;
    private long nextLookNs = Long.MIN_VALUE;
    private int left;
    private boolean noScheduler;

    LongWaits(Machine machine, Lookups lookups, ThreadTable threads, WideView view) {
        this.machine = machine;
        this.lookups = lookups;
        this.threads = threads;
        this.view = view;
    }

    /** It is {@code newNowNs} now: asks what is to be asked. */
    void pass(long newNowNs, boolean withoutScheduler) {
        if (newNowNs >= nextLookNs) {
            noScheduler = withoutScheduler;
            nowNs = newNowNs;
            nextLookNs = nowNs + LOOK_NS;
            left = MOST;
            threads.forEach(look);
        }
    }

    private void look(ThreadEntry thread) {
        long sinceNs = sinceNs(thread, noScheduler);
        if (sinceNs == TraceEvent.UNKNOWN_NS || nowNs - sinceNs < LONG_NS || left == 0) {
            return;
        }
        Asked asked = thread.holderAsked;
        boolean isDue = !Waits.isBystander(thread) && (asked.sinceNs != sinceNs || nowNs >= asked.nextAskNs);
        Question question = isDue ? asks(thread, sinceNs) : null;
        if (question != null && lookups.ask(question, Urgency.SOON)) {
            left--;
            asked.sinceNs = sinceNs;
            asked.nextAskNs = nowNs + Math.clamp(nowNs - sinceNs, LONG_NS,
                    thread.process.statesOnly() ? WATCHED_AGAIN_NS : AGAIN_NS);
        }
    }

    private Question asks(ThreadEntry thread, long sinceNs) {
        Question ofHolder = thread.call().asksHolder(thread, sinceNs);
        if (ofHolder != null) {
            return ofHolder;
        }
        // What it sleeps in is known: it is to be told whom it waits for.
        return !noScheduler && hasOtherPeers(machine, thread) ? new Question.OfSleep(thread.tid, thread.process.tgid, sinceNs)
                : asksWhoActs(thread, sinceNs);
    }

    /**
     * Nobody can be asked for who holds what {@code thread} waits for: the question by which those come into view who would have to act,
     * or by which it becomes known what a thread waits for that is watched for its states, and who is at the other end of that. Null when
     * there is none.
     */
    private Question asksWhoActs(ThreadEntry thread, long sinceNs) {
        if (noScheduler || !view.isWide()) {
            return null;
        }
        List<Peer> actors = thread.call().peersInWait(machine, thread);
        TrackedObject awaited = thread.waitedFor();
        boolean isOpen = awaited == null || actors.isEmpty() && nowNs >= awaited.nextHolderLookupNs;
        if (thread.process.statesOnly() && isOpen && thread.call().descriptor(thread) >= 0) {
            return new Question.OfDescriptor(thread.process.tgid, thread.call().descriptor(thread));
        }
        return isActedOn(thread, actors) && !isAtItsInput(thread, actors) && actors.stream().anyMatch(this::mayComeIntoView)
                ? new Question.OfLongWait(thread.tid, thread.process.tgid, sinceNs) : null;
    }

    /** It waits for whoever started it to tell it what to do, as programs do that are left alone. */
    private static boolean isAtItsInput(ThreadEntry thread, List<Peer> actors) {
        if (actors.size() != 1 || !thread.process.isChildOf(actors.getFirst().pid())) {
            return false;
        }
        TrackedObject only = thread.call().onlyAwaited(thread);
        TrackedObject awaited = only != null ? only : thread.call().way() == Way.READ ? thread.waitedFor() : null;
        TrackedObject input = thread.process.fds.get(0);
        return awaited != null && input != null && awaited.base() == input.base();
    }

    private boolean mayComeIntoView(Peer peer) {
        ProcessEntry process = machine.process(peer.pid());
        return process != null && !process.observed() && !process.place.isDecided();
    }

    /** Whether it is {@code actors}, and all of them as far as is known, who would have to end the wait that {@code thread} is in. */
    static boolean isActedOn(ThreadEntry thread, List<Peer> actors) {
        return thread.waitsFor != null && WideView.isDoneBy(thread.waitsFor, actors.size()) && CallPairing.mayBeOwed(thread);
    }

    private static long sinceNs(ThreadEntry thread, boolean withoutScheduler) {
        if (!thread.inSyscall() || thread.exiting || thread.halt != null) {
            return TraceEvent.UNKNOWN_NS;
        }
        if (withoutScheduler) {
            return thread.call().isAwaiting(thread) ? thread.enteredNs : TraceEvent.UNKNOWN_NS;
        }
        return thread.waitsIn == 0 ? TraceEvent.UNKNOWN_NS : thread.waitsSinceNs;
    }

    /** FACT: stamps whom the thread waits for, if it still does. Who has come since it began to is at the other end, too. */
    void learn(Fact.HeldBy fact, TraceEvent event, boolean withoutScheduler) {
        ThreadEntry thread = threads.get(fact.tid());
        if (thread == null || sinceNs(thread, withoutScheduler) != fact.sinceNs()) {
            return;
        }
        thread.stampedPeers = thread.call().peersInWait(machine, thread);
        event.thread = thread.id;
        event.peers = thread.stampedPeers;
        event.expects = CallPairing.expectsNow(thread);
        event.waker = holder(fact);
        event.evidence = event.waker == null ? Evidence.NONE : fact.isSole() ? Evidence.OBJECT : Evidence.WAKER;
    }

    /** Null when there is none known. */
    private Waker holder(Fact.HeldBy fact) {
        if (fact.holderTgid() == 0) {
            return null;
        }
        ProcessEntry process = machine.process(fact.holderTgid());
        boolean isAlone = fact.holderTid() == 0 && process != null && process.threadsKnown && process.threads.size() == 1;
        ThreadEntry thread = isAlone ? process.threads.getFirst() : threads.get(fact.holderTid());
        if (thread != null && thread.process == process) {
            return thread.waker();
        }
        Peer peer = process != null ? process.peer : new Peer(fact.holderTgid(), fact.comm());
        return fact.holderTid() == 0 ? Waker.of(peer) : new Waker(null, fact.holderTid(), fact.threadComm(), peer);
    }

    /** Others are at the other end than were known there when the wait began: nobody, when that was before the trace. */
    static boolean hasOtherPeers(Machine machine, ThreadEntry thread) {
        if (!thread.inSyscall() || thread.halt != null || thread.stamped == null) {
            return false;
        }
        List<Peer> peers = thread.call().peersInWait(machine, thread);
        return peers != thread.stampedPeers && !peers.isEmpty() && !peers.equals(thread.stampedPeers);
    }
}
