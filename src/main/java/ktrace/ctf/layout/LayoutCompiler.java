package ktrace.ctf.layout;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ktrace.ctf.CtfException;
import ktrace.ctf.layout.FieldScopes.Symbol;
import ktrace.ctf.layout.RegisterMap.Form;
import ktrace.ctf.layout.RegisterMap.Wanted;
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

/**
 * Makes {@link FieldReader}s of types: folds fields of fixed size into {@link FixedRun}s, and resolves the names that variants and
 * sequences refer to into registers (CTF 1.8, 7.3.2). One compiler serves one stream; the parts of its events are compiled in the
 * order in which they stand in a packet, because each may refer to those before it.
 */
public final class LayoutCompiler {
    public static final String PACKET_HEADER = "trace.packet.header";
    public static final String PACKET_CONTEXT = "stream.packet.context";
    public static final String EVENT_HEADER = "stream.event.header";
    public static final String STREAM_EVENT_CONTEXT = "stream.event.context";
    public static final String EVENT_CONTEXT = "event.context";
    public static final String EVENT_FIELDS = "event.fields";

    private static final long UNFIXED = -1;
    private static final long MOST_BITS = 1L << 40;
    /** Types are shared, layouts are not: a few lines of metadata can ask for any number of fields. */
    private static final int MOST_FIELDS = 2_000_000;
    /** So many fields can be read in the time that one element of an array may take. */
    private static final int FIELDS_A_UNIT = 8;

    private final Set<String> referenced;
    private final FieldScopes scopes = new FieldScopes();
    private final IdentityHashMap<FieldType, Long> fixedBits = new IdentityHashMap<>();
    private int nextRegister = RegisterMap.FIRST_FREE;
    private int fieldsCompiled;

    /** @param referenced the last names of all paths in the metadata: only fields with such a name are kept for reference */
    public LayoutCompiler(Set<String> referenced) {
        this.referenced = referenced;
    }

    /** How many registers a cursor needs for what has been compiled. */
    public int registers() {
        return nextRegister;
    }

    /**
     * Compiles one part.
     *
     * @param root its absolute name; for a part that an earlier event had as well, this one takes its place
     * @param type null when the part is missing
     * @param wanted of its fields, not of fields within those, unless it is the header of events
     */
    public Layout compile(String root, StructType type, RegisterMap wanted) {
        scopes.forget(root);
        if (type == null) {
            return new Layout(new FieldReader.Skip(0, 1), 0, Map.of());
        }
        if (root.equals(EVENT_HEADER) && CompactHeader.fits(type)) {
            return new Layout(new CompactHeader(), 0, Map.of("id", type.fields().getFirst().type()));
        }
        Part part = new Part(wanted, root.equals(EVENT_HEADER));
        int before = fieldsCompiled;
        FieldReader reader = part.struct(type, scopes.open(root, type), true);
        return new Layout(reader, (fieldsCompiled - before) / FIELDS_A_UNIT, Map.copyOf(part.found));
    }

    /** Size of a type that always takes the same room once it is aligned, else {@link #UNFIXED}. */
    private long fixedBits(FieldType type) {
        Long known = fixedBits.get(type);
        if (known != null) {
            return known;
        }
        long bits = switch (type) {
            case IntegerType integer -> integer.sizeBits();
            case FloatType number -> number.sizeBits();
            case EnumType labels -> labels.container().sizeBits();
            case StringType string -> UNFIXED;
            case WideStringType string -> UNFIXED;
            case VariableIntegerType integer -> UNFIXED;
            case VariantType variant -> UNFIXED;
            case SequenceType sequence -> UNFIXED;
            case ArrayType array -> fixedBits(array);
            case StructType struct -> fixedBits(struct);
        };
        fixedBits.put(type, bits);
        return bits;
    }

    private long fixedBits(ArrayType array) {
        long element = fixedBits(array.element());
        return element == UNFIXED ? UNFIXED : repeated(array.length(), element, array.alignBits());
    }

