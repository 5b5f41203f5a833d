package ktrace.story;

/** How a piece of what is told is meant; how that looks is for whoever shows it. */
public enum Tone {
    PLAIN,
    /** Names and what counts most in a sentence. */
    STRONG,
    /** What explains, and what stands for nothing. */
    FAINT,
    BAD,
    DOUBT,
    SURE
}
