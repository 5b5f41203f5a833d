package ktrace.ctf.tsdl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import ktrace.ctf.CtfException;
import ktrace.ctf.layout.BitWriter;
import ktrace.ctf.tsdl.FieldType.ArrayType;
import ktrace.ctf.tsdl.FieldType.EnumType;
import ktrace.ctf.tsdl.FieldType.Field;
import ktrace.ctf.tsdl.FieldType.FloatType;
import ktrace.ctf.tsdl.FieldType.IntegerType;
import ktrace.ctf.tsdl.FieldType.SequenceType;
import ktrace.ctf.tsdl.FieldType.StringType;
import ktrace.ctf.tsdl.FieldType.StructType;
import ktrace.ctf.tsdl.FieldType.VariantType;
import ktrace.ctf.tsdl.TraceMetadata.Clock;
import org.junit.jupiter.api.Test;

class TsdlParserTest {
    private static final String INTEGERS = """
            typealias integer { size = 8; } := uint8_t;
            typealias integer { size = 32; signed = true; align = 32; } := int;
            typealias integer { size = 64; base = hex; } := unsigned long int;
            """;

    /** The type of the only field of an event. */
    private static FieldType field(String declarations, String field) {
        TraceMetadata metadata = TsdlParser.parse(INTEGERS + declarations + "stream { id = 0; }; event { name = e; stream_id = 0; "
                + "fields := struct { " + field + " }; };");
        List<Field> fields = metadata.events().getFirst().fields().fields();
        return fields.getLast().type();
    }

    @Test
    void integersHaveTheSizeOrderAndAlignmentGiven() {
        assertEquals(new IntegerType(8, 8, false, false, false, null), field("", "uint8_t x;"));
        assertEquals(new IntegerType(32, 32, true, false, false, null), field("", "const int x;"));
        assertEquals(new IntegerType(64, 8, false, false, false, null), field("", "unsigned long int x;"));
        assertEquals(new IntegerType(5, 1, false, false, false, null), field("", "integer { size = 0x5; } x;"));
        assertEquals(new IntegerType(16, 8, false, true, true, "monotonic"),
                field("", "integer { size = 020; byte_order = network; encoding = UTF8; map = clock.monotonic.value; } x;"));
    }

    @Test
    void theNativeOrderHoldsForTypesDeclaredBeforeIt() {
        TraceMetadata metadata = TsdlParser.parse(INTEGERS + "struct h { int a; integer { size = 8; byte_order = le; } b; };\n"
                + "/* trace { byte_order = le; } */ trace { packet.header := struct h; byte_order = be; };");
        List<Field> fields = metadata.packetHeader().fields();
        assertTrue(((IntegerType) fields.get(0).type()).bigEndian());
        assertFalse(((IntegerType) fields.get(1).type()).bigEndian());
    }

    @Test
    void compositeTypes() {
        assertEquals(new ArrayType(new ArrayType(new IntegerType(8, 8, false, false, false, null), 3), 2),
                field("", "uint8_t x[2][3];"));
        assertEquals(new SequenceType(new StringType(), List.of("event", "fields", "n")),
                field("", "int n; string x[event.fields.n];"));
        assertEquals(new FloatType(32, 32, false), field("", "floating_point { exp_dig = 8; mant_dig = 24; align = 32; } x;"));
        StructType struct = assertInstanceOf(StructType.class, field("", "struct { uint8_t a; int b; } align(64) x;"));
        assertEquals(64, struct.alignBits());
        EnumType labels = assertInstanceOf(EnumType.class, field("", "enum : int { a, b = -5, c, \"d e\" = 3 ... 0x10, f } x;"));
        assertEquals(List.of(new EnumType.Range("a", 0, 0), new EnumType.Range("b", -5, -5), new EnumType.Range("c", -4, -4),
                new EnumType.Range("d e", 3, 16), new EnumType.Range("f", 17, 17)), labels.ranges());
        VariantType variant = assertInstanceOf(VariantType.class,
                field("variant v { uint8_t a; struct { } b; };", "variant v <t.u> x;"));
        assertEquals(List.of("t", "u"), variant.tag());
        assertEquals(2, variant.options().size());
    }

    @Test
    void namesOfTypesHoldWithinTheirBlock() {
        assertEquals(8, ((IntegerType) field("typedef uint8_t byte; struct s { typealias int := byte; byte inner; };", "byte x;"))
                .sizeBits());
        assertThrows(CtfException.class, () -> field("struct s { typealias int := inner_t; inner_t a; };", "inner_t x;"));
        assertEquals(new ArrayType(new IntegerType(8, 8, false, false, false, null), 4),
                field("typedef uint8_t four[4];", "four x;"));
    }

