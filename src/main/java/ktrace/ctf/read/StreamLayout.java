package ktrace.ctf.read;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import ktrace.ctf.CtfException;
import ktrace.ctf.layout.FieldReader;
import ktrace.ctf.layout.Layout;
import ktrace.ctf.layout.LayoutCompiler;
import ktrace.ctf.layout.PacketCursor;
import ktrace.ctf.layout.RegisterMap;
import ktrace.ctf.layout.RegisterMap.Form;
import ktrace.ctf.mapping.EventMapping;
import ktrace.ctf.tsdl.TraceMetadata;
import ktrace.ctf.tsdl.TraceMetadata.EventClass;
import ktrace.ctf.tsdl.TraceMetadata.StreamClass;
import ktrace.ctf.tsdl.TsdlLimits;

/** How the packets and events of one stream are read, in whichever files they are. Used by the thread that reads the trace. */
final class StreamLayout {
    private static final RegisterMap PACKET_HEADER = new RegisterMap()
            .put("magic", RegisterMap.MAGIC, Form.NUMBER)
            .put("uuid", RegisterMap.UUID, Form.TEXT)
            .put("stream_id", RegisterMap.STREAM_ID, Form.NUMBER);
    private static final RegisterMap PACKET_CONTEXT = new RegisterMap()
            .put("timestamp_begin", RegisterMap.BEGIN, Form.NUMBER)
            .put("timestamp_end", RegisterMap.END, Form.NUMBER)
            .put("content_size", RegisterMap.CONTENT_BITS, Form.NUMBER)
            .put("packet_size", RegisterMap.PACKET_BITS, Form.NUMBER)
            .put("packet_seq_num", RegisterMap.SEQUENCE_NUMBER, Form.NUMBER)
            .put("events_discarded", RegisterMap.DISCARDED, Form.NUMBER)
            .put("cpu_id", RegisterMap.CPU, Form.NUMBER);
    private static final RegisterMap EVENT_HEADER = new RegisterMap().put("id", RegisterMap.EVENT_ID, Form.NUMBER);
    private static final RegisterMap EVENT_CONTEXT = new RegisterMap()
            .put("pid", RegisterMap.PID, Form.NUMBER)
            .put("tid", RegisterMap.TID, Form.NUMBER)
            .put("vtid", RegisterMap.VTID, Form.NUMBER)
            .put("vpid", RegisterMap.VPID, Form.NUMBER);

    private final StreamClass stream;
    private final MappingSource mappings;
    private final LayoutCompiler compiler;
    private final Map<Long, EventClass> classes;
    private final Layout header;
    private EventLayout[] events = new EventLayout[64];
    final FieldReader packetHeader;
    final boolean hasMagic;
    final boolean hasUuid;
    final boolean hasStreamId;
    final Layout packetContext;
    final FieldReader eventHeader;
    final Layout eventContext;

    /** Tells what a class of events means; null when they are to be stepped over. */
    @FunctionalInterface
    interface MappingSource {
        EventMapping mapping(EventClass event);
    }

    StreamLayout(TraceMetadata metadata, StreamClass stream, MappingSource mappings) {
        this.stream = stream;
        this.mappings = mappings;
        compiler = new LayoutCompiler(metadata.referenced());
        classes = new HashMap<>(stream.events());
        Layout beginning = compiler.compile(LayoutCompiler.PACKET_HEADER, metadata.packetHeader(), PACKET_HEADER);
        packetHeader = beginning.reader();
        hasMagic = beginning.has("magic");
        hasUuid = beginning.has("uuid");
        hasStreamId = beginning.has("stream_id");
        packetContext = compiler.compile(LayoutCompiler.PACKET_CONTEXT, stream.packetContext(), PACKET_CONTEXT);
        header = compiler.compile(LayoutCompiler.EVENT_HEADER, stream.eventHeader(), EVENT_HEADER);
        eventHeader = header.reader();
        eventContext = compiler.compile(LayoutCompiler.STREAM_EVENT_CONTEXT, stream.eventContext(), EVENT_CONTEXT);
    }

    long id() {
        return stream.id();
    }

    /** Without a number in the header every event is of the one class that there is. */
    boolean numbersEvents() {
        return header.has("id");
    }

    int registers() {
        return compiler.registers();
    }

    /** The layout of events with this number, or null when none are declared. Allocates when the first of them is met. */
    EventLayout event(long id, PacketCursor cursor) {
        EventLayout known = id >= 0 && id < events.length ? events[(int) id] : null;
        if (known == null) {
            known = compile(id);
        }
        cursor.reserveRegisters(compiler.registers());
        return known;
    }

    private EventLayout compile(long id) {
        EventClass event = numbersEvents() ? classes.get(id) : classes.values().stream().findFirst().orElse(null);
        if (event == null) {
            return null;
        }
        EventMapping mapping = mappings.mapping(event);
        RegisterMap wanted = mapping == null ? RegisterMap.NONE : mapping.wanted;
        Layout context;
        Layout fields;
        try {
            context = compiler.compile(LayoutCompiler.EVENT_CONTEXT, event.context(), EVENT_CONTEXT);
            fields = compiler.compile(LayoutCompiler.EVENT_FIELDS, event.fields(), wanted);
        } catch (CtfException e) {
            throw new CtfException("event " + event.name() + ": " + e.getMessage());
        }
        if (mapping != null) {
            mapping.bind(fields);
        }
        int[] absent = wanted.registersExcept(fields.found().keySet());
        EventLayout layout = new EventLayout(context.reader(), fields.reader(),
                header.cost() + eventContext.cost() + context.cost() + fields.cost(), mapping, absent,
                hasContext(context, "tid"),
                hasContext(context, "vtid"), hasContext(context, "pid"), hasContext(context, "vpid"));
        if (id >= events.length) {
            events = Arrays.copyOf(events, (int) Math.min(TsdlLimits.EVENT_CLASSES, 2 * id));
        }
        events[(int) id] = layout;
        return layout;
    }

    private boolean hasContext(Layout ofEvent, String name) {
        return ofEvent.has(name) || eventContext.has(name);
    }
}
