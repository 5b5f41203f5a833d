package ktrace.joint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import ktrace.bpf.BpfCollector;
import ktrace.bpf.BpfTarget;
import ktrace.bpf.kernel.BpfException;
import ktrace.event.Collector;
import ktrace.event.EventStream;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.linux.OnlineCpus;
import ktrace.linux.RingSize;
import ktrace.perf.PerfCollector;
import ktrace.perf.PerfException;
import ktrace.perf.PerfTarget;
import ktrace.tracefs.TraceFs;
import ktrace.tracefs.TracepointFormat;

/**
 * System calls by perf's events of the traced threads, the scheduler by programs in the kernel. So whoever is not traced pays for
 * no program at each of its calls, and what the scheduler does for it never leaves the kernel:
 *
 * <pre>
 *   perf    sys_enter, sys_exit of the traced threads; page faults       ring, CPU 0 ──┐
 *                                                                        ring, CPU 1 ──┼──► EventMerger, by CLOCK_MONOTONIC
 *   bpf     switches and wake-ups that concern them; births and ends,    ring, CPU 0 ──┤
 *           io_uring, locks, sockets                                     ring, CPU 1 ──┘
 * </pre>
 *
 * Attaching is on any thread; everything else happens on the poller thread, except {@link #wake()}.
 */
public final class PerfAndBpf implements Collector {
    /** The traced threads' switches and wake-ups take so much less room than their calls. */
    private static final int SCHEDULER_PART = 4;

    private final PerfCollector calls;
    private final BpfCollector scheduler;
    private final List<EventStream> streams = new ArrayList<>();
    private final TraceCounters counters = new TraceCounters();
    private final Map<Integer, Long> lostOnCpu = new HashMap<>();

    private PerfAndBpf(PerfCollector calls, BpfCollector scheduler) {
        this.calls = calls;
        this.scheduler = scheduler;
        streams.addAll(calls.streams());
        Collector others = scheduler;
        for (EventStream stream : others.streams()) {
            streams.add(new HeardStream(stream, calls::hear));
        }
    }

    /**
     * Attaches both.
     *
     * @param tgids processes that are there already
     * @param wholeSystem every thread of the machine but ktrace's own
     * @param follow child processes too; threads born later always
     * @param onExec the only process in {@code tgids} is held before its exec
     * @param ringBytes of each of a CPU's two rings; 0 for the default
     * @param notice told in one line what a person should know
     * @throws BpfException when this kernel has not what is needed, or refuses a program
     * @throws PerfException when it refuses an event
     * @throws ktrace.linux.SyscallException when a system call fails
     */
    public static PerfAndBpf open(TraceFs tracefs, List<Integer> tgids, boolean wholeSystem, boolean follow, boolean onExec,
            long ringBytes, Consumer<String> notice) {
        long bytes = ringBytes > 0 ? ringBytes
                : RingSize.of(0, OnlineCpus.read().length, RingSize.memoryBytes()) / SCHEDULER_PART;
        // First, for whoever has inherited perf's events is born by somebody who is known here.
        BpfCollector scheduler = new BpfCollector(tracefs, new BpfTarget(tgids, wholeSystem, follow, onExec, null, false), bytes);
        try {
            PerfCollector calls = new PerfCollector(tracefs, new PerfTarget(tgids, wholeSystem, follow, onExec, false), ringBytes,
                    notice);
            scheduler.startAt(calls.startNs());
            return new PerfAndBpf(calls, scheduler);
        } catch (RuntimeException e) {
            scheduler.close();
            throw e;
        }
    }

    @Override
    public long startNs() {
        return calls.startNs();
    }

    @Override
    public String name() {
        return "perf+bpf";
    }

    @Override
    public Capabilities capabilities() {
        return scheduler.capabilities();
    }

    @Override
    public Function<String, TracepointFormat> formats() {
        return calls.formats();
    }

    @Override
    public int[] cpus() {
        return calls.cpus();
    }

    @Override
    public List<EventStream> streams() {
        return streams;
    }

    /** As of the last {@link #countLost()}. */
    @Override
    public TraceCounters counters() {
        return counters;
    }

    @Override
    public void attachAgain(int tgid) {
        calls.attachAgain(tgid);
    }

    @Override
    public boolean watch(int tgid) {
        return scheduler.watch(tgid);
    }

    @Override
    public List<Integer> slowToClose() {
        return calls.slowToClose();
    }

    @Override
    public void await(long timeoutNs) {
        calls.await(timeoutNs);
    }

    @Override
    public void wake() {
        calls.wake();
    }

    /** What goes for perf's rings goes for all: programs too have written what they took the time of before the round began. */
    @Override
    public long completeUntilNs() {
        return calls.completeUntilNs();
    }

    /** What calls are made until perf has been stopped as well is past the end: nobody would tell who runs meanwhile. */
    @Override
    public void stop() {
        scheduler.stop();
        calls.stop();
        calls.endAt(scheduler.endNs());
    }

    @Override
    public long endNs() {
        return scheduler.endNs();
    }

    @Override
    public void countLost() {
        calls.countLost();
        scheduler.countLost();
        for (TraceCounter counter : TraceCounter.values()) {
            counters.set(counter, calls.counters().get(counter) + scheduler.counters().get(counter));
        }
        lostOnCpu.clear();
        lostOnCpu.putAll(calls.lostOnCpu());
        scheduler.lostOnCpu().forEach((cpu, lost) -> lostOnCpu.merge(cpu, lost, Long::sum));
    }

    @Override
    public Map<Integer, Long> lostOnCpu() {
        return lostOnCpu;
    }

    @Override
    public void close() {
        calls.close();
        scheduler.close();
    }
}
