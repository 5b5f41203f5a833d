package ktrace.cli;

import java.util.Arrays;
import java.util.List;
import ktrace.cli.options.Arguments;
import ktrace.cli.options.ExitStatus;
import ktrace.cli.options.UserError;
import ktrace.linux.cpu.Haste;
import ktrace.linux.SignalActions;
import ktrace.linux.uapi.Uapi;
import ktrace.text.Escaper;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import picocli.CommandLine;

/** The entry of the program. */
public final class Main {
    /** The subcommands, as help texts list them. */
    static final String SUBCOMMAND_NAMES = "record, report, log, path, export, diff";

    /** What a decoder puts in the place of bytes that are no characters. */
    private static final char REPLACEMENT = '\ufffd';

    private Main() {
    }

    /** Runs ktrace, and ends the JVM with its exit status. */
    public static void main(String[] args) {
        Haste.begin();
        // In the JVM's hands Ctrl-\ would print a list of its threads to standard output.
        SignalActions.usualAt(Uapi.SIGQUIT());
        System.exit(run(args));
    }

    private static int run(String[] args) {
        try {
            Arguments arguments = Arguments.split(args);
            checkCharacters(arguments.options());
            Subcommand subcommand = named(arguments.options());
            String[] options = arguments.options();
            if (subcommand == null) {
                subcommand = new LiveCommand();
            } else {
                options = Arrays.copyOfRange(options, 1, options.length);
            }
            CommandLine commandLine = new CommandLine(subcommand).setCaseInsensitiveEnumValuesAllowed(true)
                    .setExpandAtFiles(false);
            if (args.length == 0) {
                commandLine.usage(System.err);
                return ExitStatus.USAGE;
            }
            commandLine.parseArgs(options);
            if (commandLine.isUsageHelpRequested()) {
                commandLine.usage(System.out);
                return ExitStatus.OK;
            }
            if (commandLine.isVersionHelpRequested()) {
                commandLine.printVersionHelp(System.out);
                return ExitStatus.OK;
            }
            return subcommand.run(arguments.command());
        } catch (UnmatchedArgumentException e) {
            return fail(ExitStatus.USAGE, unmatched(e.getUnmatched(), e.getCommandLine().getCommandName()));
        } catch (MissingParameterException e) {
            boolean behindDashes = Arrays.asList(args).contains("--");
            return fail(ExitStatus.USAGE, firstLine(e.getMessage()) + (behindDashes ? ", before the --" : "") + "; see "
                    + e.getCommandLine().getCommandName() + " --help");
        } catch (ParameterException e) {
            return fail(ExitStatus.USAGE, firstLine(e.getMessage()) + "; see " + e.getCommandLine().getCommandName() + " --help");
        } catch (UserError e) {
            return fail(e.exitStatus(), e.getMessage());
        } catch (RuntimeException | Error e) {
            return fail(ExitStatus.FAILED, e instanceof OutOfMemoryError || e.getCause() instanceof OutOfMemoryError
                    ? "out of memory: give Java more, as by KTRACE_JAVA_OPTS=-Xmx4g, or java -Xmx4g"
                    : "internal error, please report it: " + e + " at " + Arrays.stream(e.getStackTrace()).findFirst()
                            .map(StackTraceElement::toString).orElse("an unknown place"));
        }
    }

    /** A name that is not what was typed must lead nowhere: with LANG=C, Java has replaced whatever is not ASCII. */
    private static void checkCharacters(String[] options) {
        for (String option : options) {
            if (option.indexOf(REPLACEMENT) >= 0) {
                throw UserError.usage("'" + option.replace(REPLACEMENT, '?')
                        + "' has characters that Java does not know in this locale; run ktrace with LC_ALL=C.UTF-8 in the"
                        + " environment");
            }
        }
    }

    /** What the first word asks for; null: the live summary, which needs none. */
    private static Subcommand named(String[] options) {
        return options.length == 0 ? null : switch (options[0]) {
            case "log" -> new LogCommand();
            case "record" -> new RecordCommand();
            case "report" -> new ReportCommand();
            case "path" -> new PathCommand();
            case "export" -> new ExportCommand();
            case "diff" -> new DiffCommand();
            case "manual" -> new ManualCommand();
            default -> null;
        };
    }

    private static String unmatched(List<String> words, String command) {
        String word = words.getFirst();
        if (word.startsWith("-")) {
            return "unknown option " + word + "; see " + command + " --help";
        }
        if (word.matches("\\d+")) {
            return "do not know what " + word + " is: for a process write -p " + word;
        }
        if (command.equals("ktrace")) {
            return "do not know what '" + word + "' is: subcommands are " + SUBCOMMAND_NAMES + "; for a command write ktrace -- "
                    + String.join(" ", words);
        }
        return "do not know what '" + word + "' is for: " + (command.equals("ktrace record")
                ? "for a command write -- " + String.join(" ", words) : command + (command.equals("ktrace diff") ? " takes two runs" : " takes one trace"));
    }

    private static String firstLine(String message) {
        return Arrays.stream(message.split("\n")).findFirst().orElse(message);
    }

    /** One line on standard error, whatever the message holds. */
    private static int fail(int status, String message) {
        System.err.println("ktrace: " + Escaper.SENTENCE.escape(message));
        return status;
    }
}
