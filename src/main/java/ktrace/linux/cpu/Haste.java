package ktrace.linux.cpu;

import java.io.File;
import ktrace.linux.Processes;

/**
 * Lets ktrace begin in time on a busy machine. What it takes to start and to attach is some tenths of a second of CPU time, whoever
 * waits for it; among many who want the CPU these become seconds, in which the trace begins late or nothing is known yet. So the
 * threads that do it come first until it is done. Then all are what ktrace was started as: whoever is traced shall not be pushed
 * aside by who looks on, unless events might be lost: of code that the JVM has yet to compile, and of the compilers, a part of a busy
 * CPU is not enough. Without the right to it nothing changes.
 */
public final class Haste {
    /** No other thread of ktrace's chooses just this one for itself, nor the next. */
    private static final int NICE = -11;
    private static final int BEHIND_NICE = -12;

    private Haste() {
    }

    /** The calling thread hastens, and every thread that it starts. */
    public static void begin() {
        if (Processes.niceOf(0) > NICE) {
            Processes.setThreadNice(NICE);
        }
    }

    /** Every thread, the JVM's compilers among them, hastens until {@link #calmDown}, whatever {@link #end} does. */
    public static void catchUp() {
        if (usualNice() > NICE) {
            change(usualNice(), BEHIND_NICE);
            change(NICE, BEHIND_NICE);
        }
    }

    /** Who hastens to {@link #catchUp} does no more. */
    public static void calmDown() {
        change(BEHIND_NICE, usualNice());
    }

    /** Every thread hastens, until ktrace ends: the trace is over, and its result is waited for. */
    public static void toTheEnd() {
        if (usualNice() > NICE) {
            change(usualNice(), NICE);
        }
    }

    /** Nobody hastens any more. */
    public static void end() {
        change(NICE, usualNice());
    }

    private static void change(int from, int to) {
        int first = Processes.getpid();
        String[] names = new File("/proc/self/task").list();
        for (String name : names == null ? new String[0] : names) {
            int tid = Integer.parseInt(name);
            if (tid != first && Processes.niceOf(tid) == from) {
                Processes.setNice(tid, to);
            }
        }
    }

    /** What ktrace was started with: its first thread, which the JVM only waits in, still has it. */
    public static int usualNice() {
        return Processes.niceOf(Processes.getpid());
    }
}
