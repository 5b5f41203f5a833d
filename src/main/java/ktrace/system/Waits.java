package ktrace.system;

import java.util.Arrays;
import java.util.List;
import ktrace.event.Fact;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.facts.Question;
import ktrace.facts.Question.Urgency;
import ktrace.linux.PrevState;
import ktrace.system.objects.KernelFunctions;
import ktrace.system.objects.Ring;

/**
 * Threads that begin to wait, and what /proc tells of those of which events leave open what for: whether they are in a call at all,
 * and in which function of the kernel they sleep. Such an answer comes before the event that has it asked, where that waits for it,
 * or while the thread sleeps: then the wait is another one from there on.
 *
 * <p>Used on the tracker's thread; allocates with each question.
 */
final class Waits {
    private static final long CLONE_VFORK = 0x4000;
    /** A thread is not asked about sooner again for an event that does not wait for the answer. */
    private static final long RETRY_NS = 50_000_000;
    /**
     * The same of one of whose calls no event tells, and of which each wait is a question: on the average, and so much of it may come
     * at once, for the long wait may begin right behind a short one.
     */
    private static final long WATCHED_RETRY_NS = 5_000_000;
    private static final long WATCHED_BURST_NS = 8 * WATCHED_RETRY_NS;
    /** The same of what it polls for: who no longer sleeps by the time of the answer is found out with little. */
    private static final long RETRY_POLL_NS = 10_000_000;

    private final Machine machine;
    private final FamilySet families;
    private final FamilySet.CallTable calls;
    private final Lookups lookups;
    private final ThreadTable threads;
    private final CallPairing pairing;
    private final KernelFunctions functions = new KernelFunctions();

    Waits(Machine machine, FamilySet families, FamilySet.CallTable calls, Lookups lookups, ThreadTable threads,
            CallPairing pairing) {
        this.machine = machine;
        this.families = families;
        this.calls = calls;
        this.lookups = lookups;
        this.threads = threads;
        this.pairing = pairing;
    }

    static boolean isInCall(ThreadEntry thread) {
        return thread != null && thread.inSyscall() && !thread.exiting;
    }

    /** {@code waker}, which may be null, has ended a wait of {@code woken}'s. */
    static void awaited(ThreadEntry waker, ThreadEntry woken) {
        if (waker != null && !waker.awaited) {
            waker.awaited = !woken.process.statesOnly() || woken.awaited;
        }
    }

    /** What it waits for concerns nobody in view, as far as is known: others of its process are those who are waited for. */
    static boolean isBystander(ThreadEntry thread) {
        return thread.process.statesOnly() && !thread.awaited && thread.process.threads.size() > 1;
    }

    /** {@code waker}, which is null when it is not observed, is about to wake {@code woken}. */
    void ask(ThreadEntry woken, ThreadEntry waker, long nowNs) {
        if (isInCall(woken)) {
            woken.call().askAsWoken(machine, woken, isInCall(waker) ? waker : null, nowNs);
        }
        if (isInCall(waker)) {
            waker.call().askAsWaker(machine, waker, woken, nowNs);
        }
    }

    /** TASK_NEWTASK: {@code parent}, which is null when it is not observed, may wait for who was born. */
    void forks(ThreadEntry parent, TraceEvent event, boolean noScheduler) {
        pairing.forks(parent, threads.get(event.otherTid), event.timeNs);
        if (parent != null && parent.inSyscall() && (event.number & CLONE_VFORK) != 0) {
            parent.vfork = true;
            if (noScheduler) {
                parent.call().settle(machine, parent, event.timeNs);
                parent.stampAnew(machine);
                CallPairing.waitsInCall(parent, event);
            }
        }
    }

    /** {@code thread} is about to be switched out, to wait. */
    void ask(ThreadEntry thread, TraceEvent event) {
        if (event.payload instanceof Waker.InCall) {
            return;
        }
        if (families.mayHalt(thread, event.number)) {
            lookups.askSleepNow(thread, event.timeNs);
        } else if (thread.process.statesOnly()) {
            if (!isBystander(thread) && event.timeNs >= thread.nextSleepAskNs - WATCHED_BURST_NS) {
                thread.nextSleepAskNs = Math.max(event.timeNs, thread.nextSleepAskNs) + WATCHED_RETRY_NS;
                lookups.askSleep(thread, event.timeNs);
            }
        } else if (isOpen(thread, event.number)
                && (event.timeNs >= thread.nextSleepAskNs || thread.sleepAskedIn != thread.number())) {
            thread.nextSleepAskNs = event.timeNs + RETRY_NS;
            thread.sleepAskedIn = thread.number();
            lookups.askSleep(thread, event.timeNs);
        }
    }

