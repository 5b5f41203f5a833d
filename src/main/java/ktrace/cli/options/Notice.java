package ktrace.cli.options;

import ktrace.text.Escaper;

/** What a person should know besides the result, in a line on standard error. Any thread. */
public final class Notice {
    private Notice() {
    }

    public static void tell(String line) {
        System.err.println("ktrace: " + Escaper.SENTENCE.escape(line));
    }
}
