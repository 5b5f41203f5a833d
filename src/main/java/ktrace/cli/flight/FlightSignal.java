package ktrace.cli.flight;

import ktrace.cli.options.Notice;
import ktrace.linux.SignalActions;

/**
 * SIGUSR2 asks for a flight recording to be written. HotSpot needs a signal to suspend its threads, SIGUSR2 unless the environment
 * names another (signals_posix.cpp, SR_initialize); the launcher names SIGSTKFLT, which Linux never sends.
 */
public final class FlightSignal {
    private static final String OTHER_SIGNAL = "_JAVA_SR_SIGNUM";

    private FlightSignal() {
    }

    /** @param write called on a thread of the JVM's at each signal */
    public static void handledBy(Runnable write) {
        if (System.getenv(OTHER_SIGNAL) == null || !SignalActions.on("USR2", write)) {
            Notice.tell("SIGUSR2 is Java's own here, the trace is written at the end alone; target/ktrace, or " + OTHER_SIGNAL
                    + "=16 in the environment, frees it");
        }
    }
}
