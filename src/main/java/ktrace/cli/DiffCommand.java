package ktrace.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ktrace.cli.options.AttachedValue;
import ktrace.cli.options.CountArgument;
import ktrace.cli.options.ExitStatus;
import ktrace.cli.options.JsonTarget;
import ktrace.cli.options.SummaryOptions;
import ktrace.cli.options.UserError;
import ktrace.diff.Comparison;
import ktrace.diff.Measuring;
import ktrace.diff.NoSummaryException;
import ktrace.diff.Run;
import ktrace.diff.SummaryRun;
import ktrace.event.TraceCounters;
import ktrace.export.JsonDiff;
import ktrace.export.JsonSummary;
import ktrace.linux.files.FileErrors;
import ktrace.linux.terminal.ReaderGoneException;
import ktrace.view.Surroundings;
import ktrace.view.Views;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ktrace diff A B}: what changed between two runs. */
@Command(name = "ktrace diff", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        usageHelpAutoWidth = true, customSynopsis = "ktrace diff A B [OPTIONS]",
        description = {"", "Says what changed from run A to run B: on whom others waited and why, which waits and which system calls,"
                + " and whether that stands out of the noise; worst first. A and B are recorded traces, or files that --json wrote.",
            "", "Processes are the same by their names. What takes longer is compared for each wait and call, how often they come for"
                + " each second, so the runs may differ in length. Of two traces the ranks of the durations, and of the rates in equal"
                + " windows, are tested (Mann-Whitney), corrected for neighbours that are alike and for the number of tests (Holm);"
                + " what stands out has p < 0.05 and differs by a tenth at least. Of what there is as much in both runs, as where they"
                + " did the same work, it is not said that it comes more often. A JSON file has no durations: nothing is tested.", ""},
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:they were compared", "1:one of them could not be read", "2:wrong usage",
            "3:with --exit-code, something got worse"})
final class DiffCommand implements Subcommand {
    @Parameters(index = "0", paramLabel = "A", description = "the run before: a trace, or a JSON summary")
    private String before;

    @Parameters(index = "1", paramLabel = "B", description = "the run after")
    private String after;

    @Option(names = "--json", paramLabel = "FILE", arity = "0..1", fallbackValue = SummaryOptions.ANYWHERE,
            preprocessor = AttachedValue.class, description = "all rows as one JSON document instead of text; to FILE if given")
    private String json;

    @Option(names = {"-n", "--top"}, paramLabel = "N", converter = CountArgument.class,
            description = "how many rows of each kind to show")
    private Integer top;

    @Option(names = "--all", description = "show also what does not stand out of the noise")
    private boolean all;

    @Option(names = "--exit-code", description = "end with status 3 when something got worse, beyond the noise")
    private boolean exitCode;

    @Option(names = "--force", description = "overwrite an existing output")
    private boolean force;

    @Override
    public int run(List<String> command) {
        if (command != null) {
            throw UserError.usage("ktrace diff takes no command: it reads two runs");
        }
        if (json != null) {
            JsonTarget.check(json, force);
        }
        boolean durations = isTrace(before) && isTrace(after);
        Comparison comparison = Comparison.of(read(before, durations), read(after, durations));
        try {
            write(comparison);
        } catch (ReaderGoneException e) {
            // It has seen enough.
            return ExitStatus.OK;
        } catch (IOException e) {
            throw UserError.failed("cannot write the differences: " + FileErrors.reason(e));
        }
        return exitCode && comparison.isWorse() ? ExitStatus.DIFFERENT : ExitStatus.OK;
    }

    private void write(Comparison comparison) throws IOException {
        if (json == null) {
            Views.differences(Surroundings.present(), comparison, top == null ? 0 : top, all);
            return;
        }
        try (OutputStream out = JsonTarget.open(json, force)) {
            JsonDiff.write(out, comparison, Version.number());
        }
    }

    private static boolean isTrace(String name) {
        return Files.isDirectory(Path.of(name));
    }

    /** A trace beside a summary is summed up itself, so that equals are compared. */
    private static Run read(String name, boolean durations) {
        return isTrace(name) ? durations ? measured(name) : summed(name) : summary(name);
    }

    private static Run measured(String name) {
        try (RecordedTrace trace = RecordedTrace.open(name)) {
            Measuring measuring = new Measuring(trace.reader().syscalls());
            trace.replay(new TraceCounters(), List.of(measuring), stop -> { });
            return measuring.run(trace.name());
        }
    }

    private static Run summed(String name) {
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        try (RecordedTrace trace = RecordedTrace.open(name)) {
            TraceCounters tracker = new TraceCounters();
            JsonSummary summary = new JsonSummary(document, Version.number(), false);
            try (Audience audience = SummaryAudience.later(Views.documents(summary::write), trace, tracker)) {
                trace.replay(tracker, audience.readers(), audience::onQuit);
                audience.finish();
            }
            return SummaryRun.read(trace.name(), new ByteArrayInputStream(document.toByteArray()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw UserError.failed("interrupted while " + name + " was read");
        } catch (IOException e) {
            throw UserError.failed("cannot sum up " + name + ": " + FileErrors.reason(e));
        }
    }

    private static Run summary(String name) {
        try (InputStream in = Files.newInputStream(Path.of(name))) {
            return SummaryRun.read(name, in);
        } catch (NoSummaryException e) {
            throw UserError.failed("cannot compare " + name + ": " + e.getMessage());
        } catch (IOException e) {
            throw UserError.failed("cannot read " + name + ": " + FileErrors.reason(e));
        }
    }
}
