package ktrace.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import ktrace.cli.flight.FlightSignal;
import ktrace.cli.flight.FlightStates;
import ktrace.cli.options.ExitStatus;
import ktrace.cli.options.Notice;
import ktrace.cli.options.Scope;
import ktrace.cli.options.TraceOptions;
import ktrace.cli.options.UserError;
import ktrace.cli.targets.ExecRefusal;
import ktrace.ctf.write.CtfRecording;
import ktrace.decode.ArgumentNames;
import ktrace.decode.calls.CallSet;
import ktrace.event.Collector;
import ktrace.event.EventSink;
import ktrace.event.EventSource;
import ktrace.event.EventType;
import ktrace.event.TraceCounters;
import ktrace.facts.Resolver;
import ktrace.facts.live.LiveSource;
import ktrace.facts.live.Liveness;
import ktrace.facts.live.StateDump;
import ktrace.joint.ShareWatch;
import ktrace.linux.child.HeldProcess;
import ktrace.linux.child.LastHolder;
import ktrace.linux.Processes;
import ktrace.linux.ShutdownHook;
import ktrace.linux.SyscallTable;
import ktrace.linux.cpu.Haste;
import ktrace.linux.cpu.SessionShare;
import ktrace.pipeline.ExecWatch;
import ktrace.pipeline.HeapWatch;
import ktrace.pipeline.Stages;
import ktrace.pipeline.StartGate;
import ktrace.pipeline.TraceSession;
import ktrace.pipeline.Widening;
import ktrace.ptrace.CallWish;
import ktrace.system.SystemTracker;
import ktrace.system.Targets;
import ktrace.system.family.Families;
import ktrace.tracefs.TraceFs;
import ktrace.tracefs.TracepointException;
import ktrace.tracefs.TracepointFormat;

/** One live trace: wires collector, stages and audience together, and sees it to its end. */
final class LiveTrace implements AutoCloseable {
    /** Longer than that a command does not wait until it is told what is there. */
    private static final long HOLD_NS = 2_000_000_000L;
    /** So much longer than it was to last does a trace go on that is still being told what is there. */
    private static final long GRACE_NS = 200_000_000L;

    private final TraceOptions options;
    private final Scope scope;
    private final HeldProcess held;
    private final int ownPid = Processes.getpid();
    private final TraceCounters dumpCounters = new TraceCounters();
    private final TraceCounters stateCounters = new TraceCounters();
    private final TraceCounters wideCounters = new TraceCounters();
    private final TraceCounters flightCounters = new TraceCounters();
    private final TraceCounters trackerCounters = new TraceCounters();
    private final TraceCounters resolverCounters = new TraceCounters();
    private Collector collector;
    /** Asked by the poller's thread alone. */
    private final Liveness alive = new Liveness();
    private boolean statesTold;
    private final SessionShare share = new SessionShare();
    private boolean ran;
    private volatile boolean stopAsked;
    private CtfRecording recording;

    /** @param held the command, not yet let go; null when processes that run already are traced */
    LiveTrace(TraceOptions options, Scope scope, HeldProcess held) {
        this.options = options;
        this.scope = scope;
        this.held = held;
    }

    /** What the tracker counts. */
    TraceCounters trackerCounters() {
        return trackerCounters;
    }

    /** What the kernel calls the arguments of system calls; once the collector is open. */
    ArgumentNames argumentNames() {
        Map<String, Optional<TracepointFormat>> known = new HashMap<>();
        return name -> known.computeIfAbsent(name, this::entryOf).orElse(null);
    }

    private Optional<TracepointFormat> entryOf(String name) {
        try {
            return collector == null ? Optional.empty() : Optional.of(collector.formats().apply("sys_enter_" + name));
        } catch (TracepointException notTold) {
            return Optional.empty();
        }
    }

    /**
     * Opens the collector that the user asked for, or that works.
     *
     * @param recorded whether it is wanted what calls are given
     */
    EventSource open(boolean recorded) {
        return open(null, false, recorded ? CallSet.ALL : CallSet.NONE);
    }

    /**
     * The same for who wants calls as text.
     *
     * @param filtered only these are to stop the command
     * @param text which; written where the collector can read the callers' memory
     * @param given of which it is wanted what they are given, where the collector can read no more than that
     */
    EventSource open(CallWish text, boolean filtered, CallSet given) {
        if (held == null) {
            ShutdownHook.add("ktrace-share", share::close);
            share.raise();
        } else {
            // A command is of ktrace's session: to come first with it would be to push aside whoever else has to do with it.
            share.close();
        }
        collector = new CollectorChoice(options, tgids(), scope instanceof Scope.WholeSystem, held != null, text, filtered, given)
                .open();
        if (scope instanceof Scope.Running running && running.leftOut() > 0) {
            Notice.tell(running.leftOut() == 1 ? "1 child that runs already is left out; --tree takes it in"
                    : running.leftOut() + " children that run already are left out; --tree takes them in");
        }
        return collector;
    }

