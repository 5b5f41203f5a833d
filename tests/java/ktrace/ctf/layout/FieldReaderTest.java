package ktrace.ctf.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Random;
import ktrace.ctf.CtfException;
import ktrace.ctf.layout.PacketCursor.EndOfWindow;
import ktrace.ctf.layout.PacketCursor.Malformed;
import ktrace.ctf.tsdl.TraceMetadata;
import ktrace.ctf.tsdl.TsdlParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads fields that were written bit by bit. */
class FieldReaderTest {
    private static final String HEAD = """
            typealias integer { size = 8; } := u8;
            typealias integer { size = 32; } := u32;
            typealias integer { size = 3; } := u3;
            """;

    private final PacketCursor cursor = new PacketCursor();
    private final RegisterMap wanted = new RegisterMap();
    private final int a = wanted.number("a");
    private final int b = wanted.number("b");
    private final int c = wanted.text("c");
    private final int last = wanted.number("last");

    private Layout compile(String declarations, String fields) {
        TraceMetadata metadata = TsdlParser.parse(HEAD + declarations
                + "stream { id = 0; packet.context := struct { u8 from_packet; }; };"
                + "event { name = e; stream_id = 0; context := struct { u8 n; }; fields := struct { " + fields + " }; };");
        LayoutCompiler compiler = new LayoutCompiler(metadata.referenced());
        Layout packet = compiler.compile(LayoutCompiler.PACKET_CONTEXT, metadata.streams().get(0L).packetContext(),
                RegisterMap.NONE);
        Layout context = compiler.compile(LayoutCompiler.EVENT_CONTEXT, metadata.events().getFirst().context(), RegisterMap.NONE);
        Layout layout = compiler.compile(LayoutCompiler.EVENT_FIELDS, metadata.events().getFirst().fields(), wanted);
        cursor.reserveRegisters(compiler.registers());
        cursor.elementsLeft = 1000;
        return new Layout(new FieldReader.Struct(1, new FieldReader[] {packet.reader(), context.reader(), layout.reader()}), 0,
                layout.found());
    }

    private void read(Layout layout, BitWriter written) {
        cursor.data = written.bytes();
        cursor.limitBits = written.bits();
        cursor.positionBits = 0;
        layout.reader().read(cursor);
    }

