package ktrace.ctf.tsdl;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import ktrace.ctf.CtfException;
import ktrace.ctf.tsdl.FieldType.StructType;
import ktrace.ctf.tsdl.TraceMetadata.Clock;
import ktrace.ctf.tsdl.TraceMetadata.EventClass;
import ktrace.ctf.tsdl.TraceMetadata.StreamClass;

/**
 * Reads TSDL, the language of the metadata of CTF 1.8 (chapter 7 and appendix C of its specification): its blocks trace, env,
 * clock, stream, event and callsite. Types are read by {@link TypeParser}. What a block says besides is passed over.
 *
 * <p>Any text either parses or gives a {@link CtfException} that names the line; see {@link TsdlLimits}.
 */
public final class TsdlParser {
    private final TsdlLexer lexer;
    private final TypeParser types;
    private final Map<String, Object> environment = new LinkedHashMap<>();
    private final Map<String, Clock> clocks = new LinkedHashMap<>();
    private final Map<Long, StructType[]> streams = new LinkedHashMap<>();
    private final Map<Long, Map<Long, EventClass>> events = new HashMap<>();
    private byte[] uuid;
    private StructType packetHeader;

    private TsdlParser(String text) {
        lexer = new TsdlLexer(text);
        types = new TypeParser(lexer, nativeBigEndian(text));
    }

    /** @throws CtfException with the line, when the text is not TSDL, or asks for more than the limits allow */
    public static TraceMetadata parse(String text) {
        TsdlParser parser = new TsdlParser(text);
        try {
            parser.file();
            return parser.metadata();
        } catch (CtfException e) {
            throw e.getMessage().startsWith("line ") ? e : parser.lexer.error(e.getMessage());
        }
    }

    /** Types are declared before the trace block that says what order is native, so that is looked for first. */
    private static boolean nativeBigEndian(String text) {
        TsdlLexer lexer = new TsdlLexer(text);
        while (lexer.peek().kind() != Token.Kind.END) {
            if (!lexer.take().is("trace") || !lexer.accept("{")) {
                continue;
            }
            for (int depth = 1; depth > 0 && lexer.peek().kind() != Token.Kind.END; ) {
                Token token = lexer.take();
                depth += token.is("{") ? 1 : token.is("}") ? -1 : 0;
                if (depth == 1 && token.is("byte_order") && lexer.accept("=")) {
                    return TypeAttributes.isBigEndian(lexer.peek().text(), false);
                }
            }
        }
        return false;
    }

    private void file() {
        while (lexer.peek().kind() != Token.Kind.END) {
            types.count();
            if (lexer.accept(";") || types.declaration()) {
                continue;
            }
            String block = lexer.name();
            switch (block) {
                case "trace" -> trace();
                case "env" -> environment.putAll(attributes().all());
                case "clock" -> clock();
                case "stream" -> stream();
                case "event" -> event();
                case "callsite" -> attributes();
                default -> throw lexer.error("a block or a type expected, not '" + block + "'");
            }
            lexer.accept(";");
        }
    }

    private TraceMetadata metadata() {
        Map<Long, StreamClass> classes = new LinkedHashMap<>();
        if (streams.isEmpty() && !events.isEmpty()) {
            streams.put(0L, new StructType[3]);
        }
        streams.forEach((id, parts) -> {
            Map<Long, EventClass> ofStream = events.remove(id);
            classes.put(id, new StreamClass(id, parts[0], parts[1], parts[2], ofStream == null ? Map.of() : ofStream));
        });
        if (!events.isEmpty()) {
            throw lexer.error("an event of stream " + events.keySet().iterator().next() + ", which is not declared");
        }
        return new TraceMetadata(uuid, environment, clocks, packetHeader, classes, types.referenced());
    }

    /** Parts that a block assigns with {@code :=}, in the order of their names; the rest are attributes. */
    private Attributes block(StructType[] parts, String... partNames) {
        lexer.expect("{");
        types.open();
        Attributes attributes = new Attributes();
        while (!lexer.accept("}")) {
            types.count();
            if (lexer.accept(";") || types.declaration()) {
                continue;
            }
            String name = String.join(".", Attributes.path(lexer));
            if (!lexer.accept(":=")) {
                attributes.read(name, lexer);
                continue;
            }
            StructType part = types.struct();
            lexer.expect(";");
            for (int i = 0; i < partNames.length; i++) {
                if (partNames[i].equals(name)) {
                    parts[i] = part;
                }
            }
        }
        types.close();
        return attributes;
    }

    private Attributes attributes() {
        return block(new StructType[0]);
    }

    private void trace() {
        StructType[] parts = {packetHeader};
        Attributes attributes = block(parts, "packet.header");
        packetHeader = parts[0];
        if (attributes.has("uuid")) {
            uuid = uuid(attributes.text("uuid"));
        }
    }

    private void clock() {
        Attributes attributes = attributes();
        String name = attributes.text("name");
        if (name == null) {
            throw lexer.error("a clock without a name");
        }
        long frequency = attributes.number("freq", 1_000_000_000L);
        if (frequency <= 0) {
            throw lexer.error("a clock with a frequency of " + frequency);
        }
        byte[] clockUuid = attributes.has("uuid") ? uuid(attributes.text("uuid")) : null;
        clocks.put(name, new Clock(name, clockUuid, frequency, attributes.number("offset_s", 0), attributes.number("offset", 0)));
    }

    private void stream() {
        StructType[] parts = new StructType[3];
        Attributes attributes = block(parts, "packet.context", "event.header", "event.context");
        long id = attributes.number("id", 0);
        if (streams.put(id, parts) != null) {
            throw lexer.error("stream " + id + " is declared twice");
        }
        if (streams.size() > TsdlLimits.EVENT_CLASSES) {
            throw lexer.error("more than " + TsdlLimits.EVENT_CLASSES + " streams");
        }
    }

    private void event() {
        StructType[] parts = new StructType[2];
        Attributes attributes = block(parts, "context", "fields");
        String name = attributes.text("name");
        if (name == null) {
            throw lexer.error("an event without a name");
        }
        long id = attributes.number("id", 0);
        if (id < 0 || id >= TsdlLimits.EVENT_CLASSES) {
            throw lexer.error("an event with the number " + Long.toUnsignedString(id) + ", and ktrace keeps those below "
                    + TsdlLimits.EVENT_CLASSES);
        }
        long streamId = attributes.has("stream_id") ? attributes.number("stream_id", 0) : onlyStream();
        EventClass event = new EventClass(id, name, parts[0], parts[1]);
        if (events.computeIfAbsent(streamId, unused -> new LinkedHashMap<>()).put(id, event) != null) {
            throw lexer.error("event " + id + " of stream " + streamId + " is declared twice");
        }
    }

    private long onlyStream() {
        return streams.size() == 1 ? streams.keySet().iterator().next() : 0;
    }

    private byte[] uuid(String text) {
        byte[] bytes = new byte[16];
        String digits = text.replace("-", "");
        if (digits.length() != 32) {
            throw lexer.error("a UUID of " + digits.length() + " digits");
        }
        for (int i = 0; i < 16; i++) {
            int high = Character.digit(digits.charAt(2 * i), 16);
            int low = Character.digit(digits.charAt(2 * i + 1), 16);
            if (high < 0 || low < 0) {
                throw lexer.error("a UUID with something else than hexadecimal digits");
            }
            bytes[i] = (byte) (high << 4 | low);
        }
        return bytes;
    }
}
