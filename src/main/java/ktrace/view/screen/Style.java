package ktrace.view.screen;

import ktrace.story.Tone;

/** What a piece of text is, for the eye. The numbers are those of SGR (ECMA-48, 8.3.117), the colours the terminal's own. */
public enum Style {
    PLAIN(""),
    /** Names and what counts most in a line. */
    STRONG("1"),
    /** What explains. */
    FAINT("2"),
    BAD("1;31"),
    DOUBT("33"),
    SURE("32"),
    RUNNING("32"),
    QUEUED("33"),
    IPC("36"),
    DISK("35"),
    SLEEP("34"),
    OTHER("37"),
    UNKNOWN("31"),
    BARS("36"),
    HELP("7");

    private final String sgr;

    Style(String sgr) {
        this.sgr = sgr;
    }

    public static Style of(Tone tone) {
        return switch (tone) {
            case PLAIN -> PLAIN;
            case STRONG -> STRONG;
            case FAINT -> FAINT;
            case BAD -> BAD;
            case DOUBT -> DOUBT;
            case SURE -> SURE;
        };
    }

    String sgr() {
        return sgr;
    }
}
