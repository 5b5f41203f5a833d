package ktrace.story;

import ktrace.text.Escaper;

/**
 * The characters that are written with: Unicode, or ASCII alone.
 *
 * @param from stands before who ended a wait
 * @param ellipsis stands for what was cut or folded
 * @param dot stands between two things
 * @param none stands where a figure would be 0, or is not known
 * @param atMost stands before an upper bound
 * @param times stands between a number and what there are so many of
 */
public record Alphabet(String from, String ellipsis, String dot, String none, String atMost, String times, Units units,
        Escaper escaper) {
    public static final Alphabet UNICODE = new Alphabet("←", "…", "·", "·", "≤", "×", new Units("µ"), Escaper.UNICODE);
    public static final Alphabet ASCII = new Alphabet("<-", "...", "|", "-", "<=", "x", new Units("u"), Escaper.ASCII);

    /** A name from a traced process, or the name that ktrace gave to an object, with its arrows. */
    public String escape(String name) {
        String arrows = escaper == Escaper.ASCII ? name.replace("↔", "<->").replace("→", "->") : name;
        return escaper.escape(arrows);
    }
}
