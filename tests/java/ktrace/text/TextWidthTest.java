package ktrace.text;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextWidthTest {

    @Test
    void wideAndCombining() {
        assertEquals(4, TextWidth.of("sort"));
        assertEquals(6, TextWidth.of("工作者"));
        assertEquals(1, TextWidth.of("e\u0301"));
        assertEquals(2, TextWidth.of("👍"));
        assertEquals(4, TextWidth.of("ﾊﾝｶｸ"));
        assertEquals(2, TextWidth.of("Ａ"));
        assertEquals(10, TextWidth.of("▁▂▃▅▇█▓▒░←"));
    }

    @Test
    void cutsByColumnsNotByCharacters() {
        assertEquals("工作…", TextWidth.cut("工作者だ", 6, "…"));
        assertEquals("工作…", TextWidth.cut("工作者だ", 5, "…"));
        assertEquals("工", TextWidth.cut("工作者", 2, "..."));
        assertEquals("", TextWidth.cut("工作者", 0, "…"));
        assertEquals("e\u0301…", TextWidth.cut("e\u0301e\u0301e\u0301", 2, "…"));
        assertEquals("abc", TextWidth.cut("abc", 3, "…"));
    }

    @Test
    void theMiddleGivesWay() {
        assertEquals("/var…/log", TextWidth.cutMiddle("/var/lib/long/log", 9, "…"));
        assertEquals("工…者", TextWidth.cutMiddle("工作工作者", 5, "…"));
        assertEquals("a…", TextWidth.cutMiddle("abcdef", 2, "…"));
        assertEquals("\u0301", "e\u0301".substring(1));
        assertEquals("x", TextWidth.tail("e\u0301x", 1));
    }

    /** The C library has a table of its own: over the scripts that comms are written in, both must agree. */
    @Test
    void agreesWithAnotherTable() throws Throwable {
        List<String> differences = new ArrayList<>();
        int[][] blocks = {{0x20, 0x7e}, {0xa1, 0x24f}, {0x370, 0x52f}, {0x2500, 0x259f}, {0x3041, 0x30ff}, {0x4e00, 0x9fff},
            {0xac00, 0xd7a3}, {0xff01, 0xff9f}, {0x20000, 0x2a6df}};
        try (CLibrary c = CLibrary.inUtf8()) {
            for (int[] block : blocks) {
                for (int point = block[0]; point <= block[1]; point++) {
                    String text = Character.toString(point);
                    if (Escaper.UNICODE.escape(text).equals(text) && TextWidth.of(point) != c.width(point)) {
                        differences.add(Integer.toHexString(point));
                    }
                }
            }
        }
        assertTrue(differences.isEmpty(), differences.toString());
    }

    /** wcwidth(3), for the locale that the calling thread has meanwhile. */
    private record CLibrary(MethodHandle wcwidth, MethodHandle uselocale, MemorySegment previous) implements AutoCloseable {
        private static final int LC_CTYPE_MASK = 1;

        static CLibrary inUtf8() throws Throwable {
            MethodHandle newlocale = handle("newlocale", FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS, ADDRESS));
            MethodHandle uselocale = handle("uselocale", FunctionDescriptor.of(ADDRESS, ADDRESS));
            MemorySegment utf8;
            try (Arena arena = Arena.ofConfined()) {
                utf8 = (MemorySegment) newlocale.invokeExact(LC_CTYPE_MASK, arena.allocateFrom("C.UTF-8"), MemorySegment.NULL);
            }
            assumeTrue(utf8.address() != 0, "the C library has no locale C.UTF-8");
            return new CLibrary(handle("wcwidth", FunctionDescriptor.of(JAVA_INT, JAVA_INT)), uselocale,
                    (MemorySegment) uselocale.invokeExact(utf8));
        }

        int width(int codePoint) throws Throwable {
            return (int) wcwidth.invokeExact(codePoint);
        }

        @Override
        public void close() {
            try {
                assertNotEquals(0, ((MemorySegment) uselocale.invokeExact(previous)).address());
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        @SuppressWarnings("restricted")
        private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
        }
    }
}
