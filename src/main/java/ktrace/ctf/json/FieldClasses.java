package ktrace.ctf.json;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import ktrace.ctf.CtfException;
import ktrace.ctf.tsdl.FieldType;
import ktrace.ctf.tsdl.FieldType.ArrayType;
import ktrace.ctf.tsdl.FieldType.EnumType;
import ktrace.ctf.tsdl.FieldType.Field;
import ktrace.ctf.tsdl.FieldType.FloatType;
import ktrace.ctf.tsdl.FieldType.IntegerType;
import ktrace.ctf.tsdl.FieldType.SequenceType;
import ktrace.ctf.tsdl.FieldType.StringType;
import ktrace.ctf.tsdl.FieldType.StructType;
import ktrace.ctf.tsdl.FieldType.VariableIntegerType;
import ktrace.ctf.tsdl.FieldType.VariantType;
import ktrace.ctf.tsdl.FieldType.WideStringType;
import ktrace.ctf.tsdl.TsdlLimits;
import ktrace.ctf.tsdl.TypeAttributes;

/**
 * Makes types of the field classes of CTF 2 (CTF2-SPEC-2.0, chapter 6). An alias is made anew wherever it is used: what a role in
 * it means depends on the part of a packet that it is in.
 */
final class FieldClasses {
    private static final IntegerType BYTE = new IntegerType(8, 8, false, false, false, null);
    private static final IntegerType CHARACTER = new IntegerType(8, 8, false, false, true, null);
    private static final StructType NOTHING = StructType.of(List.of(), 1);
    /** What CTF 1.8 calls a field of that role. */
    private static final Map<String, String> ROLES = Map.of(
            "packet-magic-number", "magic",
            "metadata-stream-uuid", "uuid",
            "data-stream-class-id", "stream_id",
            "data-stream-id", "stream_instance_id",
            "packet-end-default-clock-timestamp", "timestamp_end",
            "packet-content-length", "content_size",
            "packet-total-length", "packet_size",
            "packet-sequence-number", "packet_seq_num",
            "discarded-event-record-counter-snapshot", "events_discarded",
            "event-record-class-id", "id");
    private static final String TIME = "default-clock-timestamp";
    /** Where a path begins, as CTF 1.8 has it. */
    private static final Map<String, String> ORIGINS = Map.of(
            "packet-header", "trace.packet.header",
            "packet-context", "stream.packet.context",
            "event-record-header", "stream.event.header",
            "event-record-common-context", "stream.event.context",
            "event-record-specific-context", "event.context",
            "event-record-payload", "event.fields");

    private final Map<String, Object> aliases = new HashMap<>();
    private final Set<String> referenced = new HashSet<>();
    private int made;

    void alias(String name, Object fieldClass) {
        if (aliases.put(name, Objects.requireNonNull(fieldClass)) != null) {
            throw new CtfException("the alias " + name + " is declared twice");
        }
    }

    /** The last names of all paths. */
    Set<String> referenced() {
        return referenced;
    }

    /** A part of a packet; null where there is none. @param timeName what a field with the time is called there */
    StructType struct(Object fieldClass, String timeName, String clock) {
        if (fieldClass == null) {
            return null;
        }
        if (new Part(timeName, clock).type(fieldClass, 0) instanceof StructType struct) {
            return struct;
        }
        throw new CtfException("a structure expected");
    }

    /** The making of one part. */
    private final class Part {
        private final String timeName;
        private final String clock;

        Part(String timeName, String clock) {
            this.timeName = timeName;
            this.clock = clock;
        }

