package ktrace.bpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import ktrace.bpf.kernel.BpfException;
import ktrace.bpf.kernel.BpfMap;
import ktrace.bpf.kernel.Meanwhile;
import ktrace.bpf.program.CpuState;
import ktrace.bpf.program.Kernel;
import ktrace.bpf.program.Maps;
import ktrace.bpf.program.PolledSets;
import ktrace.bpf.program.Programs;
import ktrace.bpf.program.RecordKind;
import ktrace.bpf.program.SystemCalls;
import ktrace.bpf.program.TextMaps;
import ktrace.bpf.program.WaitedPaths;
import ktrace.event.Collector;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.linux.Mapping;
import ktrace.linux.OnlineCpus;
import ktrace.linux.Processes;
import ktrace.linux.RingSize;
import ktrace.linux.SyscallArguments;
import ktrace.linux.SyscallException;
import ktrace.linux.SyscallTable;
import ktrace.linux.Syscalls;
import ktrace.linux.tracing.RingRounds;
import ktrace.linux.uapi.Uapi;
import ktrace.tracefs.TraceFs;
import ktrace.tracefs.TracepointFormat;

/**
 * Live events by programs in the kernel, which write only what concerns the traced threads. The constructor attaches, on any
 * thread; everything else happens on the poller thread, except {@link #wake()}.
 */
public final class BpfCollector implements Collector {
    /** So long it is waited at the end for a virtual CPU that stands still. */
    private static final long PATIENCE_NS = 20_000_000;
    /** A program's file name takes 4 KiB, and more than one record is to have room. */
    private static final long LEAST_RING_BYTES = 16 << 10;
    private static final int URING_RINGS = 4096;
    private static final VarHandle STATE = JAVA_LONG.varHandle();

    private final TraceCounters counters = new TraceCounters();
    private final Map<Integer, Long> lostOnCpu = new HashMap<>();
    private final List<BpfMap> rings = new ArrayList<>();
    private final List<BpfStream> streams = new ArrayList<>();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final TraceFs tracefs;
    private final RingRounds rounds;
    private final MemorySegment states;
    private final int cpuLimit = OnlineCpus.limit();
    private final Programs programs;
    private final boolean textsRead;
    private final boolean wholeSystem;
    private long startNs;
    private boolean stopped;
    private long endNs;

    /**
     * Loads the programs, and has them run.
     *
     * @param ringBytes of each CPU's ring, 0 for the default
     * @throws BpfException when this kernel has not what is needed, or refuses a program
     * @throws ktrace.linux.SyscallException when a system call fails
     */
    public BpfCollector(TraceFs tracefs, BpfTarget target, long ringBytes) {
        this.tracefs = tracefs;
        textsRead = target.texts() != null;
        wholeSystem = target.wholeSystem();
        boolean attached = false;
        try {
            if (!"amd64".equals(System.getProperty("os.arch"))) {
                throw new BpfException("the in-kernel collector knows the registers of x86-64 alone");
            }
            rounds = opened(new RingRounds(List.of()));
            // The first that is refused to those who have not the right to more.
            BpfMap stateMap = opened(BpfMap.array("states", CpuState.BYTES, cpuLimit));
            try (Meanwhile<Maps> making = Meanwhile.start("bpf-maps", () -> maps(target, stateMap, ringBytes));
                    Kernel kernel = Kernel.running()) {
                Maps maps = making.get();
                states = opened(Syscalls.map(stateMap.descriptor(), pages((long) cpuLimit * CpuState.BYTES),
                        "map what BPF programs count", "")).memory();
                TextMaps texts = textsRead ? opened(TextMaps.of(target.texts(), cpuLimit)) : null;
                try (Meanwhile<?> placing = Meanwhile.start("bpf-rings", () -> place(maps.rings()))) {
                    programs = opened(new Programs(kernel, maps, target.follow(), target.calls(), texts));
                    placing.get();
                }
                programs.attach(cpus());
                programs.find(target.tgids(), target.wholeSystem() ? Processes.getpid() : 0, !target.onExec());
            }
            target.tgids().forEach(BpfCollector::requireThere);
            startAt(System.nanoTime());
            attached = true;
        } finally {
            if (!attached) {
                close();
            }
        }
    }

