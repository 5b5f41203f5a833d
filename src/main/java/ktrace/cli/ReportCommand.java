package ktrace.cli;

import java.io.IOException;
import java.util.List;
import ktrace.cli.export.ExportFile;
import ktrace.cli.options.ExitStatus;
import ktrace.cli.options.SummaryOptions;
import ktrace.cli.options.UserError;
import ktrace.event.TraceCounters;
import ktrace.view.SummaryView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ktrace report DIR}: the summary of a recorded trace. */
@Command(name = "ktrace report", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        usageHelpAutoWidth = true, customSynopsis = "ktrace report DIR [OPTIONS]",
        description = {"", "Shows the summary of a recorded trace: of ktrace's own, or of LTTng's kernel tracer.", ""})
final class ReportCommand implements Subcommand {
    @Parameters(index = "0", paramLabel = "DIR", description = "the trace")
    private String directory;

    @Mixin
    private SummaryOptions summary;

    @Override
    public int run(List<String> command) {
        if (command != null) {
            throw UserError.usage("ktrace report takes no command: it reads a trace");
        }
        try (RecordedTrace trace = RecordedTrace.open(directory)) {
            TraceCounters tracker = new TraceCounters();
            SummaryOutput.check(summary);
            SummaryOutput shown = SummaryOutput.open(summary, false, trace.reader().realtimeOffsetNs());
            try (Audience audience = audience(trace, shown.report(trace.name()), tracker)) {
                trace.replay(tracker, audience.readers(), audience::onQuit);
                IOException failure = audience.finish();
                if (failure != null) {
                    throw UserError.failed("cannot write the summary: " + failure.getMessage());
                }
            }
            return ExitStatus.OK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitStatus.FAILED;
        }
    }

    private Audience audience(RecordedTrace trace, SummaryView shown, TraceCounters tracker) {
        if (summary.html() == null) {
            return SummaryAudience.later(shown, trace, tracker);
        }
        PageOutput page = new PageOutput(trace.page(), () -> ExportFile.open(summary.html(), summary.force()));
        return page.beside(SummaryAudience.later(page.beside(shown), trace, tracker));
    }
}
