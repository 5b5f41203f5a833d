package ktrace.ctf.read;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ktrace.ctf.read.LttngTrace.Alignment;
import ktrace.ctf.read.LttngTrace.Field;

/** The metadata of CTF 2 as LTTng writes them since 2.15, for what {@link LttngTrace} lays out. */
final class LttngJson {
    private final LttngTrace trace;

    LttngJson(LttngTrace trace) {
        this.trace = trace;
    }

    String metadata() {
        StringBuilder text = new StringBuilder();
        List<Integer> uuid = IntStream.range(0, 16)
                .mapToObj(i -> Integer.parseInt(LttngTrace.UUID.replace("-", "").substring(2 * i, 2 * i + 2), 16)).toList();
        fragment(text, "'type': 'preamble', 'version': 2, 'uuid': " + uuid);
        alias(text, "u32-erc-id", integer(32, false, "'roles': ['event-record-class-id']"));
        alias(text, "u64-ts", integer(64, false, "'roles': ['default-clock-timestamp']"));
        alias(text, "er-header", header());
        alias(text, "pkt-ctx", struct(1, member("timestamp_begin", "'u64-ts'"),
                member("timestamp_end", integer(64, false, "'roles': ['packet-end-default-clock-timestamp']")),
                member("content_size", integer(64, false, "'roles': ['packet-content-length']")),
                member("packet_size", integer(64, false, "'roles': ['packet-total-length']")),
                member("packet_seq_num", integer(64, false, "'roles': ['packet-sequence-number']")),
                member("events_discarded", integer(64, false, "'roles': ['discarded-event-record-counter-snapshot']")),
                member("cpu_id", bits("fixed-length-unsigned-integer", 32, 1, "'preferred-display-base': 10"))));
        alias(text, "pkt-header", struct(1, member("magic", integer(32, false, "'roles': ['packet-magic-number']")),
                member("uuid", "{'type': 'static-length-blob', 'length': 16, 'roles': ['metadata-stream-uuid']}"),
                member("stream_id", integer(32, false, "'roles': ['data-stream-class-id']"))));
        fragment(text, "'type': 'trace-class', 'namespace': 'lttng.org,2009', 'name': '', 'uid': '" + LttngTrace.UUID
                + "', 'environment': {" + trace.env.entrySet().stream()
                        .map(entry -> "'" + entry.getKey() + "': "
                                + (entry.getValue() instanceof String ? "'" + entry.getValue() + "'" : entry.getValue()))
                        .collect(Collectors.joining(", ")) + "}, 'packet-header-field-class': 'pkt-header'");
        fragment(text, "'type': 'clock-class', 'id': 'monotonic', 'name': 'monotonic', 'frequency': " + trace.frequency
                + ", 'origin': 'unix-epoch', 'offset-from-origin': {'seconds': " + Math.floorDiv(trace.offset, trace.frequency)
                + ", 'cycles': " + Math.floorMod(trace.offset, trace.frequency) + "}");
        fragment(text, "'type': 'data-stream-class', 'id': 0, 'default-clock-class-id': 'monotonic',"
                + " 'packet-context-field-class': 'pkt-ctx', 'event-record-header-field-class': 'er-header'"
                + (trace.context.isEmpty() ? ""
                        : ", 'event-record-common-context-field-class': " + struct(1, members(trace.context))));
        trace.events.values().forEach(event -> fragment(text, "'type': 'event-record-class', 'data-stream-class-id': 0, 'id': "
                + event.id() + ", 'name': '" + event.name() + "', 'payload-field-class': " + struct(1, members(event.fields()))));
        return text.toString();
    }

    private static void fragment(StringBuilder text, String properties) {
        text.append('\u001e').append(("{" + properties + "}").replace('\'', '"')).append('\n');
    }

    private static void alias(StringBuilder text, String name, String fieldClass) {
        fragment(text, "'type': 'field-class-alias', 'name': '" + name + "', 'field-class': " + fieldClass);
    }

    private static String member(String name, String fieldClass) {
        return "{'name': '" + name + "', 'field-class': " + fieldClass + "}";
    }

    private static String struct(int align, String... members) {
        return "{'type': 'structure', 'minimum-alignment': " + align + ", 'member-classes': [" + String.join(", ", members) + "]}";
    }

    private String integer(int size, boolean signed, String more) {
        return bits("fixed-length-" + (signed ? "signed" : "unsigned") + "-integer", size, trace.align(size), more);
    }

    private String bits(String type, int size, int align, String more) {
        return "{'type': '" + type + "', 'length': " + size + ", 'alignment': " + align + ", 'byte-order': '"
                + (trace.bigEndian ? "big" : "little") + "-endian', " + more + "}";
    }

    private String[] members(List<Field> fields) {
        return fields.stream().flatMap(field -> switch (field.kind()) {
            case 'i', 'u' -> java.util.stream.Stream.of(member(field.name(),
                    integer(field.size(), field.kind() == 'i', "'preferred-display-base': 16")));
            case 'c' -> java.util.stream.Stream.of(member(field.name(),
                    "{'type': 'static-length-string', 'length': " + field.size() + "}"));
            case 's' -> java.util.stream.Stream.of(member(field.name(), "{'type': 'null-terminated-string'}"));
            case 'q' -> java.util.stream.Stream.of(member("_" + field.name() + "_length", integer(8, false, "'roles': []")),
                    member(field.name(), "{'type': 'dynamic-length-array', 'element-field-class': "
                            + integer(field.size(), true, "'roles': []") + ", 'length-field-location': {'path': ['_" + field.name()
                            + "_length']}}"));
            default -> throw new IllegalArgumentException(field.toString());
        }).toArray(String[]::new);
    }

    private String header() {
        int id = trace.largeHeader ? 16 : 5;
        int last = trace.largeHeader ? 65535 : 31;
        String compact = "[[0, " + (last - 1) + "]]";
        String extended = "[[" + last + ", " + last + "]]";
        return struct(trace.alignment == Alignment.NATURAL ? 32 : 8,
                member("id", integer(id, false,
                        "'mappings': {'compact': " + compact + ", 'extended': " + extended + "},"
                                + " 'roles': ['event-record-class-id']")),
                member("v", "{'type': 'variant', 'selector-field-location': {'path': ['id']}, 'options': ["
                        + "{'name': 'compact', 'selector-field-ranges': " + compact + ", 'field-class': "
                        + struct(1, member("timestamp", integer(trace.largeHeader ? 32 : 27, false, "'roles': ['default-clock-timestamp']"))) + "}, "
                        + "{'name': 'extended', 'selector-field-ranges': " + extended + ", 'field-class': "
                        + struct(1, member("id", "'u32-erc-id'"), member("timestamp", "'u64-ts'")) + "}]}"));
    }
}
