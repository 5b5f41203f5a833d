package ktrace.perf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ktrace.event.Collector;
import ktrace.event.EventSource.Capabilities;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.linux.OnlineCpus;
import ktrace.linux.Processes;
import ktrace.linux.RingSize;
import ktrace.linux.SyscallException;
import ktrace.linux.tracing.RingRounds;
import ktrace.linux.uapi.Uapi;
import ktrace.tracefs.TraceFs;
import ktrace.tracefs.TracepointFormat;

/**
 * Live events by perf_event: the scheduler's tracepoints on every CPU, the system calls of the traced threads, all of one CPU in
 * one ring. The constructor attaches, on any thread; everything else happens on the poller thread, except {@link #wake()}.
 */
public final class PerfCollector implements Collector {
    /** Descriptors that the rest of the process needs. */
    private static final int SPARE_DESCRIPTORS = 256;
    /** So often it is looked for threads that have ended, whose events are open still. */
    private static final long LOOK_NS = 1_000_000_000;

    private final TraceCounters counters = new TraceCounters();
    private final Map<Integer, Long> lostOnCpu = new HashMap<>();
    private final DuplicateFilter duplicates = new DuplicateFilter();
    private final TaskAbis abis = new TaskAbis();
    private final List<CpuEvents> cpus = new ArrayList<>();
    private final List<PerfStream> streams = new ArrayList<>();
    private final List<MissedSwitches> missed = new ArrayList<>();
    private final TraceFs tracefs;
    private final EventOpener opener;
    private final TaskEvents tasks;
    private final RingRounds rounds;
    private final long startNs;
    private final boolean perCpu;
    private long lookNs;
    /** A poll of the rings may wait for what it has missed. */
    private boolean looked;
    private boolean stopped;
    private long endNs;

    /**
     * Opens and enables everything.
     *
     * @param ringBytes of each CPU's ring, 0 for the default
     * @param notice told in one line what a person should know: a smaller ring, another way of attaching
     * @throws PerfException when the kernel refuses
     * @throws SyscallException when a system call fails
     */
    public PerfCollector(TraceFs tracefs, PerfTarget target, long ringBytes, Consumer<String> notice) {
        this.tracefs = tracefs;
        List<RawLayout> layouts = RawLayout.all(tracefs);
        int[] online = OnlineCpus.read();
        long bytes = RingSize.of(ringBytes, online.length, RingSize.memoryBytes());
        opener = new EventOpener(layouts, (int) (bytes / 8));
        boolean attached = false;
        try {
            perCpu = target.wholeSystem() || !descriptorsSuffice(target, online.length);
            if (perCpu && !target.wholeSystem()) {
                notice.accept("more threads than file descriptors: system calls are taken on whole CPUs and sorted out here");
            }
            CpuOpener cpuOpener = new CpuOpener(opener, target.scheduler() ? CpuOpener.ALL : CpuOpener.RARE, bytes, notice);
            RecordDecoder decoder = new RecordDecoder(layouts);
            ThreadNames names = new ThreadNames();
            for (int cpu : online) {
                CpuEvents events = cpuOpener.open(cpu, perCpu ? notOurselves() : null);
                cpus.add(events);
                missed.add(new MissedSwitches(cpu, names,
                        target.scheduler() ? opener.openSwitches(cpu, events.ringOwner()) : null));
                streams.add(new PerfStream(cpu, events.ring(), decoder, counters, duplicates, abis, missed.getLast()));
            }
            tasks = new TaskEvents(opener, cpus, target.follow(), duplicates, counters);
            cpus.forEach(cpu -> cpu.events().forEach(opener::enable));
            missed.forEach(MissedSwitches::adjust);
            if (!perCpu) {
                attach(target);
            }
            startNs = System.nanoTime();
            streams.forEach(stream -> stream.startAt(startNs));
            for (int tgid : target.wholeSystem() ? ThreadList.processes() : target.tgids().stream().mapToInt(i -> i).toArray()) {
                abis.found(tgid, ThreadList.of(tgid));
            }
            rounds = new RingRounds(cpus.stream().map(CpuEvents::ringOwner).toList());
            attached = true;
        } finally {
            if (!attached) {
                close();
            }
        }
    }

    /** Who has ended meanwhile is left out, unless that is everybody. */
    private void attach(PerfTarget target) {
        boolean anybody = target.tgids().isEmpty();
        for (int tgid : target.tgids()) {
            anybody |= target.onExec() ? tasks.attachBeforeExec(tgid) : tasks.attach(tgid, false);
        }
        if (!anybody) {
            throw new PerfException("process " + target.tgids().getFirst() + " ended while ktrace attached to it", false);
        }
    }

    private static boolean descriptorsSuffice(PerfTarget target, int cpus) {
        Processes.Limit limit = Processes.limit(0, Uapi.RLIMIT_NOFILE());
        if (limit.soft() != limit.hard()) {
            Processes.setLimit(0, Uapi.RLIMIT_NOFILE(), new Processes.Limit(limit.hard(), limit.hard()));
        }
        long threads = target.tgids().stream().mapToLong(tgid -> ThreadList.of(tgid).length).sum();
        // A tenth more for the threads that are born meanwhile.
        long needed = TaskEvents.descriptors(threads + threads / 10, cpus) + cpus * (1L + Tracepoint.values().length);
        return Long.compareUnsigned(needed + SPARE_DESCRIPTORS, Processes.limit(0, Uapi.RLIMIT_NOFILE()).soft()) < 0;
    }

