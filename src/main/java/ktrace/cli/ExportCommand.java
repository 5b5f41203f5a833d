package ktrace.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ktrace.cli.export.ExportFile;
import ktrace.cli.export.ExportLosses;
import ktrace.cli.export.ExportProgress;
import ktrace.cli.options.ExitStatus;
import ktrace.cli.options.UserError;
import ktrace.ctf.read.CtfReader;
import ktrace.event.EventSink;
import ktrace.event.TraceCounters;
import ktrace.export.PerfettoExporter;
import ktrace.export.RowExporter;
import ktrace.export.TraceExport;
import ktrace.export.TracedMachine;
import ktrace.export.WaitsOfTrace;
import ktrace.linux.Syscalls;
import ktrace.linux.terminal.ReaderGoneException;
import ktrace.view.Views;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ktrace export DIR --format F -o FILE}: a recorded trace for other tools. */
@Command(name = "ktrace export", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        usageHelpAutoWidth = true, customSynopsis = "ktrace export DIR --format FORMAT -o FILE [OPTIONS]",
        description = {"", "Writes a recorded trace, of ktrace's own or of LTTng's kernel tracer, in another tool's format.", ""})
final class ExportCommand implements Subcommand {
    @Parameters(index = "0", paramLabel = "DIR", description = "the trace")
    private String directory;

    @Option(names = "--format", paramLabel = "FORMAT", required = true,
            description = "perfetto: a protobuf that ui.perfetto.dev opens; csv: a row for each system call and each wait;"
                + " json: the same as JSON lines; html: a page for the browser")
    private String format;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", required = true, description = "the file to make; -: standard output")
    private String output;

    @Option(names = "--force", description = "overwrite an existing output")
    private boolean force;

    @Override
    public int run(List<String> command) {
        if (command != null) {
            throw UserError.usage("ktrace export takes no command: it reads a trace");
        }
        checkFormat();
        if (output.equals("-") && format.equals("perfetto") && Syscalls.isTerminal(1)) {
            throw UserError.usage("--format perfetto is binary, and standard output is a terminal: give -o FILE, or send it"
                    + " elsewhere");
        }
        try (RecordedTrace trace = RecordedTrace.open(directory)) {
            write(trace);
        }
        return ExitStatus.OK;
    }

    private void checkFormat() {
        switch (format) {
            case "perfetto", "csv", "json", "html" -> { }
            case "folded" -> throw UserError.usage("--format " + format
                    + " is not there yet: this version of ktrace exports perfetto, csv, json and html");
            default -> throw UserError.usage("--format " + format + ": no such format; there are perfetto, csv, json and html");
        }
    }

    private void write(RecordedTrace trace) {
        ExportLosses losses = new ExportLosses();
        try (ExportFile file = ExportFile.open(output, force)) {
            write(trace, file, losses);
        }
        losses.lines().forEach(System.err::println);
    }

    private void write(RecordedTrace trace, ExportFile file, ExportLosses losses) {
        if (format.equals("html")) {
            writePage(trace, file, losses);
            return;
        }
        try (ExportProgress progress = ExportProgress.of(trace.reader())) {
            TraceExport export = export(trace.reader(), file.stream());
            List<EventSink> readers = new ArrayList<>();
            readers.add(WaitsOfTrace.to(export, new TraceCounters()));
            readers.add(export);
            readers.add(losses);
            if (progress != null) {
                readers.add(progress);
            }
            trace.replay(new TraceCounters(), readers, stop -> { });
            export.finish();
            file.finish();
            losses.leftOut(export.leftOut());
        } catch (UncheckedIOException e) {
            ended(file, e.getCause());
        } catch (IOException e) {
            ended(file, e);
        }
    }

    private static void writePage(RecordedTrace trace, ExportFile file, ExportLosses losses) {
        TraceCounters tracker = new TraceCounters();
        PageOutput page = new PageOutput(trace.page(), () -> file);
        try (ExportProgress progress = ExportProgress.of(trace.reader());
                Audience audience = page.beside(SummaryAudience.later(page.beside(Views.documents(_ -> { })), trace, tracker))) {
            List<EventSink> readers = new ArrayList<>(audience.readers());
            readers.add(losses);
            if (progress != null) {
                readers.add(progress);
            }
            trace.replay(tracker, readers, stop -> { });
            audience.finish();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** That the reader of a pipe has seen enough is no failure. */
    private static void ended(ExportFile file, IOException e) {
        if (!(e instanceof ReaderGoneException)) {
            throw file.cannotWrite(e);
        }
    }

    private TraceExport export(CtfReader reader, OutputStream out) {
        return switch (format) {
            case "csv" -> RowExporter.csv(out, reader.syscalls());
            case "json" -> RowExporter.json(out, machine(reader), Version.number(), reader.syscalls());
            default -> new PerfettoExporter(out, machine(reader), Version.number(), reader.syscalls()::name,
                    reader.machine().isEmpty() ? reader.syscalls()::name : reader.syscalls()::nameOfOwn);
        };
    }

    private static TracedMachine machine(CtfReader reader) {
        Map<String, Object> env = reader.environment();
        return new TracedMachine(text(env, "hostname"), text(env, "sysname"), text(env, "kernel_release"),
                text(env, "kernel_version"), reader.machine(), reader.realtimeOffsetNs());
    }

    private static String text(Map<String, Object> env, String key) {
        return env.get(key) instanceof String text ? text : "";
    }
}
