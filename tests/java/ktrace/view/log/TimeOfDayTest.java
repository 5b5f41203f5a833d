package ktrace.view.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class TimeOfDayTest {
    private static final long S = 1_000_000_000;

    @Test
    void secondsWithMicroseconds() {
        assertEquals("14:03:22.000009 14:03:22.123456 14:03:23.000000", times(ZoneOffset.UTC, 9_999, 123_456_789, S));
        assertEquals("15:33:21.999999", times(ZoneOffset.ofHoursMinutes(1, 30), -1));
    }

    /** The digits of some locales are not ASCII. */
    @Test
    void inEveryLocaleTheSame() {
        Locale usual = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-u-nu-arab"));
        try {
            assertEquals("14:03:22.000000", times(ZoneOffset.UTC, 0));
        } finally {
            Locale.setDefault(usual);
        }
    }

    @Test
    void durations() {
        StringBuilder out = new StringBuilder();
        TimeOfDay.appendSeconds(out, 12_999);
        assertEquals("0.000012", out.toString());
        out.setLength(0);
        TimeOfDay.appendSeconds(out, 3661 * S + 500_000_000);
        assertEquals("3661.500000", out.toString());
    }

    private static String times(ZoneId zone, long... timesNs) {
        TimeOfDay clock = new TimeOfDay(zone, ((14 * 60 + 3) * 60 + 22) * S, LineChoice.Time.MICROS);
        StringBuilder out = new StringBuilder();
        for (long timeNs : timesNs) {
            out.append(out.isEmpty() ? "" : " ");
            clock.append(out, timeNs);
        }
        return out.toString();
    }
}
