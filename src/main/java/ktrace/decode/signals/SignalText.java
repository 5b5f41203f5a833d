package ktrace.decode.signals;

import ktrace.decode.Decoding;
import ktrace.linux.Signals;

/** Names of signals and sets of them. */
public final class SignalText {
    private static final int FIRST_REAL_TIME = 32;
    private static final int SIGNALS = 64;

    private SignalText() {
    }

    /** {@code SIGTERM}, {@code SIGRT_2}; a number that is no signal stays one. */
    public static String name(int signal) {
        if (signal <= 0 || signal > SIGNALS) {
            return Integer.toString(signal);
        }
        return signal == FIRST_REAL_TIME ? "SIGRTMIN" : Signals.name(signal);
    }

    /** {@code [INT CHLD]}, or {@code ~[USR1]} when most are in it. */
    static void set(StringBuilder out, long mask) {
        boolean inverted = Long.bitCount(mask) >= SIGNALS * 2 / 3;
        long shown = inverted ? ~mask : mask;
        out.append(inverted ? "~[" : "[");
        int start = out.length();
        for (int signal = 1; signal <= SIGNALS; signal++) {
            if ((shown >>> (signal - 1) & 1) != 0) {
                out.append(out.length() > start ? " " : "").append(name(signal), "SIG".length(), name(signal).length());
            }
        }
        out.append(']');
    }

    /** A result that is a signal, or 0. */
    static void result(Decoding d) {
        long result = d.call().result();
        d.out().append(result);
        if (result != 0) {
            d.out().append(" (").append(name((int) result)).append(')');
        }
    }
}
