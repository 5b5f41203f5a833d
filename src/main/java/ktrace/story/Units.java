package ktrace.story;

import java.util.Locale;

/** Figures as people read them: at most three significant digits, and the unit that makes them short. */
public final class Units {
    private static final long US = 1_000;
    private static final long MS = 1_000_000;
    private static final long S = 1_000_000_000;
    private static final String[] LARGE = {"", " k", " M", " G", " T", " P", " E"};
    private static final String[] BYTES = {" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"};
    /** Counts up to here are written out. */
    private static final long EXACT_BELOW = 1_000_000;

    private final String micro;

    /** @param micro what a millionth is called: µ, or u where only ASCII is shown */
    public Units(String micro) {
        this.micro = micro;
    }

    /** {@code 812 ns}, {@code 9.1 ms}, {@code 1.91 s}, {@code 3 m 12 s}, {@code 2 h 5 m}. */
    public String time(long timeNs) {
        if (timeNs < 0) {
            return "-" + time(timeNs == Long.MIN_VALUE ? Long.MAX_VALUE : -timeNs);
        }
        if (timeNs < US) {
            return timeNs == 0 ? "0" : timeNs + " ns";
        }
        // 999.6 of one unit are 1 of the next.
        if (timeNs < MS - US / 2) {
            return digits(timeNs / (double) US) + " " + micro + "s";
        }
        if (timeNs < S - MS / 2) {
            return digits(timeNs / (double) MS) + " ms";
        }
        long seconds = Math.ceilDiv(timeNs - S / 2, S);
        if (seconds < 60) {
            return digits(timeNs / (double) S) + " s";
        }
        if (seconds < 3600) {
            return pair(seconds / 60, "m", seconds % 60, "s");
        }
        long minutes = Math.ceilDiv(seconds - 30, 60);
        return minutes < 24 * 60 ? pair(minutes / 60, "h", minutes % 60, "m")
                : pair(minutes / (24 * 60), "d", minutes / 60 % 24, "h");
    }

    private static String pair(long large, String largeUnit, long small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }

    /** {@code 1,204}, {@code 1.2 M}. */
    public static String count(long count) {
        return count < EXACT_BELOW ? String.format(Locale.ROOT, "%,d", count) : scaled(count, 1000, LARGE);
    }

    /** {@code 12 events}, {@code 1 event}. */
    public static String count(long count, String one, String many) {
        return count(count) + " " + (count == 1 ? one : many);
    }

    /** Times per second: {@code 1.2 M/s}, {@code 0.5 events/s}. */
    public static String rate(long count, long durationNs, String unit) {
        if (durationNs <= 0) {
            return "- " + unit + "/s";
        }
        String scaled = scaled(count * (double) S / durationNs, 1000, LARGE);
        return (unit.isEmpty() ? scaled : scaled + " " + unit) + "/s";
    }

    public static String bytes(long sizeBytes) {
        return scaled(sizeBytes, 1024, BYTES);
    }

    /** {@code 96 %}, {@code 3.1 %}; something is never shown as nothing, and not quite all never as all. */
    public static String percent(long part, long whole) {
        if (part <= 0 || whole <= 0) {
            return "0 %";
        }
        double percent = 100.0 * part / whole;
        if (percent < 0.1) {
            return "<0.1 %";
        }
        if (percent < 9.95) {
            return digits(Math.round(percent * 10) / 10.0) + " %";
        }
        return Math.round(percent) == 100 && part < whole ? ">99 %" : Math.round(percent) + " %";
    }

    private static String scaled(double value, int step, String[] units) {
        int unit = 0;
        while (value >= step - 0.5 && unit < units.length - 1) {
            value /= step;
            unit++;
        }
        return digits(value) + units[unit];
    }

    /** Three significant digits for what is below 1000, without zeros at the end. */
    private static String digits(double value) {
        int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        if (decimals == 0) {
            return text;
        }
        int end = text.length();
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
    }
}
