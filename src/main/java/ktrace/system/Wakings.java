package ktrace.system;

import java.util.List;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.system.objects.KernelFunctions;
import ktrace.system.objects.Ring;
import ktrace.system.objects.Rings;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;
import ktrace.system.objects.Works;
import ktrace.system.ready.CpuTable;

/**
 * SCHED_WAKING: who woke whom, through what, and how sure that is. Where the families confirm that the waker was at work on what the
 * woken waited for, evidence is {@link Evidence#OBJECT}; else it is what the kernel alone tells. Tracker's thread; allocates for a
 * waker from outside that is new.
 */
final class Wakings {
    /** How who waits at a ring sleeps (include/linux/sched.h). */
    private static final long INTERRUPTIBLE = 1;

    private final Machine machine;
    private final WakeUp wakeUp;
    private final OutsideWakers outsiders;
    private final Guesses guesses;
    private final CpuTable cpus;
    private final TraceCounters counters;

    Wakings(Machine machine, WakeUp wakeUp, OutsideWakers outsiders, CpuTable cpus, TraceCounters counters) {
        this.machine = machine;
        this.wakeUp = wakeUp;
        this.outsiders = outsiders;
        guesses = new Guesses(machine, wakeUp, outsiders);
        this.cpus = cpus;
        this.counters = counters;
    }

    void woken(TraceEvent event) {
        ThreadEntry woken = machine.thread(event.otherTid);
        if (woken == null) {
            return;
        }
        event.thread = woken.id;
        if (event.tid == event.otherTid) {
            return;
        }
        countContradiction(event);
        ThreadEntry waker = machine.thread(event.tid);
        boolean inInterrupt = event.inInterrupt() || event.tid == 0;
        if (waker != null) {
            machine.settle(waker, event.timeNs);
        }
        if (woken.inSyscall()) {
            machine.settle(woken, event.timeNs);
        }
        if (woken.halt != null) {
            if (waker != null && !inInterrupt && woken.halt.isEndedBy(wakeUp.of(waker, woken))) {
                event.evidence = Evidence.OBJECT;
                event.waker = waker.waker();
            } else {
                stampWaker(waker, inInterrupt, event);
            }
        } else if (woken.inSyscall() && endedAtRing(woken, inInterrupt, event)) {
            woken.guess.forget();
        } else if (woken.waitsForLock) {
            hasWaitedForLock(woken, waker, inInterrupt, event);
        } else if (isWork(woken, event)) {
            event.evidence = Evidence.OBJECT;
        } else if (waker != null && !inInterrupt && isAnswer(waker, woken, event)) {
            event.evidence = Evidence.OBJECT;
            event.waker = waker.waker();
        } else if ((waker == null || waker.process.statesOnly()) && woken.inSyscall()
                && confirmsFromOutside(woken, waker, inInterrupt, event)) {
            woken.guess.set(wakeUp.isGuessed() ? event.object : null, woken.number());
        } else if (waker != null && woken.inSyscall() && confirms(waker, woken, inInterrupt)) {
            event.evidence = Evidence.OBJECT;
            event.waker = machine.actsFor(waker, woken).waker();
            event.objectToBeConfirmed = wakeUp.isGuessed();
            stampEnd(woken, wakeUp.through(), event);
            if (wakeUp.through() == null) {
                stampWait(woken, event);
            } else if (event.peers.isEmpty() && wakeUp.isWakers()) {
                event.peers = waker.process.asList();
            }
            woken.guess.set(wakeUp.isGuessed() ? event.object : null, woken.number());
        } else {
            wakeUp.of(waker, woken).inInterrupt(inInterrupt);
            TrackedObject ended = woken.inSyscall() ? woken.call().unconfirmed(wakeUp) : null;
            stampEnd(woken, ended, event);
            if (ended == null) {
                stampWait(woken, event);
            }
            stampWaker(waker, inInterrupt, event);
            guesses.guess(woken, event);
            if (event.isInSoftInterrupt()) {
                guesses.delivered(woken, ended, waker, event);
            }
            if (event.evidence == Evidence.INTERRUPT) {
                stampInside(woken, event);
            } else if (event.waker != null && KernelFunctions.isOfRcu(event.waker.comm()) && mayBeKernels(event.waker)) {
                CallPairing.hasWaitedForRcu(woken, event);
            }
        }
        boolean mayBeInterrupt = event.evidence == Evidence.INTERRUPT || event.objectToBeConfirmed && woken.guess.isSent();
        woken.interruptFlags = mayBeInterrupt ? event.contextFlags | ThreadEntry.ENDED : 0;
        if (woken.waitsIn != 0) {
            woken.turn.begins(event.timeNs);
        }
        woken.awakes(event.timeNs);
    }

