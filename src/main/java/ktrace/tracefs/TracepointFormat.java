package ktrace.tracefs;

import java.util.List;

/**
 * What {@code events/SYSTEM/NAME/format} says of one tracepoint: how its raw record is laid out on this kernel
 * (Documentation/trace/events.rst, "Event formats").
 *
 * @param name the tracepoint, without its system
 * @param id what the first two bytes of each record, {@code common_type}, hold
 * @param fields the common fields and then its own, in the order of the file
 */
public record TracepointFormat(String name, int id, List<Field> fields) {

    /**
     * One field.
     *
     * @param name without brackets
     * @param type the C type as written, without the name
     * @param offset bytes from the start of the raw record
     * @param sizeBytes bytes it takes there
     * @param signed whether a number is signed
     * @param dataLocation it is a {@code __data_loc}: four bytes, length in the upper half and offset in the lower, of bytes that
     *     lie behind the fixed part
     */
    public record Field(String name, String type, int offset, int sizeBytes, boolean signed, boolean dataLocation) {
    }

    public TracepointFormat {
        fields = List.copyOf(fields);
    }

    /** The field of that name, or null when this kernel's tracepoint has none. */
    public Field find(String fieldName) {
        for (Field field : fields) {
            if (field.name().equals(fieldName)) {
                return field;
            }
        }
        return null;
    }

    /**
     * The field of that name.
     *
     * @throws TracepointException when there is none, or when it is smaller than {@code sizeBytes}
     */
    public Field require(String fieldName, int sizeBytes) {
        Field field = find(fieldName);
        if (field == null || field.sizeBytes() < sizeBytes) {
            throw new TracepointException("cannot use tracepoint " + name + ": its field " + fieldName
                    + (field == null ? " is not there" : " has " + field.sizeBytes() + " bytes instead of " + sizeBytes)
                    + "; this kernel lays it out in a way that ktrace does not know");
        }
        return field;
    }
}
