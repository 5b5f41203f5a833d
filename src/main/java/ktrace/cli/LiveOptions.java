package ktrace.cli;

import java.util.ArrayList;
import java.util.List;
import ktrace.view.SortKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options of the live summary; filled by picocli. The words after {@code --} are taken off before it sees them. */
@Command(name = "ktrace", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = {
            "ktrace [OPTIONS] -p PID[,PID...]",
            "ktrace [OPTIONS] -a",
            "ktrace [OPTIONS] -- COMMAND [ARG...]"},
        description = {"", "Shows why a system of several processes is slow: which system calls take how long, where each thread's"
                + " time goes, and who waits for whom, through what, how long.", ""},
        footer = {"", "Needs root, or CAP_PERFMON and read access to tracefs. Traced programs are never stopped or changed.",
            "Exit status: the command's own with -- COMMAND, else 0; 1 tracing failed, 2 wrong usage, 126 COMMAND could not be"
                + " run, 127 COMMAND was not found."})
final class LiveOptions {
    @Option(names = {"-p", "--pid"}, paramLabel = "PID", converter = PidsArgument.class,
            description = "trace these processes: all their threads, and their children from now on")
    private List<PidsArgument.Pids> pids = new ArrayList<>();

    @Option(names = {"-a", "--all"}, description = "trace the whole system, ktrace itself left out")
    private boolean wholeSystem;

    @Option(names = {"-d", "--duration"}, paramLabel = "TIME", converter = DurationArgument.class,
            description = "stop after that long (500ms, 10s, 2m); otherwise at Ctrl-C, or when every target has exited")
    private Long durationNs;

    @Option(names = {"-i", "--interval"}, paramLabel = "TIME", converter = DurationArgument.class, defaultValue = "1s",
            description = "how often the view is renewed; default ${DEFAULT-VALUE}")
    private long intervalNs;

    @Option(names = "--no-follow", description = "leave out children that are born while tracing")
    private boolean noFollow;

    @Option(names = {"-c", "--collector"}, paramLabel = "NAME", defaultValue = "auto",
            description = "where events come from: auto or perf; default ${DEFAULT-VALUE}")
    private String collector;

    @Option(names = "--json", paramLabel = "FILE", arity = "0..1", fallbackValue = "-",
            description = "JSON lines instead of text: one document per interval and a final one; to FILE if given")
    private String json;

    @Option(names = "--buffer", paramLabel = "SIZE", converter = SizeArgument.class,
            description = "kernel ring per CPU (512k, 16M); default: up to 32M, 256M in all")
    private Long bufferBytes;

    @Option(names = {"-n", "--top"}, paramLabel = "N", description = "how many processes, waits and system calls to show")
    private Integer top;

    @Option(names = {"-s", "--sort"}, paramLabel = "KEY", description = "what comes first: ${COMPLETION-CANDIDATES}")
    private SortKey sort;

    @Option(names = "--force", description = "overwrite an existing output file")
    private boolean force;

    List<Integer> pids() {
        return pids.stream().flatMap(given -> given.numbers().stream()).distinct().toList();
    }

    boolean wholeSystem() {
        return wholeSystem;
    }

    /** 0: without end. */
    long durationNs() {
        return durationNs == null ? 0 : durationNs;
    }

    long intervalNs() {
        return intervalNs;
    }

    boolean follow() {
        return !noFollow;
    }

    String collector() {
        return collector;
    }

    /** Null: text; "-": standard output; else a file. */
    String json() {
        return json;
    }

    /** 0: the default. */
    long bufferBytes() {
        return bufferBytes == null ? 0 : bufferBytes;
    }

    /** 0: as many as fit. */
    int top() {
        return top == null ? 0 : top;
    }

    SortKey sort() {
        return sort;
    }

    boolean force() {
        return force;
    }
}
