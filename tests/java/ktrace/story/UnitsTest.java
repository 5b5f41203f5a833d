package ktrace.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
    private final Units units = new Units("µ");

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1 ns", "812, 812 ns", "999, 999 ns", "1000, 1 µs", "1049, 1.05 µs", "9100000, 9.1 ms",
        "99949, 99.9 µs", "99950, 100 µs", "999499, 999 µs", "999500, 1 ms", "999499999, 999 ms", "999500000, 1 s",
        "1910000000, 1.91 s", "59499999999, 59.5 s", "59500000000, 59.5 s", "59500000001, 1 m", "192000000000, 3 m 12 s",
        "3599499999999, 59 m 59 s",
        "3600000000000, 1 h", "7500000000000, 2 h 5 m", "86370000000000, 23 h 59 m", "86371000000000, 1 d",
        "273600000000000, 3 d 4 h", "-5000, -5 µs"})
    void times(long timeNs, String text) {
        assertEquals(text, units.time(timeNs));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0|0", "1204|1,204", "999999|999,999", "1000000|1 M", "1234567|1.23 M",
        "9223372036854775807|9.22 E"})
    void counts(long count, String text) {
        assertEquals(text, Units.count(count));
    }

    @Test
    void oneIsSingular() {
        assertEquals("1 wait", Units.count(1, "wait", "waits"));
        assertEquals("1,204 waits", Units.count(1204, "wait", "waits"));
        assertEquals("0 waits", Units.count(0, "wait", "waits"));
    }

    @Test
    void rates() {
        assertEquals("1.2 M events/s", Units.rate(1_200_000, 1_000_000_000, "events"));
        assertEquals("0.5/s", Units.rate(1, 2_000_000_000, ""));
        assertEquals("- events/s", Units.rate(1, 0, "events"));
    }

    @Test
    void bytes() {
        assertEquals("0 B", Units.bytes(0));
        assertEquals("118 MiB", Units.bytes(118L << 20));
        assertEquals("1 GiB", Units.bytes((1L << 30) - 1));
    }

    @ParameterizedTest
    @CsvSource({"0, 5, 0 %", "1, 0, 0 %", "1, 100000, <0.1 %", "31, 1000, 3.1 %", "96, 100, 96 %", "9999, 10000, >99 %",
            "7, 7, 100 %",
        "994, 10000, 9.9 %", "996, 10000, 10 %"})
    void percents(long part, long whole, String text) {
        assertEquals(text, Units.percent(part, whole));
    }

    @Test
    void neverMoreThanThreeDigitsBelowAMinuteAndNeverOutOfOrder() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            long timeNs = random.nextLong(1L << random.nextInt(1, 36));
            String text = units.time(timeNs);
            if (timeNs < 59_000_000_000L) {
                assertTrue(text.replaceAll("[^0-9]", "").replaceFirst("^0", "").length() <= 3, timeNs + ": " + text);
            }
            assertTrue(text.length() <= 9, text);
        }
        assertEquals("106751 d 23 h", units.time(Long.MAX_VALUE));
        assertTrue(units.time(Long.MIN_VALUE).startsWith("-"));
    }
}