    /** The maps, and a ring for each CPU, which is not in its place yet, but is read from then on. */
    private Maps maps(BpfTarget target, BpfMap stateMap, long ringBytes) {
        int[] online = OnlineCpus.read();
        long bytes = Math.max(LEAST_RING_BYTES,
                RingSize.of(ringBytes, online.length, RingSize.memoryBytes()));
        for (int cpu : online) {
            BpfMap ring = opened(BpfMap.ring(bytes));
            rings.add(ring);
            streams.add(new BpfStream(cpu, opened(BpfRing.map(ring, bytes)), counters));
        }
        return new Maps(opened(BpfMap.arrayOfMaps("rings", rings.getFirst(), cpuLimit)), stateMap, opened(BpfMap.ofTasks("tasks")),
                arguments(), opened(BpfMap.latest("uring_rings", URING_RINGS)),
                opened(BpfMap.array("sets", Math.max(PolledSets.MOST_BYTES, WaitedPaths.MOST_BYTES), cpuLimit)),
                opened(WaitedPaths.places()),
                opened(BpfMap.set("wanted", target.tgids().size() + 1)));
    }

    private void place(BpfMap ringsByCpu) {
        ringsByCpu.putAll(cpus(), rings.stream().mapToInt(BpfMap::fd).toArray());
    }

    /** How many arguments are told of each call: few have six. */
    private BpfMap arguments() {
        Map<String, List<String>> names = SyscallArguments.names();
        SyscallTable table = SyscallTable.current();
        BpfMap map = opened(BpfMap.array("arguments", Long.BYTES, table.limit()));
        try (Mapping mapping = Syscalls.map(map.descriptor(), pages((long) table.limit() * Long.BYTES),
                "map what BPF programs know of calls", "")) {
            names.forEach((call, arguments) -> table.find(call).ifPresent(number -> mapping.memory().setAtIndex(JAVA_LONG, number,
                    SystemCalls.told(arguments.size()))));
        }
        return map;
    }

    private static void requireThere(int tgid) {
        // That of another user is there, whether or not ktrace may send it a signal.
        if (Processes.kill(tgid, 0) == -Uapi.ESRCH()) {
            throw new BpfException("process " + tgid + " ended while ktrace attached to it");
        }
    }

    private static long pages(long bytes) {
        return bytes + BpfRing.PAGE_BYTES - 1 & -BpfRing.PAGE_BYTES;
    }

    /** Closed when this is, in the other order. */
    private <T extends AutoCloseable> T opened(T resource) {
        opened.add(resource);
        return resource;
    }

    /** No event before this is given. Before the first is taken. */
    public void startAt(long timeNs) {
        startNs = timeNs;
        streams.forEach(stream -> stream.startAt(timeNs));
    }

    /** No event before this is given. */
    @Override
    public long startNs() {
        return startNs;
    }

    @Override
    public boolean watch(int tgid) {
        try {
            programs.watch(tgid);
            return true;
        } catch (BpfException | SyscallException e) {
            // It stays outside, as nothing was said of it.
            return false;
        }
    }

    @Override
    public String name() {
        return "bpf";
    }

    @Override
    public Capabilities capabilities() {
        Capabilities seen = textsRead ? Capabilities.OF_TRACEPOINTS_AND_TEXTS : Capabilities.OF_TRACEPOINTS;
        return wholeSystem ? seen : seen.ofTracedAlone();
    }

    @Override
    public Function<String, TracepointFormat> formats() {
        return name -> tracefs.format("syscalls", name);
    }

