package ktrace.linux.cpu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The part of the CPUs that all of ktrace's session gets together. Where the kernel makes a group of each session (autogroup, sched(7)),
 * a nice value counts among the threads of one session alone, and whoever is traced is most often of another: of two busy CPUs its
 * session gets half of one, whatever {@link Haste} does. So the group comes first, too, while events might be lost. Without the right
 * to it nothing changes, nor where somebody has chosen a value for the session, nor in a control group, where the kernel looks
 * at that instead (Linux 6.18). Any thread; must be closed, since the session outlives ktrace.
 */
public final class SessionShare implements AutoCloseable {
    /** One that people hardly choose; found at begin it is what a ktrace has left that was killed. */
    private static final int NICE = -12;
    private static final int USUAL = 0;

    private final Path file;
    private boolean closed;

    public SessionShare() {
        this(Path.of("/proc/self/autogroup"));
    }

    SessionShare(Path file) {
        this.file = file;
    }

    /** The session comes first until {@link #restore}. */
    public synchronized void raise() {
        if (!closed) {
            change(USUAL, NICE);
        }
    }

    public synchronized void restore() {
        change(NICE, USUAL);
    }

    /** Restores it, for good. */
    @Override
    public synchronized void close() {
        closed = true;
        restore();
    }

    private void change(int from, int to) {
        try {
            // "/autogroup-25 nice 0"
            if (Files.readString(file).strip().endsWith(" nice " + from)) {
                Files.write(file, Integer.toString(to).getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            // No such groups, or no right to it.
        }
    }
}