    private long fixedBits(StructType struct) {
        long bits = 0;
        for (Field field : struct.fields()) {
            long size = fixedBits(field.type());
            if (size == UNFIXED) {
                return UNFIXED;
            }
            bits = Math.min(MOST_BITS, aligned(bits, field.type().alignBits()) + size);
        }
        return bits;
    }

    private static long repeated(int count, long bits, int align) {
        long stride = aligned(bits, align);
        return count == 0 ? 0 : stride > MOST_BITS / count ? MOST_BITS : (count - 1) * stride + bits;
    }

    private static long aligned(long bits, int align) {
        return (bits + align - 1) & -(long) align;
    }

    /** The compilation of one part. */
    private final class Part {
        private final RegisterMap wanted;
        private final boolean header;
        private final Map<String, FieldType> found = new HashMap<>();
        /** Registers in the order in which they were first given to a field. */
        private final List<Integer> assigned = new ArrayList<>();
        private final BitSet isAssigned = new BitSet();

        Part(RegisterMap wanted, boolean header) {
            this.wanted = wanted;
            this.header = header;
        }

        FieldReader struct(StructType type, Symbol symbol, boolean top) {
            List<FieldReader> readers = new ArrayList<>();
            FixedRun.Builder run = new FixedRun.Builder();
            int align = type.alignBits();
            for (Field field : type.fields()) {
                if (++fieldsCompiled > MOST_FIELDS) {
                    throw new CtfException("more than " + MOST_FIELDS + " fields in all");
                }
                Wanted want = top || header ? wanted(field) : null;
                if (!fold(field, want, symbol, run, readers.isEmpty() ? align : 1)) {
                    if (!run.isEmpty()) {
                        readers.add(run.build());
                        run = new FixedRun.Builder();
                    }
                    if (!fold(field, want, symbol, run, readers.isEmpty() ? align : 1)) {
                        readers.add(field(field, want, symbol));
                    }
                }
            }
            if (!run.isEmpty()) {
                readers.add(run.build());
            }
            return readers.size() == 1 && readers.getFirst() instanceof FixedRun only && !type.fields().isEmpty()
                    ? only
                    : new FieldReader.Struct(align, readers.toArray(FieldReader[]::new));
        }

        /** What is wanted of a field, if it has the form for it. */
        private Wanted wanted(Field field) {
            Wanted want = wanted.of(field.plainName());
            if (want == null) {
                return null;
            }
            boolean fits = switch (want.form()) {
                case NUMBER -> isNumber(field.type());
                case TEXT -> field.type() instanceof StringType || elementOf(field.type()) instanceof IntegerType character
                        && character.sizeBits() == 8 && character.alignBits() % 8 == 0;
                case LIST -> elementOf(field.type()) instanceof IntegerType element && element.sizeBits() >= 32;
            };
            if (!fits) {
                return null;
            }
            found.put(field.plainName(), field.type());
            return want;
        }

        /** Adds a field to the run, if its place there is fixed. */
        private boolean fold(Field field, Wanted want, Symbol scope, FixedRun.Builder run, int structAlign) {
            FieldType type = field.type();
            int align = type.alignBits();
            long bits = fixedBits(type);
            if (bits == UNFIXED || !run.takes(bits, align)) {
                return false;
            }
            return switch (type) {
                case IntegerType integer -> foldInteger(field, integer, want, scope, run, structAlign);
                case EnumType labels -> foldInteger(field, labels.container(), want, scope, run, structAlign);
                case ArrayType array -> {
                    boolean loaded = want != null;
                    if (loaded && !(run.isEmpty() ? Math.max(align, structAlign) >= 8 : run.endsAtByte(align))) {
                        yield false;
                    }
                    run.add(bits, align, structAlign, loaded && want.form() == Form.TEXT ? FixedRun.TEXT : FixedRun.LIST,
                            loaded ? assign(want.register(), want.form() == Form.NUMBER ? 1 : 2) : FieldReader.UNWANTED,
                            array.length());
                    yield true;
                }
                case FloatType number -> {
                    run.add(bits, align, structAlign, 0, FieldReader.UNWANTED, 0);
                    yield true;
                }
                default -> false;
            };
        }

