package ktrace.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** Times and sizes as users write them, and as far as a long goes. */
class ArgumentsTest {
    private final DurationArgument duration = new DurationArgument();
    private final LatencyArgument latency = new LatencyArgument();
    private final SizeArgument size = new SizeArgument();

    @ParameterizedTest
    @CsvSource({"1ms,1000000", "500ms,500000000", "10s,10000000000", "10,10000000000", "2m,120000000000", "1.5h,5400000000000"})
    void durations(String text, long ns) {
        assertEquals(ns, duration.convert(text));
    }

    /** Whoever adds one to now, and that twice, must not come out in the past. */
    @ParameterizedTest
    @ValueSource(strings = {"999999999h", "999999999999999999999h", "999999999m", "9999999999999s", "99999999999999999999", "876001h"})
    void noDurationIsTooLongToBeAddedUp(String text) {
        long ns = duration.convert(text);
        assertEquals(DurationArgument.MAX_NS, ns);
        long nowNs = Long.MAX_VALUE / 4;
        assertTrue(nowNs + 2 * ns > nowNs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.5ms", "-1s", "1e9s", "1 s", "s", "", "0x10s", "1us"})
    void noDurations(String text) {
        assertThrows(TypeConversionException.class, () -> duration.convert(text));
    }

    @ParameterizedTest
    @CsvSource({"800ns,800", "50us,50000", "50µs,50000", "1.5s,1500000000", "999999999s,999999999000000000"})
    void latencies(String text, long ns) {
        assertEquals(ns, latency.convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9999999999s", "1m", "-1s", "10"})
    void noLatencies(String text) {
        assertThrows(TypeConversionException.class, () -> latency.convert(text));
    }

    @ParameterizedTest
    @CsvSource({"4096,4096", "4k,4096", "512k,524288", "16M,16777216", "16MiB,16777216", "1G,1073741824", "1048576k,1073741824"})
    void sizes(String text, long bytes) {
        assertEquals(bytes, size.convert(text));
    }

    /** 17179869184 G is 2^64: one more is 1 G to who counts in 64 bits. */
    @ParameterizedTest
    @ValueSource(strings = {"17179869185G", "17592186044417M", "999999999999G", "2G", "4095", "1048577k", "3k", "0", "-1", "1T", "k"})
    void noSizes(String text) {
        assertThrows(TypeConversionException.class, () -> size.convert(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"bpf|[bpf]", "perf,ptrace|[perf, ptrace]", "bpf,perf,ptrace|[bpf, perf, ptrace]",
            "perf+bpf,perf|[perf+bpf, perf]"})
    void collectors(String text, String names) {
        assertEquals(names, new CollectorArgument().convert(text).names().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ebpf", "bpf+perf", "perf+", "perf,", ",perf", "perf ptrace", "auto,perf", "PERF"})
    void noCollectors(String text) {
        assertThrows(TypeConversionException.class, () -> new CollectorArgument().convert(text));
    }
}
