package ktrace.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** Times after the begin of a trace. */
class OffsetArgumentTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "1.25, 1250000000", "1.25s, 1250000000", "300ms, 300000000", "12us, 12000", "7ns, 7", "2m, 120000000000",
        "0.000000001, 1"})
    void areInNanoseconds(String text, long ns) {
        assertEquals(ns, new OffsetArgument().convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1s", "1e9", "1.s", "1 s", "9999999999"})
    void areNothingElse(String text) {
        assertThrows(TypeConversionException.class, () -> new OffsetArgument().convert(text));
    }

    /** What lies behind the end of all traces is no time before their begin. */
    @Test
    void canBeAddedToAnyTime() {
        assertEquals(DurationArgument.MAX_NS, new OffsetArgument().convert("999999999h"));
    }
}