    /**
     * The thread makes a call, which may tell what it has waited for in a poll.
     *
     * @return how long that was, if the event tells who ended it; else 0
     */
    long calls(ThreadEntry thread, TraceEvent event) {
        return guesses.calls(thread, event);
    }

    /** Of one that is not traced it may be known only later whose child it is. */
    private boolean mayBeKernels(Waker waker) {
        ProcessEntry process = machine.process(waker.pid());
        return process == null || process.ppid == 0 || process.isKernels();
    }

    /**
     * Whether a waker that is not traced was at work on what the woken waits for, by the file that the kernel told of it: nothing
     * else that it does is known, and nothing is concluded from that.
     */
    private boolean confirmsFromOutside(ThreadEntry woken, ThreadEntry waker, boolean inInterrupt, TraceEvent event) {
        ThreadEntry caller = outsiders.inCall(event, machine);
        if (caller == null) {
            return false;
        }
        boolean confirmed = confirms(caller, woken, inInterrupt) && wakeUp.ended() != null && wakeUp.touches(wakeUp.ended());
        if (confirmed) {
            event.evidence = Evidence.OBJECT;
            event.waker = waker != null ? waker.waker() : outsiders.of(event);
            event.objectToBeConfirmed = wakeUp.isGuessed();
            stampEnd(woken, wakeUp.through(), event);
            if (wakeUp.through() == null) {
                stampWait(woken, event);
            }
        }
        OutsideWakers.release(caller);
        return confirmed;
    }

    /** What the kernel alone tells. */
    private void stampWaker(ThreadEntry waker, boolean inInterrupt, TraceEvent event) {
        if (inInterrupt) {
            event.evidence = Evidence.INTERRUPT;
        } else {
            event.waker = waker != null ? waker.waker() : outsiders.of(event);
            event.evidence = event.waker == null ? Evidence.NONE : Evidence.WAKER;
        }
    }

    /**
     * Who wakes has just made a request of io_uring ready, or done it, and the woken waits for what is posted at its ring: it was
     * what the request is on that ended the wait.
     */
    private boolean endedAtRing(ThreadEntry woken, boolean inInterrupt, TraceEvent event) {
        Rings.Post post = machine.rings().before(event);
        if (post == null || post.object() == null || !waitsAt(post.ring(), woken)) {
            return false;
        }
        if (post.by() != null) {
            event.evidence = Evidence.OBJECT;
            event.waker = post.by();
        } else if (inInterrupt || post.byInterrupt()) {
            event.evidence = Evidence.INTERRUPT;
        } else {
            event.waker = outsiders.of(event);
            event.evidence = event.waker == null ? Evidence.NONE : Evidence.WAKER;
        }
        TrackedObject object = post.object();
        event.object = object.object == woken.stamped ? null : object.object;
        event.peers = machine.peers(object, woken.process, post.way());
        Rings.spend(post);
        return true;
    }

    /**
     * What a request of io_uring is on is known only now, as a thread of the kernel begins it: who waits for it has waited for
     * that.
     */
    void waitsAnew(TraceEvent event) {
        Ring ring = machine.rings().find(event.arg0);
        ThreadEntry waiter = ring == null || ring.waiter == event.tid ? null : machine.thread(ring.waiter);
        if (waiter != null && waiter.ring == ring) {
            machine.settle(waiter, event.timeNs);
            if (waiter.stampAnew(machine)) {
                event.thread = waiter.id;
                CallPairing.waits(waiter, INTERRUPTIBLE, waiter.halt, event);
            }
        }
    }

    private static boolean waitsAt(Ring ring, ThreadEntry thread) {
        if (thread.ring != null) {
            return thread.ring == ring;
        }
        TrackedObject object = thread.canonicalObject();
        if (object != null) {
            return ring.tells(object);
        }
        // What is polled for is not known, but that the kernel has interrupted it for the ring.
        return thread.standsFor != null && thread.standsFor.kind() == ObjectKind.POLL && ring.tgid == thread.process.tgid;
    }

    /** Nobody but who gives a lock free wakes who waits for it. */
    private void hasWaitedForLock(ThreadEntry woken, ThreadEntry waker, boolean inInterrupt, TraceEvent event) {
        woken.waitsForLock = false;
        woken.contendedNs = Long.MIN_VALUE / 2;
        stampWaker(waker, inInterrupt, event);
        if (inInterrupt) {
            CallPairing.hasWaitedForNoLock(woken, event);
        } else if (waker != null) {
            event.evidence = Evidence.OBJECT;
        }
    }