        FieldType type(Object fieldClass, int depth) {
            if (depth > TsdlLimits.NESTING || ++made > TsdlLimits.DECLARATIONS) {
                throw new CtfException("field classes that are nested too deep, or too many");
            }
            JsonObject object = resolved(fieldClass);
            String type = object.text("type", "");
            return switch (type) {
                case "fixed-length-bit-array", "fixed-length-bit-map", "fixed-length-boolean", "fixed-length-unsigned-integer" ->
                        labelled(object, integer(object, false));
                case "fixed-length-signed-integer" -> labelled(object, integer(object, true));
                case "variable-length-unsigned-integer" -> new VariableIntegerType(false, clockOf(object));
                case "variable-length-signed-integer" -> new VariableIntegerType(true, clockOf(object));
                case "fixed-length-floating-point-number" ->
                        new FloatType(bits(object, 1 << 10), alignment(object, "alignment"), isBigEndian(object));
                case "null-terminated-string" -> string(object);
                case "static-length-string" -> new ArrayType(CHARACTER, length(object));
                case "dynamic-length-string" -> new SequenceType(CHARACTER, path(object, "length-field-location"));
                case "static-length-blob" -> new ArrayType(BYTE, length(object));
                case "dynamic-length-blob" -> new SequenceType(BYTE, path(object, "length-field-location"));
                case "static-length-array" -> aligned(object, new ArrayType(element(object, depth), length(object)));
                case "dynamic-length-array" -> aligned(object,
                        new SequenceType(element(object, depth), path(object, "length-field-location")));
                case "structure" -> StructType.of(fields(object, depth), alignment(object, "minimum-alignment"));
                case "optional" -> optional(object, depth);
                case "variant" -> variant(object, depth);
                default -> throw new CtfException("a field class of the type '" + type + "', which CTF 2 does not have");
            };
        }

        private JsonObject resolved(Object fieldClass) {
            Object found = fieldClass;
            for (int i = 0; found instanceof String name; i++) {
                if (!aliases.containsKey(name) || i > TsdlLimits.NESTING) {
                    throw new CtfException("no field class '" + name + "' is declared");
                }
                found = aliases.get(name);
            }
            return JsonObject.of(found, "a field class");
        }

        private IntegerType integer(JsonObject object, boolean signed) {
            int bits = bits(object, 64);
            boolean bigEndian = isBigEndian(object);
            String order = object.text("bit-order", null);
            if (order != null && bits > 1 && order.equals("last-to-first") != bigEndian) {
                throw new CtfException("bits in the order " + order + ", against that of their bytes, which ktrace does not read");
            }
            return new IntegerType(bits, alignment(object, "alignment"), signed, bigEndian, false, clockOf(object));
        }

        private FieldType labelled(JsonObject object, IntegerType container) {
            if (!object.has("mappings") || object.text("type", "").equals("fixed-length-bit-map")) {
                return container;
            }
            List<EnumType.Range> ranges = new ArrayList<>();
            object.object("mappings").properties().forEach((label, of) -> ranges.addAll(ranges(label, of)));
            return new EnumType(container, List.copyOf(ranges));
        }

        private String clockOf(JsonObject object) {
            return object.list("roles").contains(TIME) ? clock : null;
        }

        private FieldType string(JsonObject object) {
            return switch (object.text("encoding", "utf-8")) {
                case "utf-8" -> new StringType();
                case "utf-16be", "utf-16le" -> new WideStringType(2);
                case "utf-32be", "utf-32le" -> new WideStringType(4);
                default -> throw new CtfException("a string in an encoding that CTF 2 does not have");
            };
        }

        private FieldType element(JsonObject object, int depth) {
            return type(object.get("element-field-class"), depth + 1);
        }

        /** Arrays of CTF 1.8 have their elements' alignment and no other. */
        private FieldType aligned(JsonObject object, FieldType array) {
            int align = alignment(object, "minimum-alignment");
            return align <= array.alignBits() ? array : StructType.of(List.of(new Field("", array)), align);
        }

        private List<Field> fields(JsonObject object, int depth) {
            List<Field> fields = new ArrayList<>();
            for (Object member : object.list("member-classes")) {
                JsonObject field = JsonObject.of(member, "a member");
                fields.add(new Field(field.text("name", ""), type(field.get("field-class"), depth + 1),
                        role(resolved(field.get("field-class")))));
            }
            return fields;
        }