    /** Has what {@code source} gives recorded as well; null directory: no. Before {@link #run}. */
    CtfRecording record(EventSource source, String directory, boolean force) {
        return record(source, directory, force, 0);
    }

    /** The same, but with {@code flightBytes} other than 0 the latest is kept in memory until it is asked for. */
    CtfRecording record(EventSource source, String directory, boolean force, long flightBytes) {
        recording = Recording.open(directory, force, flightBytes, source, scope, targets(), collector.formats());
        return recording;
    }

    /** Traces until a target, the user or the clock ends it; gives the exit status. */
    int run(EventSource traced, Audience audience) throws InterruptedException {
        CtfRecording recorded = recording;
        ran = true;
        try (audience; Resolver resolver = new Resolver(() -> new LiveSource(ownPid), resolverCounters); recorded;
                HeapWatch _ = new HeapWatch()) {
            return trace(traced, resolver, audience);
        }
    }

    /** What was opened and never ran is let go: ptrace's targets may stand with a signal that would end with this process. */
    @Override
    public void close() {
        share.close();
        if (collector != null && !ran) {
            collector.close();
        }
    }

    private int trace(EventSource traced, Resolver resolver, Audience audience) throws InterruptedException {
        // Closed with the process: a thread of its may still be in /proc.
        StateDump dump = new StateDump(ownPid, dumpCounters);
        SystemTracker tracker = new SystemTracker(targets(), Families.ALL, resolver, SyscallTable.current()::find, trackerCounters);
        List<EventSink> readers = new ArrayList<>(audience.readers());
        if (recording != null) {
            readers.add(recording.writer());
        }
        Stages stages = new Stages(tracker, resolver, readers,
                List.of(dumpCounters, stateCounters, wideCounters, flightCounters, resolverCounters));
        if (held == null) {
            Interruption.hearCtrlC();
        }
        StartGate gate = new StartGate(held == null ? 0 : held.pid(), collector.startNs());
        try (TraceSession session = new TraceSession(traced, stages, gate, audience.intervalNs());
                InitialStates states = initialStates(dump, tracker, session);
                Widening widening = widening(tracker, session, audience);
                ShareWatch shares = shares(tracker, session);
                Interruption interruption = Interruption.handledBy(() -> stop(session, states))) {
            audience.onQuit(() -> stop(session, states));
            if (audience.wantsNames()) {
                tracker.wantNames();
            }
            tracker.onLastExit(() -> lastExit(session, states));
            tracker.confirmExitsBy(new Liveness()::isAlive);
            resolver.answerInto(session::inject, session::unreadFacts);
            session.holdIntervals();
            session.onBacklog(() -> {
                Haste.catchUp();
                share.raise();
            }, () -> {
                Haste.calmDown();
                share.restore();
            });
            if (options.durationNs() > 0) {
                session.endsAfter(options.durationNs());
            }
            session.start();
            states.start();
            if (widening != null) {
                widening.start();
            }
            if (shares != null) {
                shares.start();
            }
            FlightStates flight = fly(tracker, session, widening != null);
            try (flight) {
                int status = follow(session, resolver, audience, states);
                LastHolder.of(collector.slowToClose());
                interruption.finished(status);
                return status;
            }
        }
    }

    private InitialStates initialStates(StateDump dump, SystemTracker tracker, TraceSession session) {
        ExecWatch execs = new ExecWatch(dump, session::inject);
        tracker.onExec(execs::execed);
        tracker.onEventsTaken(tgid -> session.onPoller(() -> collector.attachAgain(tgid)));
        return new InitialStates(dump, stateCounters, () -> present(dump), session::inject, () -> {
            told(session, tracker);
            execs.start();
        }, session::requestStop);
    }

    /**
     * Has those watched whom the processes wait for that were asked for, or the command's; null when that is not wanted, or cannot be.
     */
    private Widening widening(SystemTracker tracker, TraceSession session, Audience audience) {
        boolean isOfUse = recording != null || audience.wantsOthers();
        if (!isOfUse || options.only() || scope instanceof Scope.WholeSystem || !collector.capabilities().scheduler()) {
            return null;
        }
        Widening widening = new Widening(new StateDump(ownPid, wideCounters), collector::watch, session::inject);
        tracker.onAwaited(widening::isAwaited);
        return widening;
    }