        private boolean foldInteger(Field field, IntegerType integer, Wanted want, Symbol scope, FixedRun.Builder run,
                int structAlign) {
            if (isTime(field, integer)) {
                return false;
            }
            boolean kept = want != null || referenced.contains(field.name());
            if (!kept) {
                run.add(integer.sizeBits(), integer.alignBits(), structAlign, 0, FieldReader.UNWANTED, 0);
                return true;
            }
            int load = load(integer);
            if (load < 0 || !(run.isEmpty() ? Math.max(integer.alignBits(), structAlign) >= 8
                    : run.endsAtByte(integer.alignBits()))) {
                return false;
            }
            run.add(integer.sizeBits(), integer.alignBits(), structAlign, load, register(field, want, scope), 0);
            return true;
        }

        private static int load(IntegerType integer) {
            int load = switch (integer.sizeBits()) {
                case 8 -> integer.signed() ? FixedRun.S8 : FixedRun.U8;
                case 16 -> integer.signed() ? FixedRun.S16 : FixedRun.U16;
                case 32 -> integer.signed() ? FixedRun.S32 : FixedRun.U32;
                case 64 -> FixedRun.X64;
                default -> -1;
            };
            return load < 0 || !integer.bigEndian() ? load : load + FixedRun.BIG_ENDIAN;
        }

        /** The register of a field that is wanted or can be referred to; makes it known. */
        private int register(Field field, Wanted want, Symbol scope) {
            boolean kept = want != null || referenced.contains(field.name());
            if (!kept) {
                return FieldReader.UNWANTED;
            }
            int register = want != null ? assign(want.register(), 1) : assign(nextRegister++, 1);
            scope.add(field.name(), register, field.type());
            return register;
        }

        private int assign(int register, int count) {
            for (int i = register; i < register + count; i++) {
                if (!isAssigned.get(i)) {
                    isAssigned.set(i);
                    assigned.add(i);
                }
            }
            return register;
        }

        private boolean isTime(Field field, IntegerType integer) {
            return isTime(field, integer.clock());
        }

        private boolean isTime(Field field, String clock) {
            return header && (clock != null || field.plainName().equals("timestamp"));
        }

        private FieldReader field(Field field, Wanted want, Symbol scope) {
            return switch (field.type()) {
                case IntegerType integer -> bits(field, integer, want, scope);
                case EnumType labels -> bits(field, labels.container(), want, scope);
                case FloatType number -> new FieldReader.Skip(number.sizeBits(), number.alignBits());
                case VariableIntegerType integer -> new FieldReader.Leb128(integer.signed(), register(field, want, scope),
                        isTime(field, integer.clock()));
                case WideStringType string -> new FieldReader.WideText(string.unitBytes());
                case StringType string -> new FieldReader.Text(want == null ? FieldReader.UNWANTED : assign(want.register(), 2));
                case StructType struct -> {
                    Symbol symbol = scope.add(field.name(), FieldReader.UNWANTED, struct);
                    yield struct(struct, symbol, false);
                }
                case VariantType variant -> variant(field, variant, scope);
                case ArrayType array -> {
                    found.remove(field.plainName(), array);
                    long bits = fixedBits(array);
                    yield bits != UNFIXED
                            ? new FieldReader.Skip(bits, array.alignBits())
                            : repeat(-1, array.length(), array.alignBits(), array.element(), scope);
                }
                case SequenceType sequence -> sequence(sequence, want, scope);
            };
        }

        private FieldReader bits(Field field, IntegerType integer, Wanted want, Symbol scope) {
            return new FieldReader.Bits(integer.sizeBits(), integer.alignBits(), integer.bigEndian(), integer.signed(),
                    register(field, want, scope), isTime(field, integer));
        }

