package ktrace.view;

import java.util.Map;
import ktrace.linux.Syscalls;
import ktrace.linux.terminal.Terminals;
import ktrace.view.screen.Glyphs;

/**
 * What ktrace was started with: which of its standard streams are terminals, and the environment.
 *
 * @param foreground whether it may take keys from the terminal on standard input
 */
public record Surroundings(boolean inTerminal, boolean outTerminal, boolean errTerminal, boolean foreground,
        Map<String, String> environment) {

    /** As it is now. */
    public static Surroundings present() {
        return new Surroundings(Syscalls.isTerminal(0), Syscalls.isTerminal(1), Syscalls.isTerminal(2),
                Terminals.isForeground(0), System.getenv());
    }

    /** A terminal that understands escape sequences. */
    private boolean isCapable() {
        String term = environment.getOrDefault("TERM", "");
        return !term.isEmpty() && !term.equals("dumb");
    }

    /** Whether the locale has no other characters: then those of names and paths are escaped. */
    public boolean asciiOnly() {
        return Glyphs.of(environment) == Glyphs.ASCII;
    }

    /** Whether a screen can be drawn: output and keys on a terminal, in the foreground. */
    boolean isScreen() {
        return inTerminal && outTerminal && foreground && isCapable();
    }

    /** Whether text for {@code fd} may have colours; NO_COLOR, not empty, forbids them (no-color.org). */
    public boolean hasColours(int fd) {
        return (fd == 1 ? outTerminal : errTerminal) && isCapable() && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }
}