    /** A thread is about to be told of, in a call on something. */
    void ask(ThreadSnapshot snapshot, TraceEvent event) {
        ThreadEntry thread = announcedAnew(snapshot);
        if (thread != null) {
            calls.of(snapshot.syscall()).askBefore(machine, thread.process, event);
        }
    }

    /**
     * Outside of calls a sleep in D is a page fault most often, but not always. In a call it is for storage most often, of those that work
     * on files, and of others that is not known.
     */
    private static boolean isOpen(ThreadEntry thread, long state) {
        return CallPairing.isPlaceUnknown(thread) ? !thread.process.isKernels()
                : state == PrevState.UNINTERRUPTIBLE && (thread.isOutsideCalls() || CallPairing.mayBeTheKernels(thread));
    }

    /**
     * What a thread polls for that is about to block: the answer may come while it does, if that is long. Who never sleeps so long
     * is asked about now and then.
     */
    static void askPolled(ThreadEntry thread, boolean isBits, long nowNs, Lookups lookups) {
        if (nowNs >= thread.nextSleepAskNs || thread.sleepAskedIn != thread.number()) {
            thread.nextSleepAskNs = nowNs + RETRY_POLL_NS;
            thread.sleepAskedIn = thread.number();
            lookups.ask(new Question.OfPolled(thread.tid, thread.process.tgid, nowNs, thread.number(), isBits, thread.args[0],
                    thread.args[1], thread.args[2], thread.args[3]), Urgency.SOON);
        }
    }

    /** If the thread, which may be null, has slept since it was asked about, the answer holds, and it may be asked again at once. */
    static void polls(ThreadEntry thread, Fact.Polled fact) {
        if (thread != null && thread.inSyscall() && fact.sinceNs() > thread.awakeNs) {
            thread.polled = fact;
            thread.nextSleepAskNs = Long.MIN_VALUE / 2;
        }
    }

    /** {@code thread} waits from now on, in {@code prevState}. */
    void begin(ThreadEntry thread, long prevState, TraceEvent event) {
        if (thread.process.statesOnly() && event.payload instanceof Waker.InCall call) {
            found(thread, call, event);
        }
        thread.waitsSinceNs = thread.waitsIn == 0 ? event.timeNs : thread.waitsSinceNs;
        thread.waitsIn = prevState;
        long state = prevState;
        String function = "";
        if (thread.sleep != null) {
            ThreadSnapshot found = thread.sleep.found();
            function = thread.sleep.function();
            if (found.state() == ThreadSnapshot.FROZEN) {
                state = PrevState.FROZEN;
            } else if (CallPairing.isPlaceUnknown(thread) && PrevState.ofLetter(found.state()) == prevState) {
                found(thread, found, event);
            }
        }
        thread.halt = families.halt(thread, state, function);
        thread.sleepsIn = state == PrevState.UNINTERRUPTIBLE && CallPairing.mayBeTheKernels(thread)
                ? functions.awaited(function, CallPairing.isForStorage(thread), thread.worksOn()) : null;
        if (thread.sleepsIn != null) {
            // It may wait so again: of that it is asked at once.
            thread.nextSleepAskNs = Long.MIN_VALUE / 2;
        }
        CallPairing.waits(thread, state, thread.halt, event);
    }

    /** /proc has told where a thread sleeps: it waits already, or is about to be switched out. */
    void learn(Fact.OfSleep fact, TraceEvent event) {
        ThreadEntry thread = threads.get(fact.found().tid());
        if (thread == null || thread.exiting || fact.sinceNs() <= thread.awakeNs) {
            return;
        }
        thread.sleep = fact;
        if (thread.waitsIn == 0) {
            return;
        }
        boolean wasUnknown = CallPairing.isPlaceUnknown(thread);
        Family.Halt before = thread.halt;
        begin(thread, thread.waitsIn, event);
        if (thread.halt != before || thread.sleepsIn != null || wasUnknown && !CallPairing.isPlaceUnknown(thread)) {
            event.thread = thread.id;
        } else {
            event.waitsFor = null;
            event.object = null;
            event.peers = List.of();
            if (LongWaits.hasOtherPeers(machine, thread)) {
                thread.stampedPeers = thread.call().peersInWait(machine, thread);
                event.thread = thread.id;
                event.peers = thread.stampedPeers;
                event.expects = CallPairing.expectsNow(thread);
            }
        }
    }

