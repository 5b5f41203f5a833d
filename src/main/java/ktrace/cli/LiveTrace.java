package ktrace.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import ktrace.analysis.ProcessShard;
import ktrace.analysis.SelfUsage;
import ktrace.analysis.SummaryAssembler;
import ktrace.event.TraceCounters;
import ktrace.export.JsonSummary;
import ktrace.linux.Errno;
import ktrace.linux.HeldProcess;
import ktrace.linux.Processes;
import ktrace.linux.SyscallTable;
import ktrace.perf.PerfCollector;
import ktrace.perf.PerfTarget;
import ktrace.pipeline.ExecWatch;
import ktrace.pipeline.SelfMeter;
import ktrace.pipeline.Stages;
import ktrace.pipeline.StartGate;
import ktrace.pipeline.TraceSession;
import ktrace.system.LiveSource;
import ktrace.system.StateDump;
import ktrace.system.SystemTracker;
import ktrace.system.Targets;
import ktrace.tracefs.TraceFs;
import ktrace.view.DocumentWriter;
import ktrace.view.SummaryView;
import ktrace.view.Surroundings;
import ktrace.view.Views;

/** One live trace by perf: wires collector, stages and view together, and sees it to its end. */
final class LiveTrace {
    private final LiveOptions options;
    private final Scope scope;
    private final HeldProcess held;
    private final int ownPid = Processes.getpid();
    private final TraceCounters dumpCounters = new TraceCounters();
    private final TraceCounters trackerCounters = new TraceCounters();

    /** @param held the command, not yet let go; null when processes that run already are traced */
    LiveTrace(LiveOptions options, Scope scope, HeldProcess held) {
        this.options = options;
        this.scope = scope;
        this.held = held;
    }

    /** Traces until a target, the user or the clock ends it; gives the exit status. */
    int run() throws IOException, InterruptedException {
        PerfCollector collector = new PerfCollector(TraceFs.open(LiveTrace::notice), perfTarget(), options.bufferBytes(),
                LiveTrace::notice);
        DocumentWriter documents = options.json() == null ? null
                : new JsonSummary(JsonTarget.open(options.json(), options.force()), Version.number())::write;
        SummaryView view = documents != null ? Views.documents(documents)
                : Views.open(Surroundings.present(), scope.text(), held != null, options.top(), options.sort());
        try (ViewThread shown = new ViewThread(view); LiveSource source = new LiveSource(ownPid);
                StateDump dump = new StateDump(ownPid, dumpCounters)) {
            return trace(collector, source, dump, shown);
        }
    }

    private int trace(PerfCollector collector, LiveSource source, StateDump dump, ViewThread view) throws InterruptedException {
        SystemTracker tracker = new SystemTracker(targets(), source, SyscallTable.current()::find, trackerCounters);
        long cpuBeforeNs = SelfMeter.cpuNs();
        SummaryAssembler assembler = new SummaryAssembler(shardCount(), collector.name(),
                List.of(trackerCounters), () -> self(cpuBeforeNs), view::take);
        Stages stages = new Stages(List.of(), tracker, shards(assembler), List.of(dumpCounters));
        StartGate gate = new StartGate(held == null ? 0 : held.pid(), collector.startNs());
        try (TraceSession session = new TraceSession(collector, stages, gate, options.intervalNs());
                Interruption interruption = Interruption.handledBy(session::requestStop)) {
            view.onQuit(session::requestStop);
            tracker.onLastExit(session::requestStop);
            tracker.confirmExitsBy(source::isAlive);
            ExecWatch execs = new ExecWatch(dump, session::inject, tgid -> session.onPoller(() -> collector.attachAgain(tgid)));
            tracker.onExec(execs::execed);
            session.holdIntervals();
            session.start();
            dump.dump(present(dump), session::inject);
            session.releaseIntervals();
            execs.start();
            int status = follow(session, view, collector.startNs());
            interruption.finished(status);
            return status;
        }
    }

    private int follow(TraceSession session, ViewThread view, long startNs) throws InterruptedException {
        int execError = held == null ? 0 : held.release();
        if (execError != 0) {
            view.discard();
            session.requestStop();
            session.awaitEnd();
            throw new UserError(ExitStatus.ofExecError(execError), "cannot run " + command() + ": " + Errno.describe(execError)
                    + (ExitStatus.ofExecError(execError) == ExitStatus.NOT_FOUND ? "; is it installed, and in PATH?" : ""));
        }
        if (held == null && scope instanceof Scope.Running running && running.pids().stream().noneMatch(LiveTrace::isAlive)) {
            session.requestStop();
        }
        long spentNs = held == null ? System.nanoTime() - startNs : 0;
        if (!session.awaitEnd(options.durationNs() == 0 ? 0 : Math.max(1, options.durationNs() - spentNs))) {
            session.requestStop();
            session.awaitEnd();
        }
        IOException failure = view.finish();
        if (failure != null) {
            throw UserError.failed("cannot write the summary: " + failure.getMessage());
        }
        return held == null ? ExitStatus.OK : held.exitedWith().stream().map(ExitStatus::ofWaitStatus).findFirst().orElse(ExitStatus.OK);
    }

    private PerfTarget perfTarget() {
        List<Integer> tgids = switch (scope) {
            case Scope.Running running -> running.pids();
            case Scope.Command ignored -> List.of(held.pid());
            case Scope.WholeSystem ignored -> List.of();
        };
        return new PerfTarget(tgids, scope instanceof Scope.WholeSystem, options.follow(), held != null);
    }

    private Targets targets() {
        PerfTarget perf = perfTarget();
        Targets targets = perf.wholeSystem() ? Targets.everything(ownPid) : Targets.processes(ownPid, Set.copyOf(perf.tgids()));
        return options.follow() ? targets : targets.withoutChildren();
    }

    private List<Integer> present(StateDump dump) {
        return scope instanceof Scope.WholeSystem ? dump.allProcesses() : perfTarget().tgids();
    }

    private static List<ProcessShard> shards(SummaryAssembler assembler) {
        SyscallTable syscalls = SyscallTable.current();
        List<ProcessShard> shards = new ArrayList<>();
        for (int shard = 0; shard < shardCount(); shard++) {
            shards.add(new ProcessShard(shard, shardCount(), syscalls::name, Errno::name, new TraceCounters(), assembler));
        }
        return shards;
    }

    /** One thread for aggregates keeps up with what a few CPUs produce; more only where there are CPUs to run them. */
    private static int shardCount() {
        return Math.clamp(Runtime.getRuntime().availableProcessors() / 4, 1, 4);
    }

    private static SelfUsage self(long cpuBeforeNs) {
        return new SelfUsage(SelfMeter.cpuNs() - cpuBeforeNs, SelfMeter.rssBytes());
    }

    private String command() {
        return scope instanceof Scope.Command command ? command.words().getFirst() : "";
    }

    private static boolean isAlive(int pid) {
        return Processes.kill(pid, 0) == 0;
    }

    private static void notice(String line) {
        System.err.println("ktrace: " + OneLine.of(line));
    }
}
