package ktrace.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ktrace.linux.uapi.CProgram;
import ktrace.linux.uapi.perf_event_attr;
import org.junit.jupiter.api.Test;

class PerfAttrFlagTest {

    @Test
    void everyFlagIsTheBitThatCSets() throws IOException, InterruptedException {
        CProgram.requireComparableHeaders();
        StringBuilder statements = new StringBuilder("struct perf_event_attr attr; unsigned long long words[sizeof attr / 8];\n");
        for (PerfAttrFlag flag : PerfAttrFlag.values()) {
            statements.append("""
                    memset(&attr, 0, sizeof attr); attr.%s = 1; memcpy(words, &attr, sizeof words);
                    for (unsigned i = 0; i < sizeof words / 8; i++) if (words[i]) printf("%%u %%llx\\n", i * 8, words[i]);
                    """.formatted(fieldName(flag)));
        }

        List<String> lines = CProgram.run(statements.toString());

        assertEquals(
                Stream.of(PerfAttrFlag.values()).map(flag -> "40 " + Long.toHexString(flag.mask())).toList(),
                lines);
        assertEquals(40, PerfAttrFlag.OFFSET_BYTES);
    }

    // The generated source shows the struct as the header has it, bit fields included, and needs no compiler.
    @Test
    void noFlagOfTheHeaderIsMissing() throws IOException {
        String source = Files.readString(Path.of("src/generated/java/ktrace/linux/uapi/perf_event_attr.java"));
        List<String> bits = Pattern.compile("__u64 (\\w+) : 1;").matcher(source).results().map(m -> m.group(1)).toList();

        assertTrue(bits.size() > 30, bits.size() + " flags");
        assertEquals(bits, Stream.of(PerfAttrFlag.values()).map(PerfAttrFlagTest::fieldName).toList());
    }

    @Test
    void settingFlagsReplacesTheWordAndNothingElse() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = perf_event_attr.allocate(arena).fill((byte) 0xff);

            PerfAttrFlag.set(attr, PerfAttrFlag.DISABLED, PerfAttrFlag.SIGTRAP);

            assertEquals(1L << 37 | 1, attr.get(ValueLayout.JAVA_LONG, 40));
            assertEquals(-1, perf_event_attr.read_format(attr));
            assertEquals(-1, perf_event_attr.wakeup_watermark(attr));
        }
    }

    private static String fieldName(PerfAttrFlag flag) {
        return flag.name().toLowerCase(Locale.ROOT);
    }
}