        private FieldReader sequence(SequenceType sequence, Wanted want, Symbol scope) {
            Symbol length = scopes.resolve(sequence.length(), scope);
            if (!isNumber(length.type()) || length.register() < 0) {
                throw new CtfException("the length '" + String.join(".", sequence.length()) + "' of a sequence is no integer");
            }
            long bits = fixedBits(sequence.element());
            int align = sequence.alignBits();
            if (bits == UNFIXED) {
                return repeat(length.register(), 0, align, sequence.element(), scope);
            }
            boolean text = want != null && want.form() == Form.TEXT;
            return new FieldReader.FixedRepeat(length.register(), align, bits, aligned(bits, align),
                    want == null ? FieldReader.UNWANTED : assign(want.register(), 2), text);
        }

        private FieldReader repeat(int lengthRegister, int length, int align, FieldType type, Symbol scope) {
            int before = fieldsCompiled;
            FieldReader element = element(type, scope);
            return new FieldReader.Repeat(lengthRegister, length, align, element, 1 + (fieldsCompiled - before) / FIELDS_A_UNIT);
        }

        /** Elements are referred to by nobody outside of them. */
        private FieldReader element(FieldType type, Symbol scope) {
            if (++fieldsCompiled > MOST_FIELDS) {
                throw new CtfException("more than " + MOST_FIELDS + " fields in all");
            }
            return field(new Field("", type), null, scope.element(type));
        }

        private FieldReader variant(Field field, VariantType variant, Symbol scope) {
            if (variant.tag() == null) {
                throw new CtfException("the variant '" + field.name() + "' has no tag");
            }
            Symbol tag = scopes.resolve(variant.tag(), scope);
            List<EnumType.Range> labels = variant.selector() != null ? variant.selector()
                    : tag.type() instanceof EnumType named ? named.ranges() : null;
            if (labels == null || !isNumber(tag.type()) || tag.register() < 0) {
                throw new CtfException("the tag '" + String.join(".", variant.tag()) + "' of a variant is no enumeration");
            }
            Symbol symbol = scope.add(field.name(), FieldReader.UNWANTED, variant);
            int before = assigned.size();
            FieldReader[] options = new FieldReader[variant.options().size()];
            Map<String, Integer> places = new HashMap<>();
            for (int i = 0; i < options.length; i++) {
                Field option = variant.options().get(i);
                if (++fieldsCompiled > MOST_FIELDS) {
                    throw new CtfException("more than " + MOST_FIELDS + " fields in all");
                }
                options[i] = field(option, header ? wanted(option) : null, symbol);
                places.putIfAbsent(option.plainName(), i);
                places.put(option.name(), i);
            }
            List<EnumType.Range> ranges = labels.stream()
                    .filter(range -> place(places, range.label()) != null).toList();
            int[] cleared = assigned.subList(before, assigned.size()).stream().mapToInt(Integer::intValue).toArray();
            return new FieldReader.Variant(tag.register(), isSigned(tag.type()),
                    ranges.stream().mapToLong(EnumType.Range::low).toArray(),
                    ranges.stream().mapToLong(EnumType.Range::high).toArray(),
                    ranges.stream().mapToInt(range -> place(places, range.label())).toArray(), options, cleared);
        }

        private static Integer place(Map<String, Integer> places, String label) {
            Integer exact = places.get(label);
            return exact != null ? exact : places.get(Field.plain(label));
        }
    }

    private static boolean isNumber(FieldType type) {
        return type instanceof IntegerType || type instanceof EnumType || type instanceof VariableIntegerType;
    }

    private static boolean isSigned(FieldType number) {
        return number instanceof IntegerType integer && integer.signed()
                || number instanceof EnumType labels && labels.container().signed()
                || number instanceof VariableIntegerType variable && variable.signed();
    }

    private static FieldType elementOf(FieldType type) {
        return switch (type) {
            case ArrayType array -> array.element();
            case SequenceType sequence -> sequence.element();
            default -> null;
        };
    }
}
