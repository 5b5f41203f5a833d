package ktrace.ctf.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ktrace.ctf.CtfException;
import ktrace.ctf.read.CtfReader;
import ktrace.ctf.read.Heard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What CTF 2 has and LTTng's traces need not have. */
class JsonMetadataTest {
    private static final String U8 = "{'type': 'fixed-length-unsigned-integer', 'length': 8, 'byte-order': 'little-endian'%s}";
    private static final String U32 = "{'type': 'fixed-length-unsigned-integer', 'length': 32, 'byte-order': 'little-endian'}";

    @TempDir
    private Path directory;

    private static String fragments(String... bodies) {
        StringBuilder text = new StringBuilder();
        for (String body : bodies) {
            text.append('\u001e').append("{").append(body.replace('\'', '"')).append("}\n");
        }
        return text.toString();
    }

    private static String field(String name, String fieldClass) {
        return "{'name': '" + name + "', 'field-class': " + fieldClass + "}";
    }

    private static String u8(String role) {
        return String.format(java.util.Locale.ROOT, U8, role.isEmpty() ? "" : ", 'roles': ['" + role + "']");
    }

    /** A trace of one packet without headers; each event begins with its number in one byte and its time in LEB128. */
    private Path trace(String fields, byte[]... events) throws IOException {
        String metadata = fragments("'type': 'preamble', 'version': 2",
                "'type': 'trace-class', 'environment': {'domain': 'kernel', 'kernel_release': '6.1.0-amd64'}",
                "'type': 'clock-class', 'id': 'c', 'frequency': 1000000000, 'offset-from-origin': {'seconds': 1}",
                "'type': 'data-stream-class', 'default-clock-class-id': 'c', 'event-record-header-field-class': {'type':"
                        + " 'structure', 'member-classes': [" + field("which", u8("event-record-class-id")) + ", " + field("when",
                                "{'type': 'variable-length-unsigned-integer', 'roles': ['default-clock-timestamp']}") + "]}",
                "'type': 'event-record-class', 'id': 7, 'name': 'sched_process_exit', 'payload-field-class': {'type': 'structure',"
                        + " 'member-classes': [" + fields + "]}");
        Files.writeString(directory.resolve("metadata"), metadata);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] event : events) {
            bytes.write(7);
            bytes.write(event);
        }
        Files.write(directory.resolve("stream"), bytes.toByteArray());
        return directory;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void integersOfAnyLengthAndTimesInThem() throws IOException {
        trace(field("before", "{'type': 'variable-length-signed-integer'}") + ", "
                + field("tid", "{'type': 'variable-length-unsigned-integer'}"),
                bytes(0xa0, 0x1f, 0x7f, 5), bytes(0xa1, 0x1f, 0x80, 0x01, 0x87, 0x01), bytes(0xa2, 0x1f, 0x80, 0x7f, 9));
        assertEquals(List.of("4000 cpu0 SCHED_PROCESS_EXIT 5 :100", "4001 cpu0 SCHED_PROCESS_EXIT 135 :100",
                "4002 cpu0 SCHED_PROCESS_EXIT 9 :100"), Heard.of(directory));
    }

    @Test
    void optionalFieldsByTruthAndByRanges() throws IOException {
        String truth = "{'type': 'fixed-length-boolean', 'length': 8, 'byte-order': 'little-endian'}";
        trace(field("is", truth) + ", "
                + field("o", "{'type': 'optional', 'selector-field-location': {'path': ['is']}, 'field-class': " + U32 + "}") + ", "
                + field("p", "{'type': 'optional', 'selector-field-location': {'origin': 'event-record-payload',"
                + " 'path': ['is']}, 'selector-field-ranges': [[2, 3]], 'field-class': " + u8("") + "}") + ", " + field("tid", u8("")),
                bytes(1, 0, 5), bytes(2, 1, 1, 2, 3, 4, 6), bytes(3, 2, 1, 2, 3, 4, 99, 7));
        assertEquals(List.of("1 cpu0 SCHED_PROCESS_EXIT 5 :100", "2 cpu0 SCHED_PROCESS_EXIT 6 :100",
                "3 cpu0 SCHED_PROCESS_EXIT 7 :100"), Heard.of(directory));
    }

    @Test
    void variantsByRangesOfASelector() throws IOException {
        trace(field("which", "{'type': 'fixed-length-signed-integer', 'length': 8, 'byte-order': 'little-endian'}") + ", "
                + field("v", "{'type': 'variant', 'selector-field-location': {'path': ['which']}, 'options': ["
                        + "{'selector-field-ranges': [[-5, -1], [7, 7]], 'field-class': " + U32 + "},"
                        + "{'selector-field-ranges': [[0, 6]], 'field-class': {'type': 'null-terminated-string'}}]}") + ", "
                + field("tid", u8("")), bytes(1, 0xff, 1, 2, 3, 4, 5), bytes(2, 7, 1, 2, 3, 4, 6), bytes(3, 3, 'a', 'b', 0, 7));
        assertEquals(List.of("1 cpu0 SCHED_PROCESS_EXIT 5 :100", "2 cpu0 SCHED_PROCESS_EXIT 6 :100",
                "3 cpu0 SCHED_PROCESS_EXIT 7 :100"), Heard.of(directory));
    }

    @Test
    void stringsAndBytesOfAnyLength() throws IOException {
        trace(field("n", "{'type': 'variable-length-unsigned-integer'}") + ", "
                + field("comm", "{'type': 'dynamic-length-string', 'length-field-location': {'path': ['n']}}") + ", "
                + field("blob", "{'type': 'dynamic-length-blob', 'length-field-location': {'path': ['n']}}") + ", "
                + field("wide", "{'type': 'null-terminated-string', 'encoding': 'utf-16le'}") + ", "
                + field("four", "{'type': 'static-length-blob', 'length': 4}") + ", "
                + field("bits", "{'type': 'fixed-length-bit-map', 'length': 3, 'byte-order': 'little-endian', 'flags': {}}") + ", "
                + field("array", "{'type': 'static-length-array', 'length': 2, 'minimum-alignment': 8, 'element-field-class': "
                        + "{'type': 'fixed-length-bit-array', 'length': 4, 'byte-order': 'little-endian'}}") + ", "
                + field("tid", "{'type': 'fixed-length-unsigned-integer', 'length': 8, 'alignment': 8,"
                        + " 'byte-order': 'little-endian'}"),
                bytes(1, 2, 'l', 's', 9, 9, 'x', 0, 'y', 0, 0, 0, 1, 2, 3, 4, 0xff, 0xff, 5),
                bytes(2, 0, 0, 0, 1, 2, 3, 4, 0, 0, 6));
        assertEquals(List.of("1 cpu0 SCHED_PROCESS_EXIT 5 ls:100", "2 cpu0 SCHED_PROCESS_EXIT 6 :100"), Heard.of(directory));
    }

    /** A length and a selector outside the structure that they are for; what is ktrace's to ignore is there as well. */
    @Test
    void structuresInArraysAndWhatTheyReferTo() throws IOException {
        String kind = "{'type': 'fixed-length-unsigned-integer', 'length': 8, 'byte-order': 'little-endian', 'mappings':"
                + " {'small': [[0, 3], [9, 9]], 'large': [[4, 8]]}, 'preferred-display-base': 16,"
                + " 'attributes': {'my.namespace': {'x': [1.5, null, true]}}}";
        String variant = "{'type': 'variant', 'selector-field-location': {'origin': 'event-record-payload', 'path': ['head', 'kind']},"
                + " 'options': [{'name': 'small', 'selector-field-ranges': [[0, 3], [9, 9]], 'field-class': " + u8("") + "},"
                + " {'name': 'large', 'selector-field-ranges': [[4, 8]], 'field-class': {'type': 'structure', 'member-classes': ["
                + field("d", "{'type': 'fixed-length-floating-point-number', 'length': 64, 'byte-order': 'little-endian'}")
                + "]}}]}";
        trace(field("head", "{'type': 'structure', 'member-classes': [" + field("n", "{'type': 'variable-length-unsigned-integer'}")
                + ", " + field("kind", kind) + "]}") + ", "
                + field("rows", "{'type': 'dynamic-length-array', 'length-field-location': {'path': ['head', 'n']},"
                        + " 'element-field-class': {'type': 'structure', 'member-classes': [" + field("v", variant) + ", "
                        + field("name", "{'type': 'null-terminated-string'}") + ", "
                        + field("more", "{'type': 'dynamic-length-blob', 'media-type': 'image/png', 'length-field-location':"
                                + " {'path': [null, 'head', 'n']}}") + "]}}") + ", " + field("tid", u8("")),
                bytes(1, 2, 9, 77, 'a', 0, 1, 2, 78, 0, 3, 4, 5), bytes(2, 1, 4, 1, 2, 3, 4, 5, 6, 7, 8, 'b', 0, 9, 6),
                bytes(3, 0, 1, 7));
        assertEquals(List.of("1 cpu0 SCHED_PROCESS_EXIT 5 :100", "2 cpu0 SCHED_PROCESS_EXIT 6 :100",
                "3 cpu0 SCHED_PROCESS_EXIT 7 :100"), Heard.of(directory));
    }

    /** LTTng's own files have it in packets of metadata, as CTF 1.8. */
    @Test
    void metadataInPackets() throws IOException {
        trace(field("tid", u8("")), bytes(1, 5));
        byte[] text = Files.readAllBytes(directory.resolve("metadata"));
        int half = text.length / 2;
        ByteBuffer packed = ByteBuffer.allocate(text.length + 2 * 37).order(ByteOrder.LITTLE_ENDIAN);
        for (byte[] part : List.of(java.util.Arrays.copyOf(text, half), java.util.Arrays.copyOfRange(text, half, text.length))) {
            packed.putInt(0x75D11D57).put(new byte[20]).putInt(8 * (37 + part.length)).putInt(8 * (37 + part.length))
                    .put(new byte[3]).put((byte) 2).put((byte) 0).put(part);
        }
        Files.write(directory.resolve("metadata"), packed.array());
        assertEquals(List.of("1 cpu0 SCHED_PROCESS_EXIT 5 :100"), Heard.of(directory));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "'type': 'preamble', 'version': 3",
        "'type': 'preamble', 'version': 2, 'extensions': {'x': {'y': true}}",
        "'type': 'preamble', 'version': 2, 'uuid': [1, 2]",
        "'type': 'surprise'",
        "'type': 'event-record-class', 'data-stream-class-id': 3",
        "'type': 'clock-class', 'id': 'c', 'frequency': 0",
        "'type': 'data-stream-class', 'packet-context-field-class': 'none'",
        "'type': 'data-stream-class', 'packet-context-field-class': {'type': 'structure', 'member-classes': [{'name': 'a',"
                + " 'field-class': {'type': 'fixed-length-unsigned-integer', 'length': 65, 'byte-order': 'little-endian'}}]}",
        "'type': 'data-stream-class', 'packet-context-field-class': {'type': 'structure', 'minimum-alignment': 3}",
        "'type': 'field-class-alias', 'name': 'a'",
        "'type': 7",
        "'type': "})
    void whatIsNotAsItShouldBeIsToldInOneLine(String fragment) {
        CtfException e = assertThrows(CtfException.class, () -> JsonMetadata.parse(fragments(fragment)));
        assertTrue(e.getMessage().startsWith("fragment 1"), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }

    /** An alias in an alias in an alias: a few lines may not ask for more than there is room for. */
    @Test
    void aliasesThatGrowWithoutEnd() {
        StringBuilder text = new StringBuilder(fragments("'type': 'preamble', 'version': 2",
                "'type': 'field-class-alias', 'name': 'a0', 'field-class': " + u8("")));
        for (int i = 1; i < 60; i++) {
            text.append(fragments("'type': 'field-class-alias', 'name': 'a" + i + "', 'field-class': {'type': 'structure',"
                    + " 'member-classes': [" + field("x", "'a" + (i - 1) + "'") + ", " + field("y", "'a" + (i - 1) + "'") + "]}"));
        }
        text.append(fragments("'type': 'data-stream-class', 'packet-context-field-class': 'a59'"));
        assertThrows(CtfException.class, () -> JsonMetadata.parse(text.toString()));
        assertThrows(CtfException.class, () -> JsonMetadata.parse(fragments(
                "'type': 'field-class-alias', 'name': 'a', 'field-class': 'a'", "'type': 'data-stream-class', 'packet-context-field-class': 'a'")));
    }

    @Test
    void whatIsMissingIsNoTrace() throws IOException {
        trace(field("tid", u8("")), bytes(1, 5));
        String whole = Files.readString(directory.resolve("metadata"));
        for (int length = 1; length < whole.length(); length += 7) {
            String part = whole.substring(0, length);
            Files.writeString(directory.resolve("metadata"), part, StandardCharsets.UTF_8);
            try {
                CtfReader.open(directory).close();
            } catch (CtfException e) {
                assertEquals(1, e.getMessage().lines().count(), e.getMessage());
            }
        }
    }
}
