package ktrace.cli.options;

import ktrace.story.SortKey;
import picocli.CommandLine.Option;

/** The options that say how a summary is written; filled by picocli. */
public final class SummaryOptions {
    /** {@link #json} where no file is named: where the text would go. */
    public static final String ANYWHERE = "";

    @Option(names = "--json", paramLabel = "FILE", arity = "0..1", fallbackValue = SummaryOptions.ANYWHERE,
            preprocessor = AttachedValue.class, description = "JSON lines instead of text: one document per interval and a final"
                + " one; to FILE if given (-: standard output), else to where the text would go")
    private String json;

    @Option(names = "--html", paramLabel = "FILE", description = "also make a page for the browser: one file that holds all,"
            + " with the time lines of the threads")
    private String html;

    @Option(names = "--threads", description = "in JSON, tell waits by waiting thread and waker thread instead of by process")
    private boolean threads;

    @Option(names = {"-n", "--top"}, paramLabel = "N", converter = CountArgument.class,
            description = "how many processes, waits and system calls to show; for processes by name there is --name")
    private Integer top;

    @Option(names = {"-s", "--sort"}, paramLabel = "KEY", description = "what comes first: ${COMPLETION-CANDIDATES}")
    private SortKey sort;

    @Option(names = "--force", description = "overwrite an existing output")
    private boolean force;

    /** Null: text; {@link #ANYWHERE}; "-": standard output; else a file. */
    public String json() {
        return json;
    }

    /** The file that the page goes to; null: none is wanted. */
    public String html() {
        return html;
    }

    public boolean threads() {
        return threads;
    }

    /** 0: as many as fit. */
    public int top() {
        return top == null ? 0 : top;
    }

    /** Null: the usual order. */
    public SortKey sort() {
        return sort;
    }

    public boolean force() {
        return force;
    }
}
