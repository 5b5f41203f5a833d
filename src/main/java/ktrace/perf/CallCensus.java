package ktrace.perf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import ktrace.linux.FileDescriptor;
import ktrace.linux.OnlineCpus;
import ktrace.linux.PerfEventOpen;
import ktrace.linux.Syscalls;
import ktrace.linux.uapi.Uapi;
import ktrace.linux.uapi.perf_event_attr;
import ktrace.tracefs.TraceFs;
import ktrace.tracefs.TracepointException;

/**
 * Who makes the machine's system calls: counted by the kernel for a moment, no event among them.
 *
 * @param targets calls of those that are to be traced
 * @param others of everybody else
 * @param timeNs so long was counted
 */
public record CallCensus(long targets, long others, long timeNs) {
    /** Of whom there are more is not counted: each wants a descriptor. */
    private static final int MOST_THREADS = 500;

    // What tracing adds to a call, in ns, on Linux 6.18 (tests/bench/overhead.sh and bystander.sh).
    private static final long PERF_TARGET_NS = 2491;
    private static final long PERF_OTHER_NS = 75;
    private static final long BPF_TARGET_NS = 476;
    private static final long BPF_OTHER_NS = 215;
    /** What is less than this of a CPU is not worth a choice. */
    private static final double LEAST_SHARE = 0.01;

    /**
     * Counts, for so long. Empty where the kernel does not let it, where nobody is left to be counted, or where they are too many.
     *
     * @param timeNs after which it returns
     */
    public static Optional<CallCensus> take(TraceFs tracefs, List<Integer> tgids, long timeNs) {
        int[] tids = threads(tgids);
        if (tids.length == 0 || tids.length > MOST_THREADS) {
            return Optional.empty();
        }
        try (Counters counters = new Counters(tracefs.format("raw_syscalls", "sys_enter").id())) {
            // Begun first and read last: whoever is a target is among all.
            for (int cpu : OnlineCpus.read()) {
                counters.open(PerfEventOpen.ANY_THREAD, cpu);
            }
            int cpus = counters.open.size();
            long startNs = System.nanoTime();
            for (int tid : tids) {
                counters.open(tid, -1);
            }
            LockSupport.parkNanos(timeNs);
            long targets = counters.sum(cpus, counters.open.size());
            long tookNs = System.nanoTime() - startNs;
            return Optional.of(new CallCensus(targets, Math.max(0, counters.sum(0, cpus) - targets), tookNs));
        } catch (TracepointException | PerfException closed) {
            return Optional.empty();
        }
    }

    /**
     * The same while they are traced: what they do is known already, and only all together are counted. Empty where the kernel does
     * not let it.
     *
     * @param callsOfTargets how many the targets have made, since whenever
     */
    public static Optional<CallCensus> takeBeside(TraceFs tracefs, LongSupplier callsOfTargets, long timeNs) {
        try (Counters counters = new Counters(tracefs.format("raw_syscalls", "sys_enter").id())) {
            for (int cpu : OnlineCpus.read()) {
                counters.open(PerfEventOpen.ANY_THREAD, cpu);
            }
            long startNs = System.nanoTime();
            long targetsBefore = callsOfTargets.getAsLong();
            long allBefore = counters.sum(0, counters.open.size());
            LockSupport.parkNanos(timeNs);
            long all = counters.sum(0, counters.open.size()) - allBefore;
            long targets = callsOfTargets.getAsLong() - targetsBefore;
            return Optional.of(new CallCensus(targets, Math.max(0, all - targets), System.nanoTime() - startNs));
        } catch (TracepointException | PerfException closed) {
            return Optional.empty();
        }
    }

    /** Whether perf can have an event of each of their threads. */
    public static boolean areFew(List<Integer> tgids) {
        return threads(tgids).length <= MOST_THREADS;
    }

    private static int[] threads(List<Integer> tgids) {
        return tgids.stream().flatMapToInt(tgid -> IntStream.of(ThreadList.of(tgid))).toArray();
    }

    /** What perf would spare the machine against programs in the kernel, as a share of a CPU; negative where these spare more. */
    public double spared() {
        return (double) (others * (BPF_OTHER_NS - PERF_OTHER_NS) - targets * (PERF_TARGET_NS - BPF_TARGET_NS)) / timeNs;
    }

    /** Whether the others would pay more for programs in the kernel than the targets pay for perf, and it matters. */
    public boolean isForPerf() {
        return spared() >= LEAST_SHARE;
    }

    /** Calls a second of others. */
    public long othersPerSecond() {
        return Math.round(others * 1e9 / timeNs);
    }

    /** Calls a second of the targets. */
    public long targetsPerSecond() {
        return Math.round(targets * 1e9 / timeNs);
    }

    /** What counts and does not sample. */
    private static final class Counters implements AutoCloseable {
        private final Arena arena = Arena.ofConfined();
        private final MemorySegment attr = perf_event_attr.allocate(arena);
        private final MemorySegment count = arena.allocate(Long.BYTES, Long.BYTES);
        private final List<FileDescriptor> open = new ArrayList<>();

        Counters(int tracepointId) {
            perf_event_attr.type(attr, Uapi.PERF_TYPE_TRACEPOINT());
            perf_event_attr.size(attr, (int) perf_event_attr.sizeof());
            perf_event_attr.config(attr, tracepointId);
            attr.set(ValueLayout.JAVA_LONG, PerfAttrFlag.OFFSET_BYTES, PerfAttrFlag.INHERIT.mask());
        }

        /** A thread that has ended makes no calls. */
        void open(int tid, int cpu) {
            long number = PerfEventOpen.tryOpen(attr, tid, cpu);
            if (number >= 0) {
                open.add(PerfEventOpen.own(number));
            } else if (number != -Uapi.ESRCH()) {
                throw new PerfException("system calls cannot be counted", true);
            }
        }

        long sum(int from, int to) {
            long sum = 0;
            for (FileDescriptor event : open.subList(from, to)) {
                Syscalls.read(event, count, Long.BYTES, "read how many system calls there were");
                sum += count.get(ValueLayout.JAVA_LONG, 0);
            }
            return sum;
        }

        /** The kernel takes its time for the last one. */
        @Override
        public void close() {
            Thread.ofPlatform().daemon().name("census-close").start(() -> open.forEach(FileDescriptor::close));
            arena.close();
        }
    }
}