    /** Looks whether ktrace would still choose as it did; null where it was not ktrace that chose, or had no choice. */
    private ShareWatch shares(SystemTracker tracker, TraceSession session) {
        boolean hadChoice = options.collectors().isAuto() && !(scope instanceof Scope.WholeSystem)
                && collector.name().contains("bpf");
        return !hadChoice ? null : new ShareWatch(TraceFs.openIfAllowed(Notice::tell), collector.name(),
                () -> session.syscallEvents() / 2, tracker::observed,
                fact -> session.inject(EventType.FACT, System.nanoTime(), 0, fact));
    }

    /** What a flight recording needs while it goes on; null when there is none. */
    private FlightStates fly(SystemTracker tracker, TraceSession session, boolean widens) {
        if (recording == null || !recording.isFlight()) {
            return null;
        }
        FlightSignal.handledBy(recording::askForFlight);
        return new FlightStates(recording, ownPid, flightCounters, tracker::observed, widens ? tracker::watched : null,
                session::inject);
    }

    /** Nobody is left of those that are known; as long as not all have been told of, others may be. Poller's thread. */
    private void lastExit(TraceSession session, InitialStates states) {
        if (statesTold || tgids().stream().noneMatch(alive::isAlive)) {
            stop(session, states);
        }
    }

    /**
     * All targets have been told of: what ends from now on is known. A command may have left children behind by then whose birth is
     * still on its way; that it ends is always seen.
     */
    private void told(TraceSession session, SystemTracker tracker) {
        session.releaseIntervals();
        session.onPoller(() -> {
            statesTold = true;
            if (scope instanceof Scope.Running && tracker.observed().isEmpty()
                    && tgids().stream().noneMatch(alive::isAlive)) {
                session.requestStop();
            }
        });
    }

    private void stop(TraceSession session, InitialStates states) {
        stopAsked = true;
        states.breakOff();
        session.requestStop();
        Haste.toTheEnd();
    }

    private int follow(TraceSession session, Resolver resolver, Audience audience, InitialStates states) throws InterruptedException {
        if (held != null) {
            long untilNs = System.nanoTime() + HOLD_NS;
            states.await(HOLD_NS);
            resolver.awaitReady(untilNs - System.nanoTime());
        }
        if (held != null && stopAsked) {
            // Its trace has ended: let go now it would run untraced.
            discard(session, audience);
            Notice.tell(command() + " was not started: ktrace was to end before");
            return ExitStatus.FAILED;
        }
        int execError = held == null ? 0 : held.release();
        if (execError == HeldProcess.ENDED) {
            stop(session, states);
        } else if (execError != 0) {
            discard(session, audience);
            throw new UserError(ExitStatus.ofExecError(execError),
                    "cannot run " + command() + ": " + ExecRefusal.reason(held.file(), execError));
        }
        if (held == null && scope instanceof Scope.Running running && running.pids().stream().noneMatch(new Liveness()::isAlive)) {
            stop(session, states);
        }
        if (options.durationNs() == 0) {
            session.awaitEnd();
        } else if (!session.awaitEndOf(options.durationNs())) {
            states.await(GRACE_NS);
            stop(session, states);
            session.awaitEnd();
        }
        if (states.failure() != null) {
            throw states.failure();
        }
        IOException failure = audience.finish();
        if (failure != null) {
            throw UserError.failed("cannot write the result: " + failure.getMessage());
        }
        if (session.failure() != null) {
            throw UserError.failed("a part of ktrace failed, and what is told is what was known until then: " + session.failure());
        }
        return held == null ? ExitStatus.OK
                : ending().stream().map(ExitStatus::ofWaitStatus).findFirst().orElse(ExitStatus.OK);
    }

    /** There was nothing to trace. */
    private void discard(TraceSession session, Audience audience) throws InterruptedException {
        audience.discard();
        session.requestStop();
        session.awaitEnd();
        if (recording != null) {
            recording.discard();
        }
    }

    /** The wait status of the command, when it has ended or does so within a moment; empty when it runs on. */
    private OptionalInt ending() {
        OptionalInt status = collector.endingOf(held.pid());
        return status.isPresent() ? status : held.exitedWith();
    }

    private List<Integer> tgids() {
        return switch (scope) {
            case Scope.Running running -> running.pids();
            case Scope.Command ignored -> List.of(held.pid());
            case Scope.WholeSystem ignored -> List.of();
        };
    }

    private Targets targets() {
        Targets targets = scope instanceof Scope.WholeSystem ? Targets.everything(ownPid)
                : Targets.processes(ownPid, Set.copyOf(tgids()));
        return options.follow() ? targets : targets.withoutChildren();
    }

    private List<Integer> present(StateDump dump) {
        return scope instanceof Scope.WholeSystem ? dump.allProcesses() : tgids();
    }

    private String command() {
        return scope instanceof Scope.Command command ? command.words().getFirst() : "";
    }
}
