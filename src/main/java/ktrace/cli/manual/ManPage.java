package ktrace.cli.manual;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Writes a command and its subcommands as a page for man(1), in the macros of man(7). */
public final class ManPage {
    private final StringBuilder out = new StringBuilder();

    private ManPage() {
    }

    /** @param ktrace the command itself, with its subcommands */
    public static String of(CommandLine ktrace, String version) {
        return new ManPage().page(ktrace, version);
    }

    private String page(CommandLine ktrace, String version) {
        UsageMessageSpec usage = ktrace.getCommandSpec().usageMessage();
        macro(".TH KTRACE 1 \"\" \"ktrace " + version + "\"");
        macro(".SH NAME");
        line("ktrace - why a system of several processes is slow");
        macro(".SH SYNOPSIS");
        synopsis(usage);
        macro(".SH DESCRIPTION");
        paragraphs(usage.description());
        macro(".SH OPTIONS");
        options(ktrace);
        ktrace.getSubcommands().forEach((name, command) -> {
            macro(".SH KTRACE " + name.toUpperCase(Locale.ROOT));
            synopsis(command.getCommandSpec().usageMessage());
            macro(".PP");
            paragraphs(command.getCommandSpec().usageMessage().description());
            options(command);
            exitStatus(command.getCommandSpec().usageMessage());
        });
        macro(".SH NOTES");
        paragraphs(usage.footer());
        macro(".SH SEE ALSO");
        line("strace(1), perf-trace(1), ptrace(2), perf_event_open(2), babeltrace2(1)");
        return out.toString();
    }

    private void macro(String text) {
        out.append(text).append('\n');
    }

    /** Text, in which nothing is a request: neither a dot at its begin nor a backslash. */
    private void line(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-");
        out.append(escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" : "").append(escaped).append('\n');
    }

    private void synopsis(UsageMessageSpec usage) {
        macro(".nf");
        Stream.of(usage.customSynopsis()).forEach(this::line);
        macro(".fi");
    }

    private void paragraphs(String[] lines) {
        boolean first = true;
        for (String text : lines) {
            if (!text.isEmpty()) {
                if (!first) {
                    macro(".PP");
                }
                line(text.replace("%%", "%"));
                first = false;
            }
        }
    }

    private void exitStatus(UsageMessageSpec usage) {
        usage.exitCodeList().forEach((status, meaning) -> {
            macro(".TP");
            line("exit status " + status);
            line(meaning);
        });
    }

    private void options(CommandLine command) {
        Help help = command.getHelp();
        Help.IOptionRenderer renderer = help.createDefaultOptionRenderer();
        for (OptionSpec option : command.getCommandSpec().options()) {
            Text[][] cells = renderer.render(option, help.parameterLabelRenderer(), Help.defaultColorScheme(Help.Ansi.OFF));
            macro(".TP");
            line(Stream.of(cells[0]).skip(1).limit(3).map(Text::toString).collect(Collectors.joining()).strip()
                    .replace(",-", ", -"));
            line(Stream.of(cells).map(row -> row[4].toString()).filter(text -> !text.isEmpty()).collect(Collectors.joining(" ")));
        }
    }
}