    @Test
    void blocks() {
        TraceMetadata metadata = TsdlParser.parse("""
                /* CTF 1.8 */
                trace { major = 1; minor = 8; uuid = "00112233-4455-6677-8899-aabbccddeeff"; byte_order = le; };
                env { hostname = "a\\"b\\x41\\n" "c"; tracer_major = 2; negative = -7; };
                clock { name = "monotonic"; freq = 1000; offset_s = 5; offset = 250; absolute = FALSE; };
                callsite { name = "x"; func = "f"; file = "x.c"; line = 3; };
                stream { id = 7; event.header := struct { string a; }; };
                event { name = "a:b"; id = 3; stream_id = 7; loglevel = 13; model.emf.uri = "http://x"; unheard.of = yes; };
                """);
        assertArrayEquals(new byte[] {0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, (byte) 0x88, (byte) 0x99, (byte) 0xaa,
                (byte) 0xbb,
            (byte) 0xcc, (byte) 0xdd, (byte) 0xee, (byte) 0xff}, metadata.uuid());
        assertEquals(Map.of("hostname", "a\"bA\nc", "tracer_major", 2L, "negative", -7L), metadata.environment());
        assertEquals(new Clock("monotonic", null, 1000, 5, 250), metadata.clocks().get("monotonic"));
        assertEquals("a:b", metadata.streams().get(7L).events().get(3L).name());
        assertNull(metadata.streams().get(7L).packetContext());
    }

    @Test
    void whatIsWrongIsSaidInOneLine() {
        says("struct { int x };", "line 1: no type 'int' is declared");
        says("\n\nenum e : e2 { a }", "line 3: no type 'e2' is declared");
        says("typealias integer { signed = 1; } := x", "line 1: an integer without a size");
        says("typealias integer { size = 65, } := x", "line 1: ';' expected, not ','");
        says("trace { uuid = \"0011\" ", "line 1: ';' expected, not the end");
        says("/* no end", "line 1: a comment that does not end");
        says("env { a = \"no end", "line 1: a string that does not end");
        says("env { a = 99999999999999999999; }", "line 1: a number of more than 64 bits");
        says("env { a = 18446744073709551616; }", "line 1: a number of more than 64 bits");
        says("@", "line 1: a character that has no meaning here, code 64");
        says("gibberish", "line 1: a block or a type expected, not 'gibberish'");
        says("clock { name = x; freq = 0; };", "line 1: a clock with a frequency of 0");
        says("event { name = x; stream_id = 4; };", "line 1: an event of stream 4, which is not declared");
        says("trace { uuid = \"00\"; };", "line 1: a UUID of 2 digits");
    }

    private static void says(String text, String message) {
        assertEquals(message, assertThrows(CtfException.class, () -> TsdlParser.parse(text)).getMessage());
    }

    private static void refuses(String text, String reason) {
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            CtfException thrown = assertThrows(CtfException.class, () -> TsdlParser.parse(text));
            assertTrue(thrown.getMessage().contains(reason), thrown.getMessage());
            assertTrue(thrown.getMessage().length() < 300, "a line of " + thrown.getMessage().length());
        });
    }

    @Test
    void nothingThatMetadataAskForExhaustsTheReader() {
        refuses("struct {".repeat(1_000_000), "nested more than 64 deep");
        refuses("event { fields := " + "variant <a> {".repeat(100_000), "nested more than 64 deep");
        refuses("enum : ".repeat(100_000), "an enumeration of an enumeration");
        refuses(INTEGERS + "struct s { uint8_t x" + "[1]".repeat(100_000) + "; };", "dimensions");
        refuses(INTEGERS + "typealias uint8_t := t0;" + chain(100_000, "typedef t%d t%d[1];"), "nested more than 64 deep");
        refuses(INTEGERS + "struct s { uint8_t x[0xffffffffffffffff]; };", "an array of");
        refuses("env {" + "a = 1;".repeat(1_100_000) + "};", "declarations");
        refuses("a".repeat(5_000_000), "a name of 5000000 characters");
        refuses("a.".repeat(1_000_000), "a block or a type expected");
        refuses("event { " + "a.".repeat(1_000_000), "a path of more than 64 names");
        refuses("-".repeat(1_000_000), "a name expected");
        refuses("env { a = " + "-".repeat(1_000_000), "a value expected");
        refuses(INTEGERS + "typealias integer { size = 8; align = 1073741824; } := x;", "an alignment of");
        refuses("event { name = x; id = 2000000000; };", "an event with the number 2000000000");
    }

    private static String chain(int length, String format) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(String.format(java.util.Locale.ROOT, format, i, i + 1));
        }
        return text.toString();
    }

    @Test
    void metadataInPacketsOfEitherOrder() {
        for (boolean bigEndian : new boolean[] {false, true}) {
            BitWriter out = new BitWriter(bigEndian);
            for (String part : List.of("/* CTF 1.8 */ env { a", " = 1; };")) {
                long bits = (37 + part.length()) * 8L;
                out.put(0x75D11D57, 32).put(0, 64).put(0, 64).put(0, 32).put(bits, 32).put(bits + 64, 32)
                        .put(0, 24).put(1, 8).put(8, 8);
                out.text(part, part.length()).put(-1, 64);
            }
            assertEquals(Map.of("a", 1L), TsdlParser.parse(MetadataText.of(out.bytes())).environment());
            byte[] bytes = out.bytes();
            bytes[bigEndian ? 30 : 29] = (byte) 0x7f;
            assertTrue(assertThrows(CtfException.class, () ->
                    MetadataText.of(bytes)).getMessage().startsWith("the packet at byte 0 says"));
        }
        assertEquals("{\"type\": \"preamble\"}", MetadataText.of("{\"type\": \"preamble\"}".getBytes()), "CTF 2 is text as well");
    }
}