    private BitWriter packet(int fromPacket, int n) {
        return new BitWriter(false).put(fromPacket, 8).put(n, 8);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void integersOfAnySizeAtAnyBit(boolean bigEndian) {
        Random random = new Random(5);
        for (int round = 0; round < 2_000; round++) {
            int before = random.nextInt(1, 65);
            int size = random.nextInt(1, 65);
            boolean signed = random.nextBoolean();
            long value = random.nextLong() >>> 64 - size;
            long meant = signed ? value << 64 - size >> 64 - size : value;
            String order = "byte_order = " + (bigEndian ? "be" : "le") + "; align = 1; ";
            Layout layout = compile("", "integer { size = " + before + "; " + order + "} x; integer { size = " + size + "; " + order
                    + "signed = " + signed + "; } a; u3 y; u8 last;");
            BitWriter written = new BitWriter(bigEndian).put(0, 16).put(random.nextLong(), before).put(value, size);
            long upTo = written.bits();
            // The rest is little endian: put it into bytes of its own.
            byte[] bytes = java.util.Arrays.copyOf(written.bytes(), written.bytes().length + 4);
            int lastAt = (int) (upTo + 3 + 7) / 8;
            bytes[lastAt] = (byte) 0xa5;
            cursor.data = bytes;
            cursor.limitBits = bytes.length * 8L;
            cursor.positionBits = 0;
            layout.reader().read(cursor);
            assertEquals(meant, cursor.registers[a], before + " bits before " + size);
            assertEquals(0xa5, cursor.registers[last]);
            assertEquals((lastAt + 1) * 8L, cursor.positionBits);
        }
    }

    @Test
    void aVariantIsWhatItsTagNames() {
        Layout layout = compile("enum kind : u8 { small = 0 ... 9, large = 10, _text = 11 };",
                "enum kind tag; variant <tag> { u8 small; u32 large; string text; } v; u8 last;");
        read(layout, packet(0, 0).put(7, 8).put(1, 8).put(99, 8));
        assertEquals(99, cursor.registers[last]);
        read(layout, packet(0, 0).put(10, 8).put(1, 32).put(98, 8));
        assertEquals(98, cursor.registers[last]);
        read(layout, packet(0, 0).put(11, 8).string("hé").put(97, 8));
        assertEquals(97, cursor.registers[last]);
        assertThrows(Malformed.class, () -> read(layout, packet(0, 0).put(12, 8).put(0, 64)));
    }

    @Test
    void lengthsAndTagsAreFoundWhereverTheyAre() {
        Layout layout = compile("", "u8 from_stream[stream.packet.context.from_packet]; u32 from_context[n]; "
                + "struct { struct { u8 deep; } inner; u8 near[inner.deep]; } s; u3 from_struct[s.inner.deep]; u8 last;");
        BitWriter written = packet(2, 1).put(0, 16).put(0, 32).put(3, 8).put(0, 24).put(0, 9).align(8).put(55, 8);
        read(layout, written);
        assertEquals(55, cursor.registers[last]);
        assertEquals(written.bits(), cursor.positionBits);
    }

    @Test
    void textsAndArrays() {
        Layout layout = compile("typealias integer { size = 8; encoding = UTF8; } := char;",
                "u3 x; char c[4]; u32 twice[2][2]; string names[2]; u8 a; integer { size = 16; byte_order = be; signed = 1; } b;");
        read(layout, packet(0, 0).put(1, 3).text("abc", 4).put(0, 64).put(0, 64).string("x").string("").put(250, 8)
                .put(0x0180, 16));
        assertEquals("abc", TextRegister.text(cursor, c));
        assertEquals(250, cursor.registers[a]);
        assertEquals(-32767, cursor.registers[b], "bytes 80 01");
    }

    @Test
    void nothingIsReadBeyondTheEnd() {
        Layout layout = compile("", "u8 n2; u8 more[n2]; string s; u32 last;");
        byte[] whole = packet(0, 0).put(2, 8).put(0, 16).string("ab").put(7, 32).bytes();
        for (int bits = 0; bits < whole.length * 8; bits++) {
            cursor.data = whole;
            cursor.limitBits = bits;
            cursor.positionBits = 0;
            assertThrows(EndOfWindow.class, () -> layout.reader().read(cursor), bits + " bits");
        }
    }

    @Test
    void lengthsThatNoPacketHoldsEndAtOnce() {
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            Layout huge = compile("", "integer { size = 64; } m; u32 x[m]; u8 last;");
            for (long length : new long[] {-1, Long.MAX_VALUE, 1L << 59, 1L << 40}) {
                assertThrows(EndOfWindow.class, () -> read(huge, packet(0, 0).put(length, 64).put(0, 64)), "" + length);
            }
            Layout empty = compile("", "integer { size = 64; } m; struct { } x[m]; u8 last;");
            read(empty, packet(0, 0).put(-1, 64).put(9, 8));
            assertEquals(9, cursor.registers[last]);
            Layout choices = compile("enum none : u8 { no };", "integer { size = 64; } m; enum none t; "
                    + "struct { variant <t> { struct { } no; } v; } x[m]; u8 last;");
            assertThrows(Malformed.class, () -> read(choices, packet(0, 0).put(-1, 64).put(0, 8).put(9, 8)));
        });
    }

    @Test
    void whatIsReferredToHasToBeThere() {
        assertEquals("a variant or sequence refers to 'nowhere', which is no field before it",
                assertThrows(CtfException.class, () -> compile("", "u8 x[nowhere];")).getMessage());
        assertEquals("the tag 'x' of a variant is no enumeration",
                assertThrows(CtfException.class, () -> compile("", "u8 x; variant <x> { u8 y; } v;")).getMessage());
        assertEquals("the length 's' of a sequence is no integer",
                assertThrows(CtfException.class, () -> compile("", "struct { } s; u8 x[s];")).getMessage());
    }
}
