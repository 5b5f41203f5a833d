package ktrace.ctf.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ktrace.ctf.CtfException;
import ktrace.ctf.tsdl.FieldType.StructType;
import ktrace.ctf.tsdl.TraceMetadata;
import ktrace.ctf.tsdl.TraceMetadata.Clock;
import ktrace.ctf.tsdl.TraceMetadata.EventClass;
import ktrace.ctf.tsdl.TraceMetadata.StreamClass;
import ktrace.ctf.tsdl.TsdlLimits;

/** Reads the metadata of CTF 2: its fragments, in the order in which they stand (CTF2-SPEC-2.0, chapter 5). */
public final class JsonMetadata {
    private static final long NS = 1_000_000_000L;

    private final FieldClasses classes = new FieldClasses();
    private final Map<String, Object> environment = new LinkedHashMap<>();
    private final Map<String, Clock> clocks = new LinkedHashMap<>();
    private final Map<Long, StreamClass> streams = new LinkedHashMap<>();
    private byte[] uuid;
    private StructType packetHeader;

    private JsonMetadata() {
    }

    /** Whether a text of metadata is of this kind, and not in the language of CTF 1.8. */
    public static boolean is(String text) {
        return !text.isEmpty() && (text.charAt(0) == 0x1e || text.charAt(0) == '{' || text.charAt(0) == '[');
    }

    /** @throws CtfException that names the fragment, when it is not as it should be, or asks for more than the limits allow */
    public static TraceMetadata parse(String text) {
        JsonMetadata reading = new JsonMetadata();
        List<JsonObject> fragments = Fragments.of(text);
        for (int i = 0; i < fragments.size(); i++) {
            try {
                reading.fragment(fragments.get(i));
            } catch (CtfException e) {
                throw new CtfException("fragment " + (i + 1) + ": " + e.getMessage());
            }
        }
        return new TraceMetadata(reading.uuid, reading.environment, reading.clocks, reading.packetHeader, reading.streams,
                reading.classes.referenced());
    }

    private void fragment(JsonObject fragment) {
        switch (fragment.text("type", "")) {
            case "preamble" -> preamble(fragment);
            case "field-class-alias" -> classes.alias(fragment.text("name", ""), required(fragment, "field-class"));
            case "trace-class" -> {
                fragment.object("environment").properties().forEach((name, value) -> {
                    if (value instanceof String || value instanceof Long) {
                        environment.put(name, value);
                    }
                });
                packetHeader = classes.struct(fragment.get("packet-header-field-class"), null, null);
            }
            case "clock-class" -> clock(fragment);
            case "data-stream-class" -> stream(fragment);
            case "event-record-class" -> event(fragment);
            default -> throw new CtfException("it is of the type '" + fragment.text("type", "") + "', which CTF 2 does not have");
        }
    }

    private static Object required(JsonObject fragment, String name) {
        if (fragment.get(name) == null) {
            throw new CtfException("there is no " + name);
        }
        return fragment.get(name);
    }

    private void preamble(JsonObject fragment) {
        if (fragment.number("version", 0) != 2) {
            throw new CtfException("it is of CTF " + fragment.number("version", 0) + ", and ktrace reads CTF 1.8 and 2; lttng"
                    + " create --trace-format=ctf-1.8 records what it reads");
        }
        if (!fragment.object("extensions").properties().isEmpty()) {
            throw new CtfException("it needs extensions of CTF 2, which ktrace does not know; lttng create --trace-format=ctf-1.8"
                    + " records what it reads");
        }
        List<?> bytes = fragment.list("uuid");
        if (!bytes.isEmpty()) {
            uuid = new byte[16];
            for (int i = 0; i < 16; i++) {
                if (bytes.size() != 16 || !(bytes.get(i) instanceof Long value) || value < 0 || value > 255) {
                    throw new CtfException("a UUID that is not of 16 bytes");
                }
                uuid[i] = value.byteValue();
            }
        }
    }

    private void clock(JsonObject fragment) {
        String id = fragment.text("id", fragment.text("name", ""));
        long frequency = fragment.number("frequency", NS);
        if (frequency <= 0) {
            throw new CtfException("a clock with a frequency of " + frequency);
        }
        JsonObject offset = fragment.object(fragment.has("offset-from-origin") ? "offset-from-origin" : "offset");
        clocks.put(id, new Clock(id, null, frequency, offset.number("seconds", 0), offset.number("cycles", 0)));
    }

    private void stream(JsonObject fragment) {
        long id = fragment.number("id", 0);
        String clock = fragment.text("default-clock-class-id", fragment.text("default-clock-class-name", null));
        StreamClass stream = new StreamClass(id,
                classes.struct(fragment.get("packet-context-field-class"), "timestamp_begin", clock),
                classes.struct(fragment.get("event-record-header-field-class"), "timestamp", clock),
                classes.struct(fragment.get("event-record-common-context-field-class"), null, null), new LinkedHashMap<>());
        if (streams.put(id, stream) != null || streams.size() > TsdlLimits.EVENT_CLASSES) {
            throw new CtfException("stream " + id + " is declared twice, or there are too many");
        }
    }

    private void event(JsonObject fragment) {
        long id = fragment.number("id", 0);
        if (id < 0 || id >= TsdlLimits.EVENT_CLASSES) {
            throw new CtfException("an event with the number " + Long.toUnsignedString(id) + ", and ktrace keeps those below "
                    + TsdlLimits.EVENT_CLASSES);
        }
        long streamId = fragment.number("data-stream-class-id", 0);
        StreamClass stream = streams.get(streamId);
        if (stream == null) {
            throw new CtfException("an event of stream " + streamId + ", which is not declared");
        }
        EventClass event = new EventClass(id, fragment.text("name", ""),
                classes.struct(fragment.get("specific-context-field-class"), null, null),
                classes.struct(fragment.get("payload-field-class"), null, null));
        if (stream.events().put(id, event) != null) {
            throw new CtfException("event " + id + " of stream " + streamId + " is declared twice");
        }
    }
}