    /** What is written to one side of a terminal, a thread of the kernel brings to the other: it was the writer who ended the wait. */
    private boolean isWork(ThreadEntry woken, TraceEvent event) {
        Works works = machine.works();
        int work = works.doneBy(event.tid);
        TrackedObject awaited = work < 0 ? null : woken.canonicalObject();
        TrackedObject written = awaited == null ? null : machine.find(works.object(work).kind(), works.object(work).key());
        TrackedObject read = written == null ? null : written.otherEnd();
        if (read == null || read != awaited && !read.epoll.isWatchedBy(awaited)) {
            return false;
        }
        stampEnd(woken, read == awaited ? null : read, event);
        event.waker = works.by(work);
        return true;
    }

    /**
     * Whether what the waker is at work on tells what the wait was for, which then is stamped: it need not be what the woken's call
     * is on, as when a page was missing.
     */
    private boolean isAnswer(ThreadEntry waker, ThreadEntry woken, TraceEvent event) {
        event.waitsFor = wakeUp.of(waker, woken).heldBy();
        return event.waitsFor != null || isAnswer(wakeUp.used(), woken, event)
                || waker.secondObject != null && isAnswer(waker.secondObject.canonical(), woken, event);
    }

    private boolean isAnswer(TrackedObject used, ThreadEntry woken, TraceEvent event) {
        KernelObject answered = used == null ? null : machine.familyOf(used).answered(wakeUp, used);
        if (answered == null) {
            return false;
        }
        event.waitsFor = used.kind();
        event.object = answered;
        event.peers = PeerLists.allHolders(used);
        return true;
    }

    private boolean confirms(ThreadEntry waker, ThreadEntry woken, boolean inInterrupt) {
        wakeUp.of(waker, woken).inInterrupt(inInterrupt);
        if (!woken.call().confirms(wakeUp) || !wakeUp.isPossible()) {
            return false;
        }
        TrackedObject ended = wakeUp.ended();
        if (ended != null) {
            machine.familyOf(ended).ended(wakeUp, ended);
        }
        return true;
    }

    /**
     * The waker need not be the thread that the last switch put on its CPU: some virtual machines record nothing while the idle task
     * of a CPU is current, the switch away from it included. What the event says of itself, the kernel took from the running
     * thread; what that thread was doing, its own events have told. So it is counted, and believed.
     */
    private void countContradiction(TraceEvent event) {
        int running = cpus.tid(event.cpu);
        if (running != CpuTable.UNKNOWN && running != event.tid) {
            counters.increment(TraceCounter.WAKER_NOT_RUNNING);
        }
    }

    /**
     * What an interrupt ends that slept in D is no wait for what only threads hand on, as a pipe is: it was for something inside the
     * call, a page most often; or the call was on something else, and its descriptor was looked up too late.
     */
    private void stampInside(ThreadEntry woken, TraceEvent event) {
        TrackedObject object = woken.inSyscall() ? woken.canonicalObject() : null;
        if (object != null && machine.familyOf(object).isBetweenThreads(object)) {
            CallPairing.hasWaitedInside(woken, event);
        }
    }

    /** An answer may have come while it waited: then it was for something else than it had seemed. */
    private void stampWait(ThreadEntry woken, TraceEvent event) {
        if (woken.inSyscall()) {
            woken.stampAnew(machine);
            CallPairing.hasWaited(woken, event);
        }
    }

    /** Where no scheduler is seen: the thread leaves the call that it may have waited in. What that is on may have become known since. */
    void endsWait(ThreadEntry thread, TraceEvent event) {
        if (thread.letOnBy != null) {
            stampEnd(thread, thread.letOnThrough, event);
            thread.guess.set(thread.letOnByGuess ? event.object : null, -1);
        } else if (thread.waitsFor != null && thread.worksOn() == null) {
            machine.settle(thread, event.timeNs);
            stampEnd(thread, null, event);
        }
    }

    /** What ended the wait, if that says more than the stamp of the call did, and who is at its other end. */
    private void stampEnd(ThreadEntry woken, TrackedObject found, TraceEvent event) {
        if (!woken.inSyscall() || woken.sleepsIn != null) {
            return;
        }
        if (found != null) {
            event.object = found.object == woken.stamped ? null : found.object;
            event.peers = woken.call().peers(machine, woken, found);
            return;
        }
        KernelObject now = woken.stamp();
        event.object = now == woken.stamped ? null : now;
        event.peers = now == null ? List.of() : woken.peers(machine);
    }
}
