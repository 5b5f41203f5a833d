package ktrace.cli;

import java.io.IOException;
import java.io.OutputStream;
import ktrace.cli.options.JsonTarget;
import ktrace.cli.options.Scope;
import ktrace.cli.options.SummaryOptions;
import ktrace.cli.options.UserError;
import ktrace.export.JsonSummary;
import ktrace.linux.terminal.StandardStream;
import ktrace.view.DocumentWriter;
import ktrace.view.SummaryView;
import ktrace.view.Surroundings;
import ktrace.view.Views;

/** Where and how summaries are written, as the options have it. */
final class SummaryOutput {
    private final SummaryOptions options;
    private final DocumentWriter documents;

    private SummaryOutput(SummaryOptions options, DocumentWriter documents) {
        this.options = options;
        this.documents = documents;
    }

    /** Tells in one line when the file cannot be made; makes nothing. */
    static void check(SummaryOptions options) {
        if (options.json() != null) {
            JsonTarget.check(options.json(), options.force());
        }
        if (options.html() != null) {
            checkPage(options);
        }
    }

    private static void checkPage(SummaryOptions options) {
        if (options.html().isEmpty() || options.html().equals("-")) {
            throw UserError.usage("--html wants the name of a file to make");
        }
        JsonTarget.check(options.html(), options.force());
    }

    /**
     * Makes the file, if one was asked for.
     *
     * @param besideCommand a command runs that has standard output
     * @param realtimeOffsetNs what the time of day is more than the times of the trace
     */
    static SummaryOutput open(SummaryOptions options, boolean besideCommand, long realtimeOffsetNs) {
        return new SummaryOutput(options, options.json() == null ? null
                : new JsonSummary(json(options, besideCommand), Version.number(), options.threads(), realtimeOffsetNs)::write);
    }

    /** Like the text, JSON without a place of its own leaves standard output to the command. */
    private static OutputStream json(SummaryOptions options, boolean besideCommand) {
        return besideCommand && options.json().equals(SummaryOptions.ANYWHERE) ? StandardStream.error()
                : JsonTarget.open(options.json(), options.force());
    }

    /** The view of what is being traced. */
    SummaryView live(Scope scope) throws IOException {
        return documents != null ? Views.documents(documents)
                : Views.open(Surroundings.present(), scope.text(), scope instanceof Scope.Command, options.top(), options.sort());
    }

    /** The view of a recorded trace, called {@code name}. */
    SummaryView report(String name) {
        return documents != null ? Views.documents(documents)
                : Views.report(Surroundings.present(), name, options.top(), options.sort());
    }
}
