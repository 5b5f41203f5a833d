package ktrace.ctf.tsdl;

import java.util.List;

/**
 * The types of CTF 1.8 (chapter 4 of its specification) and those that CTF 2 has more, resolved: no names of types are left.
 * Immutable; shared by all fields that have the type.
 *
 * <p>Types only ever contain types that were complete before them, so there are no cycles; {@link #depth} is bounded by
 * {@link TsdlLimits#NESTING}, so that walking down a type cannot overflow the stack.
 */
public sealed interface FieldType {
    /** A field begins at the next multiple of so many bits, counted from the begin of its packet; a power of two. */
    int alignBits();

    /** How many types deep it goes: 1 for a number or a string. */
    default int depth() {
        return 1;
    }

    /**
     * @param text whether it is a character: an array of such bytes is a text
     * @param clock the name of the clock whose value it is, or null
     */
    record IntegerType(int sizeBits, int alignBits, boolean signed, boolean bigEndian, boolean text, String clock)
            implements FieldType {
        /** Eight bits on a byte boundary, in the encoding of text. */
        boolean isCharacter() {
            return text && sizeBits == 8 && alignBits % 8 == 0;
        }
    }

    record FloatType(int sizeBits, int alignBits, boolean bigEndian) implements FieldType {
    }

    /** Ranges are inclusive; their order is that of the declaration, and the first that fits gives a value its name. */
    record EnumType(IntegerType container, List<Range> ranges) implements FieldType {
        public record Range(String label, long low, long high) {
            boolean contains(long value, boolean signed) {
                return signed
                        ? value >= low && value <= high
                        : Long.compareUnsigned(value, low) >= 0 && Long.compareUnsigned(value, high) <= 0;
            }
        }

        @Override
        public int alignBits() {
            return container.alignBits();
        }
    }

    /**
     * As many bytes as its value takes, of which seven bits count (LEB128).
     *
     * @param clock the name of the clock whose value it is, or null
     */
    record VariableIntegerType(boolean signed, String clock) implements FieldType {
        @Override
        public int alignBits() {
            return 8;
        }
    }

    /** Characters of two or four bytes up to one that is 0. */
    record WideStringType(int unitBytes) implements FieldType {
        @Override
        public int alignBits() {
            return 8;
        }
    }

    /** Bytes up to one that is 0. */
    record StringType() implements FieldType {
        @Override
        public int alignBits() {
            return 8;
        }
    }

    record StructType(List<Field> fields, int alignBits, int depth) implements FieldType {
        public static StructType of(List<Field> fields, int minAlignBits) {
            int align = minAlignBits;
            int depth = 1;
            for (Field field : fields) {
                align = Math.max(align, field.type().alignBits());
                depth = Math.max(depth, 1 + field.type().depth());
            }
            return new StructType(List.copyOf(fields), align, depth);
        }
    }

    /**
     * One of several fields, chosen by the name that an enumeration read earlier has for its value.
     *
     * @param tag where that enumeration is, or null as long as the variant has none
     * @param selector which values stand for which option, where that does not depend on the names; else null
     */
    record VariantType(List<String> tag, List<Field> options, int depth, List<EnumType.Range> selector) implements FieldType {
        static VariantType of(List<String> tag, List<Field> options) {
            return selected(tag, options, null);
        }

        /** @param selector with the names of options as labels */
        public static VariantType selected(List<String> tag, List<Field> options, List<EnumType.Range> selector) {
            int depth = 1;
            for (Field option : options) {
                depth = Math.max(depth, 1 + option.type().depth());
            }
            return new VariantType(tag, List.copyOf(options), depth, selector == null ? null : List.copyOf(selector));
        }

        VariantType taggedBy(List<String> path) {
            return new VariantType(path, options, depth, selector);
        }

        /** The chosen field brings its own. */
        @Override
        public int alignBits() {
            return 1;
        }
    }

    record ArrayType(FieldType element, int length) implements FieldType {
        @Override
        public int alignBits() {
            return element.alignBits();
        }

        @Override
        public int depth() {
            return 1 + element.depth();
        }
    }

    /** @param length where the unsigned integer is that tells how many elements follow */
    record SequenceType(FieldType element, List<String> length) implements FieldType {
        @Override
        public int alignBits() {
            return element.alignBits();
        }

        @Override
        public int depth() {
            return 1 + element.depth();
        }
    }

    /**
     * A field of a structure or an option of a variant.
     *
     * @param role what CTF 1.8 calls fields that are for the same, whatever this one is called; or null
     */
    record Field(String name, FieldType type, String role) {
        public Field(String name, FieldType type) {
            this(name, type, null);
        }

        /** The name that was meant: tracers put an underscore before it, to keep clear of the keywords of the language. */
        public String plainName() {
            return role == null ? plain(name) : role;
        }

        public static String plain(String name) {
            return name.startsWith("_") ? name.substring(1) : name;
        }
    }
}
