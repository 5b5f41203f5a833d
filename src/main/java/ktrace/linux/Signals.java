package ktrace.linux;

/** What a signal is called: signal(7). The numbers are the same on x86-64, i386 and aarch64. */
public final class Signals {
    /** _NSIG: the numbers run from 1 to this one. */
    public static final int MAX = 64;

    /** The first number without a name of its own; glibc keeps 32 and 33 for itself and calls 34 SIGRTMIN. */
    private static final int FIRST_REAL_TIME = 32;

    private static final String[] NAMES = new String[MAX + 1];

    static {
        for (NumberedNames.Line line : NumberedNames.load("signals.txt").lines()) {
            NAMES[line.number()] = line.name();
        }
        for (int signal = FIRST_REAL_TIME; signal <= MAX; signal++) {
            NAMES[signal] = "SIGRT_" + (signal - FIRST_REAL_TIME);
        }
    }

    private Signals() {
    }

    /** {@code SIGKILL} for 9, {@code SIGRT_2} for 34 (counted from the kernel's 32, as strace does), else {@code signal_99}. */
    public static String name(int signal) {
        return signal > 0 && signal <= MAX ? NAMES[signal] : "signal_" + signal;
    }
}
