package ktrace.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import ktrace.cli.options.ExitStatus;
import ktrace.linux.ShutdownHook;
import ktrace.linux.SignalActions;
import ktrace.linux.uapi.Uapi;

/**
 * Ctrl-C, SIGTERM and SIGHUP: the JVM begins to shut down, and this holds it up until the trace has ended in good order and its
 * summary is written; then ktrace ends with the status of the trace, not with that of a killed program.
 */
final class Interruption implements AutoCloseable {
    private static final long PATIENCE_S = 20;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Runnable stop;
    private volatile int status = ExitStatus.FAILED;

    private Interruption(Runnable stop) {
        this.stop = stop;
    }

    /** @param stop asks for the end of the trace; called at most once: on a thread of the JVM's, or here if it is too late */
    static Interruption handledBy(Runnable stop) {
        Interruption interruption = new Interruption(stop);
        if (!ShutdownHook.add("ktrace-interrupt", interruption::run)) {
            // Nobody can hold up the end any more: nothing is to be begun.
            stop.run();
        }
        return interruption;
    }

    /**
     * A shell has what a script starts in the background ignore Ctrl-C, and with it whoever sends SIGINT to ktrace alone: he means
     * it. What ktrace starts would not ignore it any more.
     */
    static void hearCtrlC() {
        if (SignalActions.isIgnored(Uapi.SIGINT())) {
            SignalActions.usualAt(Uapi.SIGINT());
            SignalActions.on("INT", () -> System.exit(ExitStatus.FAILED));
        }
    }

    /** Everything is written; a shutdown from now on is nobody's but ktrace's own. */
    void finished(int exitStatus) {
        status = exitStatus;
        done.countDown();
    }

    /** Whatever has happened, nothing holds up a shutdown any more. */
    @Override
    public void close() {
        done.countDown();
    }

    private void run() {
        if (done.getCount() == 0) {
            return;
        }
        stop.run();
        try {
            if (done.await(PATIENCE_S, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