    /**
     * Where no scheduler is seen: what descriptor {@code fd} is has become known. A thread that is in a call on it, and of which it could
     * not be said that it waits there, has waited since it is in the call. Told of one; of others when they call again. Where the call
     * alone told that it waits, its return will tell for what.
     *
     * <p>Where one is seen: the same of a thread that is watched for its states, which waits on it.
     */
    void known(int tgid, int fd, TraceEvent event, boolean withoutScheduler) {
        ProcessEntry process = machine.process(tgid);
        if (process == null || !withoutScheduler && !process.statesOnly()) {
            return;
        }
        for (ThreadEntry thread : process.threads) {
            if (!thread.inSyscall() || thread.exiting || thread.call().descriptor(thread) != fd) {
                continue;
            }
            thread.call().settle(machine, thread, event.timeNs);
            if (!withoutScheduler) {
                if (waitsAnew(thread, event)) {
                    return;
                }
            } else if (thread.waitsFor == null) {
                thread.stampAnew(machine);
                CallPairing.waitsInCall(thread, event);
                if (event.waitsFor != null) {
                    event.thread = thread.id;
                    return;
                }
            }
        }
    }

    /**
     * What was submitted to a context of Linux AIO has become known: who waits for it has waited for that. Told of one, where a scheduler
     * is seen.
     */
    void known(Fact.Submitted submitted, TraceEvent event) {
        ProcessEntry process = machine.process(submitted.tgid());
        Ring context = process == null ? null : machine.rings().aio(submitted.context(), submitted.tgid());
        for (ThreadEntry thread : process == null ? List.<ThreadEntry>of() : process.threads) {
            if (thread.inSyscall() && !thread.exiting && thread.ring == context) {
                thread.call().settle(machine, thread, event.timeNs);
                if (waitsAnew(thread, event)) {
                    return;
                }
            }
        }
    }

    /** Whether it is news what the thread waits for, which is told with the event then. */
    private boolean waitsAnew(ThreadEntry thread, TraceEvent event) {
        if (thread.waitsIn == 0 || !thread.stampAnew(machine)) {
            return false;
        }
        machine.settle(thread);
        CallPairing.waits(thread, thread.waitsIn, thread.halt, event);
        event.thread = thread.id;
        return true;
    }

    /**
     * Where no scheduler is seen, and of a thread that was told of already: it may have stood still then, as attaching makes it, so
     * that only now it is known that it has been in a call since before the trace, or what that works on. Null when it is not so.
     */
    ThreadEntry announcedAnew(ThreadSnapshot snapshot) {
        ThreadEntry thread = threads.get(snapshot.tid());
        boolean isNews = thread != null && snapshot.syscall() >= 0
                && (CallPairing.isPlaceUnknown(thread) || thread.atAttach && thread.number() == snapshot.syscall());
        return isNews ? thread : null;
    }

    /** THREAD_STATE, of a thread that was not known, or not like that. */
    void told(ThreadEntry thread, ThreadSnapshot snapshot, TraceEvent event, boolean noScheduler) {
        found(thread, snapshot, event);
        long prevState = PrevState.ofLetter(snapshot.state());
        if (noScheduler) {
            CallPairing.waitsInCall(thread, event);
        } else if (prevState != 0) {
            begin(thread, prevState, event);
        }
    }

    /** The kernel tells what the thread is in, none of whose calls is told. */
    private void found(ThreadEntry thread, Waker.InCall told, TraceEvent event) {
        thread.enterSyscall(calls.of(told.call()), told.call());
        Arrays.fill(thread.args, 0);
        thread.args[0] = told.arg0();
        thread.args[1] = told.arg1();
        if (!thread.call().isOnDescriptor()) {
            machine.enter(thread, event);
        } else if (thread.call().descriptor(thread) == (int) told.arg0()) {
            thread.object = machine.ofInode(told.inode(), told.mode());
            thread.stampAnew(machine);
        }
        machine.settle(thread);
        pairing.foundInside(thread, event);
    }

    /** Nothing is known of the thread but what /proc told. */
    void found(ThreadEntry thread, ThreadSnapshot snapshot, TraceEvent event) {
        if (snapshot.syscall() >= 0) {
            thread.enterSyscall(calls.of(snapshot.syscall()), snapshot.syscall());
            System.arraycopy(snapshot.args(), 0, thread.args, 0, Math.min(6, snapshot.args().length));
            // A clone that waits was asked to, or it would not be seen waiting.
            thread.vfork = true;
            machine.enter(thread, event);
            machine.settle(thread);
            pairing.foundInside(thread, event);
        } else if (snapshot.syscall() != ThreadSnapshot.SYSCALL_UNKNOWN
                && (!thread.process.statesOnly() || PrevState.ofLetter(snapshot.state()) != 0)) {
            thread.place = CallPairing.Place.OUTSIDE;
        }
    }
}
