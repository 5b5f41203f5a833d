package ktrace.ptrace;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.linux.Processes;
import ktrace.linux.ThreadSignal;
import ktrace.linux.tracing.Ptrace;
import ktrace.linux.uapi.Uapi;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * The one thread that does everything with ptrace: it attaches, waits for stops, has them handled, and detaches. The kernel ties
 * tracees to it; when it ends, however that comes, they run on untraced.
 *
 * <pre>
 *   start ──► attach (PTRACE_SEIZE, nobody stops) ──► wait4 ◄──┐
 *                                                       │      │ Stops
 *   begin ──► interrupt them once; calls stop from now  └──────┘
 *   end   ──► interrupt, wait, detach in the state that each is in ──► the thread ends
 * </pre>
 */
final class Tracer implements Runnable {
    private static final long REPEAT_NS = 1_000_000;
    /** How long one may take to stop that is to be let go; what sleeps uninterruptibly, as a vfork's parent, is left to the kernel. */
    private static final long DETACH_NS = 2_000_000_000L;
    private static final long DETACH_STEP_NS = 100_000;

    private final PtraceTarget target;
    private final TraceCounters counters;
    private final Ptrace ptrace = new Ptrace();
    private final ProcFacts facts = new ProcFacts();
    private final Int2ObjectHashMap<Tracee> tracees = new Int2ObjectHashMap<>();
    private final Stopped stopped = new Stopped(ptrace, tracees);
    private final Stops stops;
    private final int options;
    private final Map<Integer, Integer> endings = new ConcurrentHashMap<>();
    private final CountDownLatch attached = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private volatile ThreadSignal signal;
    private volatile RuntimeException refusal;
    private volatile boolean beginRequested;
    private volatile boolean begun;
    private volatile boolean endRequested;
    /** A time that no event still to be published is before: when the stops at hand were taken, or never. */
    private volatile long busySinceNs = Long.MAX_VALUE;

    Tracer(PtraceTarget target, TraceCounters counters, EventQueue queue, Runnable urge) {
        this.target = target;
        this.counters = counters;
        EventWriter events = new EventWriter(queue, counters, () -> endRequested, urge);
        stops = new Stops(ptrace, tracees, events, facts, target.follow(), target.text(), target.filtered());
        options = Uapi.PTRACE_O_TRACESYSGOOD() | Uapi.PTRACE_O_TRACECLONE() | Uapi.PTRACE_O_TRACEEXEC() | Uapi.PTRACE_O_TRACEEXIT()
                | (target.filtered() ? Uapi.PTRACE_O_TRACESECCOMP() | Uapi.PTRACE_O_EXITKILL() : 0)
                | (target.follow() ? Uapi.PTRACE_O_TRACEFORK() | Uapi.PTRACE_O_TRACEVFORK() : 0);
        thread = Thread.ofPlatform().daemon().name("ktrace-tracer").unstarted(this);
    }

