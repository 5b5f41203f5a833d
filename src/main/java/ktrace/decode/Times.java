package ktrace.decode;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times of day, spans of time and timers. */
public final class Times {
    private static final Constants CLOCK_FLAGS = Constants.group("clock_flags");
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssZ", Locale.ROOT);
    private static final DateTimeFormatter NANOS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSSZ", Locale.ROOT);
    /** include/linux/stat.h: what utimensat(2) takes in place of nanoseconds. */
    private static final long UTIME_NOW = 0x3fff_ffff;
    private static final long UTIME_OMIT = 0x3fff_fffe;
    /** What a clock tick is to callers, on every architecture that ktrace runs on (asm-generic/param.h). */
    private static final int USER_HZ = 100;
    private static final int EINTR = -4;
    private static final int ERESTART_RESTARTBLOCK = -516;

    private Times() {
    }

    /** Of 32-bit callers, {@code timespec} and its like have two words of 4 bytes, {@code timespec64} two of 8. */
    static Argument kind(String name, String parameter) {
        boolean wide = name.endsWith("64") || name.contains("64-");
        return switch (name.replace("64", "")) {
            case "timespec" -> Argument.in((d, value) -> pair(d, value, "tv_nsec", wide));
            case "timespec-out" -> Argument.out((d, value) -> pair(d, value, "tv_nsec", wide));
            case "timespec-rest" -> Argument.late((d, value) -> rest(d, value, wide));
            case "timeval" -> Argument.in((d, value) -> pair(d, value, "tv_usec", false));
            case "timeval-out" -> Argument.out((d, value) -> pair(d, value, "tv_usec", false));
            case "timezone-out" -> Argument.out(Times::timezone);
            case "timezone" -> Argument.in(Times::timezone);
            case "itimerspec" -> Argument.in((d, value) -> timer(d, value, "tv_nsec", wide));
            case "itimerspec-out" -> Argument.out((d, value) -> timer(d, value, "tv_nsec", wide));
            case "itimerval" -> Argument.in((d, value) -> timer(d, value, "tv_usec", false));
            case "itimerval-out" -> Argument.out((d, value) -> timer(d, value, "tv_usec", false));
            case "utimes" -> Argument.in((d, value) -> twoTimes(d, value, wide));
            case "time-out" -> Argument.out((d, value) -> Filled.number(d, value, d.call().wordBytes(), true));
            case "clock-flags" -> Argument.in((d, value) -> CLOCK_FLAGS.flags(d.out(), value & 0xffff_ffffL));
            case "tms" -> Argument.out(Times::tms);
            default -> null;
        };
    }

    /** So many pairs of seconds and a fraction; null when they cannot be read. */
    public static Bytes fetch(Decoding d, long address, int pairs, boolean wide) {
        return wide ? d.fetchWide(address, pairs * 2 * Long.BYTES) : d.fetch(address, pairs * 2 * d.call().wordBytes());
    }

    /** {@code {tv_sec=1, tv_nsec=5}}. */
    public static void pair(Decoding d, long address, String fraction, boolean wide) {
        Bytes bytes = fetch(d, address, 1, wide);
        if (bytes == null) {
            d.address(address);
        } else {
            pair(d.out(), bytes, 0, fraction);
        }
    }

    public static void pair(StringBuilder out, Bytes bytes, int at, String fraction) {
        out.append("{tv_sec=").append(bytes.signedWord(at)).append(", ").append(fraction).append('=')
                .append(bytes.signedWord(at + bytes.wordBytes())).append('}');
    }

    /** What was left of a sleep is filled only when a signal ended it. */
    private static void rest(Decoding d, long address, boolean wide) {
        long result = d.call().result();
        if (d.call().isFinished() && (result == EINTR || result == ERESTART_RESTARTBLOCK)) {
            pair(d, address, "tv_nsec", wide);
        } else {
            d.address(address);
        }
    }

    private static void timezone(Decoding d, long address) {
        Bytes bytes = d.fetch(address, 8);
        if (bytes == null) {
            d.address(address);
        } else {
            d.out().append("{tz_minuteswest=").append(bytes.i32(0)).append(", tz_dsttime=").append(bytes.i32(4)).append('}');
        }
    }

    private static void timer(Decoding d, long address, String fraction, boolean wide) {
        Bytes bytes = fetch(d, address, 2, wide);
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append("{it_interval=");
        pair(d.out(), bytes, 0, fraction);
        d.out().append(", it_value=");
        pair(d.out(), bytes, 2 * bytes.wordBytes(), fraction);
        d.out().append('}');
    }

    private static void twoTimes(Decoding d, long address, boolean wide) {
        Bytes bytes = fetch(d, address, 2, wide);
        if (bytes == null) {
            d.address(address);
            return;
        }
        int word = bytes.wordBytes();
        d.out().append('[');
        fileTime(d.out(), bytes.signedWord(0), bytes.signedWord(word), bytes, 0);
        d.out().append(", ");
        fileTime(d.out(), bytes.signedWord(2 * word), bytes.signedWord(3 * word), bytes, 2 * word);
        d.out().append(']');
    }

    private static void fileTime(StringBuilder out, long seconds, long nanos, Bytes bytes, int at) {
        if (nanos == UTIME_NOW || nanos == UTIME_OMIT) {
            out.append(nanos == UTIME_NOW ? "UTIME_NOW" : "UTIME_OMIT");
            return;
        }
        pair(out, bytes, at, "tv_nsec");
        if (nanos >= 0 && nanos < 1_000_000_000L) {
            String date = date(seconds, nanos);
            out.append(date.isEmpty() ? "" : " /* " + date + " */");
        }
    }

    /** {@code 2026-11-23T04:57:28+0000}, with nanoseconds where there are any; empty for a time beyond all calendars. */
    static String date(long seconds, long nanos) {
        try {
            return (nanos == 0 ? SECONDS : NANOS).withZone(ZoneId.systemDefault()).format(Instant.ofEpochSecond(seconds, nanos));
        } catch (DateTimeException beyond) {
            return "";
        }
    }

    /** Seconds, and what they are. */
    static void date(Decoding d) {
        d.out().append(d.call().result()).append(" (").append(date(d.call().result(), 0)).append(')');
    }

    private static void tms(Decoding d, long address) {
        int word = d.call().wordBytes();
        Bytes bytes = d.fetch(address, 4 * word);
        if (bytes == null) {
            d.address(address);
            return;
        }
        String[] names = {"{tms_utime=", ", tms_stime=", ", tms_cutime=", ", tms_cstime="};
        for (int i = 0; i < names.length; i++) {
            long ticks = bytes.word(i * word);
            d.out().append(names[i]).append(ticks);
            if (ticks != 0) {
                d.out().append(String.format(Locale.ROOT, " /* %.2f s */", ticks / (double) USER_HZ));
            }
        }
        d.out().append('}');
    }
}