    /** A filter that keeps ktrace's own threads out of the rings, as long as the kernel's limit on its length allows. */
    private static String notOurselves() {
        return IntStream.of(ThreadList.of(Processes.getpid())).limit(100).mapToObj(tid -> "common_pid != " + tid)
                .collect(Collectors.joining(" && "));
    }

    /** No event before this is given. */
    @Override
    public long startNs() {
        return startNs;
    }

    /**
     * Opens the threads of a process again, whose events the kernel took away at exec. On the poller thread. Harmless when the
     * process has its events still.
     */
    @Override
    public void attachAgain(int tgid) {
        if (perCpu || stopped) {
            return;
        }
        try {
            abis.found(tgid, ThreadList.of(tgid));
            if (tasks.attach(tgid, true)) {
                counters.increment(TraceCounter.SETUID_EXEC);
            }
            closeEnded();
        } catch (PerfException | SyscallException e) {
            // Refused, or no descriptors left: the trace goes on without this process's system calls, and says so.
            counters.increment(TraceCounter.UNREADABLE_PROCESS);
        }
    }

    /** The scheduler's events are those of everybody. */
    @Override
    public boolean watch(int tgid) {
        return true;
    }

    /**
     * What another collector tells of who exists, where this one is not to tell it: whoever is born or executes a program makes
     * calls of its kind. In the order of time with all that is taken of the streams. Poller thread.
     */
    public void hear(TraceEvent event) {
        abis.pass(event);
    }

    /** Events after this are counted as seen and passed over. Once the collector is stopped. */
    public void endAt(long timeNs) {
        endNs = timeNs;
        streams.forEach(stream -> stream.endAt(timeNs));
    }

    /** Those of its events. */
    @Override
    public List<Integer> slowToClose() {
        return opener.descriptors();
    }

    @Override
    public String name() {
        return "perf";
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.OF_TRACEPOINTS;
    }

    @Override
    public Function<String, TracepointFormat> formats() {
        return name -> tracefs.format("syscalls", name);
    }

    @Override
    public int[] cpus() {
        return streams.stream().mapToInt(PerfStream::cpu).toArray();
    }

    @Override
    public List<PerfStream> streams() {
        return streams;
    }

    @Override
    public TraceCounters counters() {
        return counters;
    }

    /** {@link EventOpener#ended} says why the next round must not wait. */
    private void closeEnded() {
        looked |= tasks.closeEnded();
        lookNs = System.nanoTime();
        duplicates.readUntil(streams.stream().mapToLong(PerfStream::nextTimeNs).reduce(rounds.beganNs(), Math::min));
    }

    @Override
    public void await(long timeoutNs) {
        if (System.nanoTime() - lookNs > LOOK_NS) {
            closeEnded();
        }
        missed.forEach(MissedSwitches::adjust);
        rounds.await(looked ? 0 : timeoutNs);
        looked = false;
    }

    @Override
    public void wake() {
        rounds.wake();
    }

    @Override
    public long completeUntilNs() {
        return stopped ? Long.MAX_VALUE - 1 : rounds.completeUntilNs();
    }

    @Override
    public void stop() {
        if (!stopped) {
            opener.disableAll();
            endNs = System.nanoTime();
            stopped = true;
        }
    }

    @Override
    public long endNs() {
        return endNs;
    }

    /**
     * Before {@link #stop()} what LOST records say, which also count those that tell of a switch a second time: mostly less than was
     * lost, as the last of them is still to come, and some too many where many were. After it what the kernel counted less what was
     * seen: lost is what found no room. Kernels before 6.0 do not say how many that were; there all that is missing counts as lost,
     * unless all rings had room all the time.
     */
    @Override
    public void countLost() {
        if (!stopped) {
            counters.set(TraceCounter.LOST_EVENTS, streams.stream().mapToLong(PerfStream::lostRecords).sum());
            return;
        }
        EventCounts counts = opener.counts();
        boolean full = streams.stream().anyMatch(stream -> stream.lostRecords() > 0 || stream.hasBeenFull());
        long syscalls = 0;
        long sched = 0;
        long unrecorded = 0;
        lostOnCpu.clear();
        for (PerfStream stream : streams) {
            for (Tracepoint tracepoint : Tracepoint.values()) {
                long missing = counts.counted(stream.cpu(), tracepoint) - stream.seen(tracepoint);
                long lost = EventOpener.COUNTS_LOST ? counts.noRoom(stream.cpu(), tracepoint) : full ? missing : 0;
                unrecorded += missing - lost;
                if (tracepoint.perTask()) {
                    syscalls += lost;
                } else {
                    sched += lost;
                }
                if (lost > 0) {
                    lostOnCpu.merge(stream.cpu(), lost, Long::sum);
                }
            }
        }
        counters.set(TraceCounter.LOST_SYSCALLS, syscalls);
        counters.set(TraceCounter.LOST_SCHED, sched);
        counters.set(TraceCounter.LOST_EVENTS, syscalls + sched);
        counters.set(TraceCounter.UNRECORDED, unrecorded);
    }

    @Override
    public Map<Integer, Long> lostOnCpu() {
        return lostOnCpu;
    }

    @Override
    public void close() {
        opener.close();
        cpus.forEach(cpu -> cpu.ring().close());
        if (rounds != null) {
            rounds.close();
        }
    }
}
