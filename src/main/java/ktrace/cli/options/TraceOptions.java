package ktrace.cli.options;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say whom to trace and how; filled by picocli. */
public final class TraceOptions {
    @Option(names = {"-p", "--pid"}, paramLabel = "PID", arity = "1..*", converter = PidsArgument.class,
            description = "trace these processes: all their threads, and their children from now on")
    private List<PidsArgument.Pids> pids = new ArrayList<>();

    @Option(names = "--name", paramLabel = "NAME", description = "trace the processes of that name")
    private List<String> names = new ArrayList<>();

    @Option(names = "--tree", description = "with -p or --name: their children that run already as well, and theirs")
    private boolean tree;

    @Option(names = "--only", description = "nobody else; without it those are watched as well whom the named processes, or the"
            + " command's, wait for: for what they do meanwhile, and not for their calls (with ptrace nobody is)")
    private boolean only;

    @Option(names = {"-a", "--all"}, description = "trace the whole system, ktrace itself left out")
    private boolean wholeSystem;

    @Option(names = {"-d", "--duration"}, paramLabel = "TIME", converter = DurationArgument.class,
            description = "stop after that long (500ms, 10s, 2m); otherwise at Ctrl-C, or when every target has exited")
    private Long durationNs;

    @Option(names = "--no-follow", description = "leave out children that are born while tracing")
    private boolean noFollow;

    @Option(names = {"-c", "--collector"}, paramLabel = "NAME", defaultValue = "auto", converter = CollectorArgument.class,
            description = "where events come from: perf (the kernel's tracepoints), bpf (programs in the kernel, cheaper), perf+bpf"
                    + " (system calls by perf, all else by programs in the kernel: others who make many calls pay least), ptrace"
                    + " (needs no privileges, slower, sees no scheduler), several, the best first"
                    + " (bpf,perf), or auto: bpf,perf,ptrace, or perf+bpf where others would pay more;"
                    + " default ${DEFAULT-VALUE}")
    private CollectorArgument.Order collectors;

    @Option(names = "--buffer", paramLabel = "SIZE", converter = SizeArgument.class,
            description = "kernel ring per CPU (512k, 16M); default: up to 64M, 256M in all")
    private Long bufferBytes;

    /** Whether one is given that says how to trace: for a trace that was recorded it would be without effect. */
    public boolean sayHow() {
        return durationNs != null || noFollow || only || bufferBytes != null || !collectors.equals(CollectorArgument.AUTO);
    }

    public List<Integer> pids() {
        return pids.stream().flatMap(given -> given.numbers().stream()).distinct().toList();
    }

    public List<String> names() {
        return names;
    }

    /** Whether children that run already are wanted. */
    public boolean tree() {
        return tree;
    }

    /** Whether nobody else is to be watched. */
    public boolean only() {
        return only;
    }

    public boolean wholeSystem() {
        return wholeSystem;
    }

    /** 0: without end. */
    public long durationNs() {
        return durationNs == null ? 0 : durationNs;
    }

    public boolean follow() {
        return !noFollow;
    }

    public CollectorArgument.Order collectors() {
        return collectors;
    }

    /** 0: the default. */
    public long bufferBytes() {
        return bufferBytes == null ? 0 : bufferBytes;
    }
}
