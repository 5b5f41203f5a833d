package ktrace.cli;

import java.io.IOException;
import java.util.List;
import ktrace.cli.export.ExportFile;
import ktrace.cli.options.DurationArgument;
import ktrace.cli.options.Scope;
import ktrace.cli.options.SummaryOptions;
import ktrace.cli.options.TraceOptions;
import ktrace.event.EventSource;
import ktrace.export.page.HtmlPage;
import ktrace.linux.SyscallTable;
import ktrace.view.SummaryView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ktrace [OPTIONS] SCOPE}: the live summary. */
@Command(name = "ktrace", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = {
            "ktrace [OPTIONS] -p PID[,PID...]",
            "ktrace [OPTIONS] -a",
            "ktrace [OPTIONS] -- COMMAND [ARG...]",
            "ktrace record -o DIR [OPTIONS] SCOPE",
            "ktrace report DIR [OPTIONS]",
            "ktrace log [OPTIONS] SCOPE | DIR",
            "ktrace path DIR [OPTIONS]",
            "ktrace export DIR --format perfetto|csv|json|html -o FILE",
            "ktrace diff A B [OPTIONS]",
            "ktrace manual man|completion"},
        description = {"", "Shows why a system of several processes is slow: which system calls take how long, where each thread's"
                + " time goes, and who waits for whom, through what, how long.", ""},
        footer = {"", "More with ktrace SUBCOMMAND --help, of " + Main.SUBCOMMAND_NAMES + ".", "",
            "Needs root, or CAP_PERFMON and read access to tracefs; without them ktrace traces your own processes by ptrace,"
                + " which slows their system calls down. Traced programs are never harmed, and run on however ktrace ends.",
            "Exit status: the command's own with -- COMMAND, else 0; 1 tracing failed, 2 wrong usage, 126 COMMAND could not be"
                + " run, 127 COMMAND was not found."})
final class LiveCommand implements Subcommand {
    @Mixin
    private TraceOptions trace;

    @Option(names = {"-i", "--interval"}, paramLabel = "TIME", converter = DurationArgument.class, defaultValue = "1s",
            description = "how often the view is renewed; default ${DEFAULT-VALUE}")
    private long intervalNs;

    @Option(names = {"-o", "--output"}, paramLabel = "DIR",
            description = "also record a binary trace: Common Trace Format 1.8, as LTTng lays it out")
    private String output;

    @Mixin
    private SummaryOptions summary;

    @Override
    public int run(List<String> command) {
        Scope scope = Tracing.scope(trace, command);
        return Tracing.run(trace, scope, live -> summarise(live, scope));
    }

    private int summarise(LiveTrace live, Scope scope) throws IOException, InterruptedException {
        // Before anything is made or opened: what is refused leaves nothing behind, and no descriptor of a collector's passes for one
        // that was handed down.
        SummaryOutput.check(summary);
        EventSource collector = live.open(output != null);
        live.record(collector, output, summary.force());
        SummaryOutput shown = SummaryOutput.open(summary, scope instanceof Scope.Command, WallClock.realtimeOffsetNs());
        return live.run(collector, audience(shown.live(scope), scope, collector, live));
    }

    private Audience audience(SummaryView shown, Scope scope, EventSource collector, LiveTrace live) {
        if (summary.html() == null) {
            return SummaryAudience.live(shown, intervalNs, collector.name(), live.trackerCounters());
        }
        HtmlPage made = new HtmlPage(SyscallTable.current()::name, Version.number(), scope.text(), WallClock.realtimeOffsetNs());
        PageOutput page = new PageOutput(made, () -> ExportFile.openAtEnd(summary.html(), summary.force()));
        return page.beside(SummaryAudience.live(page.beside(shown), intervalNs, collector.name(), live.trackerCounters()));
    }
}
