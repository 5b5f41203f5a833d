package ktrace.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.time.ZoneId;
import java.util.List;
import ktrace.cli.options.ExitStatus;
import ktrace.cli.options.JsonTarget;
import ktrace.cli.options.LatencyArgument;
import ktrace.cli.options.LengthArgument;
import ktrace.cli.options.LogOptions;
import ktrace.cli.options.Notice;
import ktrace.cli.options.Scope;
import ktrace.cli.options.TraceOptions;
import ktrace.cli.options.UserError;
import ktrace.decode.ArgumentNames;
import ktrace.decode.DecodeOptions;
import ktrace.decode.calls.CallSet;
import ktrace.event.EventSource;
import ktrace.event.TraceCounters;
import ktrace.linux.Abi;
import ktrace.linux.terminal.StandardStream;
import ktrace.ptrace.CallWish;
import ktrace.view.Surroundings;
import ktrace.view.log.CallLog;
import ktrace.view.log.CallLogOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ktrace log SCOPE | DIR}: a line for each system call, of what runs or of a recorded trace. */
@Command(name = "ktrace log", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = {
            "ktrace log [OPTIONS] -p PID[,PID...]",
            "ktrace log [OPTIONS] -a",
            "ktrace log [OPTIONS] -- COMMAND [ARG...]",
            "ktrace log [OPTIONS] DIR"},
        description = {"", "Writes a line for each system call, as strace does: time of day, thread, name, call, result, duration."
                + " With -c ptrace the arguments are shown with what they point to, with -c bpf paths and the addresses of sockets;"
                + " from perf they are what registers hold.", ""})
final class LogCommand implements Subcommand {
    /** So often lines that wait are written. */
    private static final long FLUSH_NS = 200_000_000;

    @Parameters(index = "0", arity = "0..1", paramLabel = "DIR", description = "a recorded trace")
    private String directory;

    @Mixin
    private TraceOptions trace;

    @Option(names = {"-e", "--expr"}, paramLabel = "CALLS", defaultValue = "all",
            description = "only these calls: read,write or the classes"
                + " %%file, %%network, %%ipc, %%desc and more; ! before it turns it round")
    private String calls;

    @Option(names = "--longer-than", paramLabel = "TIME", converter = LatencyArgument.class,
            description = "only calls that took longer (50us, 10ms)")
    private Long longerThanNs;

    @Mixin
    private LogOptions shown;

    @Option(names = {"-s", "--string-limit"}, paramLabel = "N", converter = LengthArgument.class, defaultValue = "32",
            description = "with -c ptrace: at most so many bytes of a string; default ${DEFAULT-VALUE}; paths are shown whole")
    private int stringBytes;

    @Option(names = "--seccomp",
            description = "with -- COMMAND and -e: only those calls are stopped (by a seccomp filter, traced by ptrace); all others"
                    + " run at full speed. COMMAND is killed when ktrace ends before it, however that happens; of who is not root,"
                    + " set-user-ID programs run without their privilege")
    private boolean seccomp;

    @Option(names = "--data", paramLabel = "N", converter = LengthArgument.class, defaultValue = "0",
            description = "with -c ptrace: so many bytes of what is read, written, sent and received; may show secrets")
    private int dataBytes;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "write the log to FILE")
    private String output;

    @Option(names = "--record", paramLabel = "DIR", description = "also record a binary trace")
    private String record;

    @Option(names = "--force", description = "overwrite an existing log or trace")
    private boolean force;

    @Override
    public int run(List<String> command) {
        if (directory == null) {
            Scope scope = Tracing.scope(trace, command);
            if (seccomp && (!(scope instanceof Scope.Command) || calls.equals("all")
                    || !trace.collectors().names().contains("ptrace"))) {
                throw UserError.usage("--seccomp wants -e CALLS and -- COMMAND, and ptrace: a filter can be put into a new program"
                        + " only");
            }
            if (seccomp && !trace.follow()) {
                throw UserError.usage("--seccomp and --no-follow exclude one another: children inherit the filter, and without a tracer"
                        + " the filtered calls would fail (ENOSYS)");
            }
            if (seccomp && Abi.current() != Abi.X86_64) {
                throw UserError.usage("--seccomp works on x86-64 only, so far");
            }
            return Tracing.run(trace, scope, live -> log(live, scope));
        }
        if (command != null || trace.wholeSystem() || !trace.pids().isEmpty() || !trace.names().isEmpty()) {
            throw UserError.usage("a recorded trace and processes exclude one another: give one");
        }
        if (trace.sayHow() || seccomp || record != null) {
            throw UserError.usage("a recorded trace is read as it is: -c, -d, --buffer, --no-follow, --record and --seccomp are for"
                    + " what runs");
        }
        return logRecorded();
    }

    private int log(LiveTrace live, Scope scope) throws IOException, InterruptedException {
        CallLogOptions options = options(Abi.current(), WallClock.realtimeOffsetNs(), live.argumentNames(),
                scope instanceof Scope.Command);
        if (output != null) {
            // A descriptor of the collector's is none that was handed down.
            JsonTarget.check(output, force);
        }
        EventSource collector = live.open(new CallWish(options.calls(), options.decode(), live.argumentNames()), seccomp,
                record != null ? CallSet.ALL : options.calls());
        live.record(collector, record, force);
        if (shown.choosesPaths() && !collector.capabilities().userMemory()) {
            Notice.tell(missedByPath(collector));
        }
        CallLog log = new CallLog(out(scope instanceof Scope.Command), options);
        return live.run(collector, new LogAudience(log, FLUSH_NS));
    }

    /** What {@code -P} does not find, without a word in the log. */
    private static String missedByPath(EventSource collector) {
        return collector.capabilities().texts()
                ? "-P finds calls that are given the path, and those on a descriptor that was open long enough to be looked at;"
                        + " -c ptrace finds all"
                : "-P finds only calls on a descriptor that was open long enough to be looked at, as " + collector.name()
                        + " reads no paths; -c bpf finds those that are given the path as well, -c ptrace all";
    }

    private OutputStream out(boolean besideCommand) {
        return output != null ? JsonTarget.open(output, force) : besideCommand ? StandardStream.error() : StandardStream.output();
    }

    private int logRecorded() {
        try (RecordedTrace recorded = RecordedTrace.open(directory)) {
            CallLogOptions options = options(recorded.reader().syscalls().abi(), recorded.reader().realtimeOffsetNs(),
                    ArgumentNames.UNKNOWN, false);
            CallLog log = new CallLog(out(false), options, recorded.reader().syscalls());
            recorded.replay(new TraceCounters(), List.of(log), log::onQuit);
            if (log.failure() != null) {
                throw UserError.failed("cannot write the log: " + log.failure().getMessage());
            }
            return ExitStatus.OK;
        }
    }

    private CallLogOptions options(Abi abi, long realtimeOffsetNs, ArgumentNames names, boolean besideCommand) {
        CallSet set;
        try {
            set = CallSet.parse(calls);
        } catch (IllegalArgumentException e) {
            throw UserError.usage(e.getMessage());
        }
        return new CallLogOptions(abi, set, longerThanNs == null ? 0 : longerThanNs, shown.failed(),
                new DecodeOptions(stringBytes, dataBytes, shown.taskNames()),
                names, ZoneId.systemDefault(), realtimeOffsetNs, Surroundings.present().asciiOnly(),
                shown.choice(output == null, besideCommand));
    }
}
