package ktrace.view.log;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;

/** Writes {@code 14:03:22.123456}, or what else is asked for. The calendar is asked once a second; one thread. */
final class TimeOfDay {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final ZoneId zone;
    private final long offsetNs;
    private final LineChoice.Time form;
    private long knownSecond = Long.MIN_VALUE;
    private String knownText;

    /** @param offsetNs CLOCK_REALTIME minus CLOCK_MONOTONIC */
    TimeOfDay(ZoneId zone, long offsetNs, LineChoice.Time form) {
        this.form = form;
        this.zone = zone;
        this.offsetNs = offsetNs;
    }

    void append(StringBuilder out, long monotonicNs) {
        long timeNs = monotonicNs + offsetNs;
        long second = Math.floorDiv(timeNs, NANOS_PER_SECOND);
        if (second != knownSecond) {
            knownSecond = second;
            knownText = form == LineChoice.Time.EPOCH ? Long.toString(second)
                    : String.format(Locale.ROOT, "%tT", Instant.ofEpochSecond(second).atZone(zone));
        }
        out.append(knownText);
        if (form == LineChoice.Time.SECONDS) {
            return;
        }
        out.append('.');
        six(out, (int) (Math.floorMod(timeNs, NANOS_PER_SECOND) / 1000));
    }

    /** Appends {@code 0.000012}: seconds with microseconds. */
    static void appendSeconds(StringBuilder out, long durationNs) {
        long micros = durationNs / 1000;
        out.append(micros / 1_000_000).append('.');
        six(out, (int) (micros % 1_000_000));
    }

    private static void six(StringBuilder out, int micros) {
        for (int unit = 100_000; unit > 0; unit /= 10) {
            out.append((char) ('0' + micros / unit % 10));
        }
    }
}
