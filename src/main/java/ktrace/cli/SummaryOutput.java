package ktrace.cli;

import java.io.IOException;
import ktrace.cli.options.JsonTarget;
import ktrace.cli.options.Scope;
import ktrace.cli.options.SummaryOptions;
import ktrace.export.JsonSummary;
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
    }

    /** Makes the file, if one was asked for. */
    static SummaryOutput open(SummaryOptions options) {
        return new SummaryOutput(options, options.json() == null ? null
                : new JsonSummary(JsonTarget.open(options.json(), options.force()), Version.number(), options.threads())::write);
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
