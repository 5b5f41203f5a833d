package ktrace.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import ktrace.cli.manual.ManPage;
import ktrace.cli.options.ExitStatus;
import ktrace.cli.options.UserError;
import ktrace.linux.terminal.ReaderGoneException;
import ktrace.linux.terminal.StandardStream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ktrace manual man|completion}: the manual page, and what bash and zsh complete. */
@Command(name = "ktrace manual", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        usageHelpAutoWidth = true, customSynopsis = {"ktrace manual man", "ktrace manual completion"},
        description = {"", "Prints the manual page, for a file like /usr/local/share/man/man1/ktrace.1, or the completion of words"
                + " for bash and zsh, for a file like /etc/bash_completion.d/ktrace.", ""})
final class ManualCommand implements Subcommand {
    @Parameters(index = "0", paramLabel = "WHAT", description = "man or completion")
    private String what;

    @Override
    public int run(List<String> command) {
        String text = switch (what) {
            case "man" -> ManPage.of(all(), Version.number());
            case "completion" -> AutoComplete.bash("ktrace", all());
            default -> throw UserError.usage("ktrace manual has man and completion, and no '" + what + "'");
        };
        try {
            StandardStream.output().write(text.getBytes(StandardCharsets.UTF_8));
        } catch (ReaderGoneException e) {
            // The reader of a pipe has seen enough.
        } catch (IOException e) {
            throw UserError.failed("cannot write the manual: " + e.getMessage());
        }
        return ExitStatus.OK;
    }

    /** The command with the other ones below it. */
    static CommandLine all() {
        return new CommandLine(new LiveCommand())
                .addSubcommand("record", new RecordCommand())
                .addSubcommand("report", new ReportCommand())
                .addSubcommand("log", new LogCommand())
                .addSubcommand("path", new PathCommand())
                .addSubcommand("export", new ExportCommand())
                .addSubcommand("diff", new DiffCommand());
    }
}