    @Override
    public int[] cpus() {
        return streams.stream().mapToInt(BpfStream::cpu).toArray();
    }

    @Override
    public List<BpfStream> streams() {
        return streams;
    }

    @Override
    public TraceCounters counters() {
        return counters;
    }

    @Override
    public void await(long timeoutNs) {
        rounds.await(timeoutNs);
    }

    @Override
    public void wake() {
        rounds.wake();
    }

    /** Calls that began before the round are told now. */
    @Override
    public long completeUntilNs() {
        if (stopped) {
            return Long.MAX_VALUE - 1;
        }
        long untilNs = rounds.completeUntilNs();
        for (BpfStream stream : streams) {
            if (pendingSinceNs(stream.cpu()) <= untilNs) {
                programs.announce(stream.cpu());
                untilNs = Math.min(untilNs, pendingSinceNs(stream.cpu()) - 1);
            }
        }
        return untilNs;
    }

    /** Since when a call is going on that no record tells of yet. */
    private long pendingSinceNs(int cpu) {
        return (long) STATE.getAcquire(states, at(cpu, CpuState.PENDING)) == CpuState.CALL
                ? states.get(JAVA_LONG, at(cpu, CpuState.PENDING_RECORD + RecordKind.TIME)) : Long.MAX_VALUE;
    }

    @Override
    public void stop() {
        if (stopped) {
            return;
        }
        for (int cpu = 0; cpu < cpuLimit; cpu++) {
            states.set(JAVA_LONG, at(cpu, CpuState.STOPPED), 1);
        }
        endNs = System.nanoTime();
        stopped = true;
        do {
            LockSupport.parkNanos(RingRounds.SETTLE_NS);
        } while (!isAllTold() && System.nanoTime() - endNs < PATIENCE_NS);
    }

    /** Whether all that was to be told before the end is in the rings. */
    private boolean isAllTold() {
        boolean told = true;
        for (int cpu = 0; cpu < cpuLimit; cpu++) {
            if (pendingSinceNs(cpu) != Long.MAX_VALUE) {
                programs.announce(cpu);
                told = false;
            }
        }
        return told && streams.stream().allMatch(BpfStream::isWritten);
    }

    private static long at(int cpu, int field) {
        return (long) cpu * CpuState.BYTES + field;
    }

    @Override
    public long endNs() {
        return endNs;
    }

    /**
     * What the programs counted where a ring had no room, or a CPU that came later has none, and what the kernel counted where it
     * had to skip a program. Exact at any time.
     */
    @Override
    public void countLost() {
        long syscalls = 0;
        long sched = 0;
        lostOnCpu.clear();
        for (int cpu = 0; cpu < cpuLimit; cpu++) {
            for (RecordKind kind : RecordKind.ALL) {
                long lost = states.get(JAVA_LONG, at(cpu, CpuState.lostOf(kind)));
                syscalls += kind.isSyscall() ? lost : 0;
                sched += kind.isSyscall() ? 0 : lost;
                if (lost > 0) {
                    lostOnCpu.merge(cpu, lost, Long::sum);
                }
            }
        }
        for (Map.Entry<RecordKind, Long> skipped : programs.misses().entrySet()) {
            syscalls += skipped.getKey().isSyscall() ? skipped.getValue() : 0;
            sched += skipped.getKey().isSyscall() ? 0 : skipped.getValue();
        }
        counters.set(TraceCounter.LOST_SYSCALLS, syscalls);
        counters.set(TraceCounter.LOST_SCHED, sched);
        counters.set(TraceCounter.LOST_EVENTS, syscalls + sched);
    }

    @Override
    public Map<Integer, Long> lostOnCpu() {
        return lostOnCpu;
    }

    @Override
    public void close() {
        for (AutoCloseable resource : opened.reversed()) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new IllegalStateException("nothing that is opened here fails to be closed", e);
            }
        }
        opened.clear();
    }
}
