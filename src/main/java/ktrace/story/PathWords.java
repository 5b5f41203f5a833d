package ktrace.story;

import ktrace.analysis.Cause;
import ktrace.analysis.path.History;
import ktrace.analysis.path.PathShare;
import ktrace.analysis.path.Stretch;
import ktrace.event.ThreadId;

/** Who and what a critical path is made of, in a few words. */
public final class PathWords {
    private PathWords() {
    }

    /** {@code front(812)}, or of a thread that is called otherwise than its process {@code worker-1(813)}. */
    public static String thread(History history, ThreadId thread, Alphabet alphabet, int columns) {
        String comm = history.comm(thread);
        return Names.of(comm.isEmpty() ? history.comm(thread.process()) : comm, thread.tid(), alphabet, columns);
    }

    /** On whom the time of a share went. */
    public static String who(PathShare share, Alphabet alphabet, int columns) {
        return share.pid() > 0 ? Names.of(share.comm(), share.pid(), alphabet, columns)
                : Names.of(share.outside(), 0, alphabet, columns);
    }

    /** Whose doing a stretch was. */
    public static String who(History history, Stretch stretch, Alphabet alphabet, int columns) {
        return stretch.outside() != null ? Names.of(stretch.outside().process(), alphabet, columns)
                : thread(history, stretch.thread(), alphabet, columns);
    }

    public static String cause(Cause cause) {
        return switch (cause) {
            case COMPUTES -> "computes";
            case QUEUE -> "has no CPU";
            case THROTTLED -> "has no quota";
            case DISK -> "disk";
            case SLEEPS -> "sleeps";
            case STOPPED -> "is held still";
            case IDLE -> "has nothing to do";
            case OUTSIDE -> "outside";
            case GOES_ON -> "goes on";
            case FURTHER_BACK -> "further back";
            case UNKNOWN -> "unknown";
        };
    }
}
