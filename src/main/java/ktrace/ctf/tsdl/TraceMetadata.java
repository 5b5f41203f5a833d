package ktrace.ctf.tsdl;

import java.util.List;
import java.util.Map;
import java.util.Set;
import ktrace.ctf.tsdl.FieldType.StructType;

/**
 * What the metadata of a trace declare.
 *
 * @param uuid of the trace as 16 bytes, or null
 * @param environment the {@code env} block: numbers as Long, texts as String
 * @param packetHeader null when packets have none
 * @param streams by number
 * @param referenced the last names of all paths by which variants and sequences refer to other fields
 */
public record TraceMetadata(byte[] uuid, Map<String, Object> environment, Map<String, Clock> clocks, StructType packetHeader,
        Map<Long, StreamClass> streams, Set<String> referenced) {

    /**
     * @param frequencyHz ticks in a second
     * @param offsetSeconds and {@code offsetTicks}: what a value is after 1970, besides the value itself
     */
    public record Clock(String name, byte[] uuid, long frequencyHz, long offsetSeconds, long offsetTicks) {
    }

    /** The four types are null where the stream has no such part. */
    public record StreamClass(long id, StructType packetContext, StructType eventHeader, StructType eventContext,
            Map<Long, EventClass> events) {
    }

    /** Context and fields are null where the event has none. */
    public record EventClass(long id, String name, StructType context, StructType fields) {
    }

    /** The text of an environment value, or null. */
    public String text(String name) {
        return environment.get(name) instanceof String text ? text : null;
    }

    /** The event classes of all streams. */
    public List<EventClass> events() {
        return streams.values().stream().flatMap(stream -> stream.events().values().stream()).toList();
    }
}