        private String role(JsonObject fieldClass) {
            for (Object role : fieldClass.list("roles")) {
                String name = role.equals(TIME) ? timeName : ROLES.get(role);
                if (name != null) {
                    return name;
                }
            }
            return null;
        }

        private FieldType optional(JsonObject object, int depth) {
            List<EnumType.Range> present = object.has("selector-field-ranges")
                    ? ranges("", object.get("selector-field-ranges")) : List.of(new EnumType.Range("", 1, -1));
            List<EnumType.Range> all = new ArrayList<>(present);
            all.add(new EnumType.Range("absent", Long.MIN_VALUE, Long.MAX_VALUE));
            all.add(new EnumType.Range("absent", 0, -1));
            return VariantType.selected(path(object, "selector-field-location"),
                    List.of(new Field("", type(object.get("field-class"), depth + 1)), new Field("absent", NOTHING)), all);
        }

        private FieldType variant(JsonObject object, int depth) {
            List<Field> options = new ArrayList<>();
            List<EnumType.Range> ranges = new ArrayList<>();
            for (Object element : object.list("options")) {
                JsonObject option = JsonObject.of(element, "an option");
                String name = option.text("name", "#" + options.size());
                options.add(new Field(name, type(option.get("field-class"), depth + 1)));
                ranges.addAll(ranges(name, option.get("selector-field-ranges")));
            }
            return VariantType.selected(path(object, "selector-field-location"), options, ranges);
        }

        private List<EnumType.Range> ranges(String label, Object of) {
            List<EnumType.Range> ranges = new ArrayList<>();
            for (Object range : of instanceof List<?> list ? list : List.of()) {
                if (!(range instanceof List<?> ends) || ends.size() != 2 || !(ends.get(0) instanceof Long low)
                        || !(ends.get(1) instanceof Long high) || ++made > TsdlLimits.DECLARATIONS) {
                    throw new CtfException("a range that is no pair of integers, or too many");
                }
                ranges.add(new EnumType.Range(label, low, high));
            }
            return ranges;
        }

        private List<String> path(JsonObject object, String name) {
            JsonObject location = object.object(name);
            List<String> path = new ArrayList<>();
            if (location.has("origin")) {
                String root = ORIGINS.get(location.text("origin", ""));
                if (root == null) {
                    throw new CtfException("a field location with an origin that CTF 2 does not have");
                }
                path.addAll(List.of(root.split("\\.")));
            }
            // Null leads out of a structure; a name is looked for outwards in any case.
            location.list("path").stream().filter(String.class::isInstance).map(String.class::cast).forEach(path::add);
            if (path.isEmpty() || path.size() > TsdlLimits.NESTING) {
                throw new CtfException(name + " leads nowhere");
            }
            referenced.add(path.getLast());
            return List.copyOf(path);
        }
    }

    private static int bits(JsonObject object, int most) {
        long bits = object.number("length", -1);
        if (bits < 1 || bits > most) {
            throw new CtfException("a number of " + bits + " bits, and ktrace reads those of 1 to " + most);
        }
        return (int) bits;
    }

    private static int length(JsonObject object) {
        long length = object.number("length", -1);
        if (length < 0 || length > TsdlLimits.ARRAY_LENGTH) {
            throw new CtfException("an array of " + Long.toUnsignedString(length) + " elements");
        }
        return (int) length;
    }

    private static int alignment(JsonObject object, String name) {
        return TypeAttributes.alignment(object.number(name, 1));
    }

    private static boolean isBigEndian(JsonObject object) {
        return switch (object.text("byte-order", "")) {
            case "big-endian" -> true;
            case "little-endian" -> false;
            default -> throw new CtfException("a byte order that is neither little-endian nor big-endian");
        };
    }
}