    /**
     * Attaches; nobody is stopped by that, and no event is made before {@link #begin}.
     *
     * @throws PtraceException when the kernel refuses
     */
    void start() {
        thread.start();
        try {
            attached.await();
        } catch (InterruptedException e) {
            endRequested = true;
            Thread.currentThread().interrupt();
            throw new PtraceException("interrupted while attaching");
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    /** Has system calls reported from now on. Any thread. */
    void begin() {
        beginRequested = true;
        while (!begun && ended.getCount() > 0) {
            rouse();
            LockSupport.parkNanos(REPEAT_NS);
        }
    }

    /** Lets everybody go; returns when that is done. No event is made after this. Any thread. */
    void end() {
        endRequested = true;
        boolean interrupted = false;
        while (ended.getCount() > 0) {
            rouse();
            try {
                ended.await(REPEAT_NS, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gets it out of its wait for stops. */
    private void rouse() {
        ThreadSignal wake = signal;
        if (wake != null) {
            wake.send();
        }
        LockSupport.unpark(thread);
    }

    /**
     * The tracer has not failed. Any thread.
     *
     * @throws RuntimeException with which it failed; all threads run on untraced then
     */
    void check() {
        RuntimeException failed = refusal;
        if (failed != null) {
            throw failed;
        }
    }

    /** No event still to be published is before this time, or before now. Any thread. */
    long busySinceNs() {
        return busySinceNs;
    }

    /** With what wait status a process has ended that was traced until then, else null. Any thread. */
    Integer endingOf(int tgid) {
        return endings.get(tgid);
    }

    @Override
    public void run() {
        try {
            signal = new ThreadSignal();
            attach();
            attached.countDown();
            while (!endRequested) {
                if (beginRequested && !begun) {
                    stops.begin();
                    begun = true;
                }
                if (tracees.isEmpty()) {
                    busySinceNs = Long.MAX_VALUE;
                    LockSupport.park(this);
                } else {
                    round();
                }
            }
        } catch (RuntimeException e) {
            refusal = e;
        } finally {
            busySinceNs = Long.MAX_VALUE;
            letGo();
            attached.countDown();
            ended.countDown();
        }
    }

    private void attach() {
        attachAll();
        if (target.filtered()) {
            int tid = target.tgids().getFirst();
            new CallFilter(target.text().calls()).install(ptrace, tid);
            ptrace.go(tid, 0);
        }
    }

    private void attachAll() {
        int attachedTo = 0;
        for (int tgid : target.tgids()) {
            int found;
            int threads = 0;
            do {
                found = 0;
                for (int tid : facts.threads(tgid)) {
                    if (!tracees.containsKey(tid) && seize(tgid, tid)) {
                        found++;
                    }
                }
                threads += found;
            } while (found > 0);
            attachedTo += threads == 0 ? 0 : 1;
        }
        if (attachedTo == 0) {
            // Who has ended meanwhile is left out, unless that is everybody.
            throw Refusal.of(target.tgids().getFirst(), Uapi.ESRCH(), facts);
        }
    }

    private boolean seize(int tgid, int tid) {
        int result = ptrace.seize(tid, options);
        if (result == -Uapi.ESRCH()) {
            counters.increment(TraceCounter.TASKS_LOST_AT_ATTACH);
            return false;
        }
        if (result < 0) {
            // A thread that one of ours has made since is traced already; a leader may have ended before its threads.
            String state = facts.statusText(tid, "State");
            if (facts.status(tid, "TracerPid") != Processes.gettid() && state != null && !state.startsWith("Z")) {
                throw Refusal.of(tgid, -result, facts);
            }
            return false;
        }
        Tracee tracee = new Tracee(tid, tgid);
        facts.readComm(tracee);
        tracees.put(tid, tracee);
        return true;
    }

    private void round() {
        busySinceNs = Long.MAX_VALUE;
        int tid = ptrace.await(true);
        busySinceNs = System.nanoTime();
        if (tid == -Uapi.ECHILD()) {
            tracees.clear();
            return;
        }
        int count = tid > 0 ? stopped.collect(tid) : 0;
        for (int i = 0; i < count; i++) {
            PtraceStop stop = PtraceStop.of(stopped.status(i));
            if (stop == PtraceStop.ENDED) {
                noteEnding(stopped.tid(i), stopped.status(i));
            }
            stops.handle(stopped.tid(i), stop);
        }
    }

    private void noteEnding(int tid, int status) {
        if (target.tgids().contains(tid)) {
            endings.put(tid, status);
        }
    }

    /** Detaching wants a stop: each is interrupted, and let go in whatever stop comes first. */
    private void letGo() {
        if (target.filtered()) {
            // Without a tracer the calls asked for would fail: whoever is left ends with this thread (PTRACE_O_EXITKILL).
            return;
        }
        for (Tracee tracee : tracees.values()) {
            if (!tracee.waitsForParent || ptrace.detach(tracee.tid, 0) < 0) {
                ptrace.interrupt(tracee.tid);
            }
        }
        long giveUpNs = System.nanoTime() + DETACH_NS;
        int tid = ptrace.await(false);
        while (tid >= 0 && System.nanoTime() < giveUpNs) {
            if (tid == 0) {
                LockSupport.parkNanos(DETACH_STEP_NS);
            } else if (PtraceStop.of(ptrace.waitStatus()) instanceof PtraceStop.Delivery delivery) {
                ptrace.detach(tid, delivery.signal());
            } else if ((ptrace.waitStatus() & 0xff) == 0x7f) {
                ptrace.detach(tid, 0);
            } else {
                noteEnding(tid, ptrace.waitStatus());
            }
            tid = ptrace.await(false);
        }
        tracees.clear();
    }
}
