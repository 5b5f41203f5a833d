package ktrace.bpf.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import ktrace.linux.Mapping;
import ktrace.linux.files.FileReads;

/**
 * Types as the kernel tells them (Documentation/bpf/btf.rst): a header, then types one behind the other, numbered from
 * 1, then names.
 *
 * <pre>
 * header    u16 0xeb9f, u8 version, u8 flags, u32 length of header, u32 offset and u32 length of types, the same of names
 * type      u32 name, u32 info (vlen: 16 bits, kind: 5 bits from the 24th, 31st: members have bit sizes), u32 size or type
 * </pre>
 *
 * <p>There are 130,000 of them: one pass finds where each lies and the number of those whose names are wanted; the rest is read
 * when it is asked for. Once read, several threads may ask.
 */
public final class Btf implements AutoCloseable {
    private static final String RUNNING = "/sys/kernel/btf/vmlinux";

    /** Kinds of types, include/uapi/linux/btf.h. */
    public enum Kind {
        VOID(0, 0), INT(4, 0), PTR(0, 0), ARRAY(12, 0), STRUCT(0, 12), UNION(0, 12), ENUM(0, 8), FWD(0, 0), TYPEDEF(0, 0),
        VOLATILE(0, 0), CONST(0, 0), RESTRICT(0, 0), FUNC(0, 0), FUNC_PROTO(0, 8), VAR(4, 0), DATASEC(0, 12), FLOAT(0, 0),
        DECL_TAG(4, 0), TYPE_TAG(0, 0), ENUM64(0, 12);

        private static final Kind[] ALL = values();

        /** What follows a type, besides its first twelve bytes. */
        private final int moreBytes;
        private final int bytesOfEach;

        Kind(int moreBytes, int bytesOfEach) {
            this.moreBytes = moreBytes;
            this.bytesOfEach = bytesOfEach;
        }
    }

    /** Where a field lies in its type. */
    public record Field(int offsetBytes, int sizeBytes) {
    }

    private static final int TYPE_BYTES = 12;
    private static final int HEADER_BYTES = 24;
    private static final int[] MORE_BYTES = Stream.of(Kind.ALL).mapToInt(kind -> kind.moreBytes).toArray();
    private static final int[] BYTES_OF_EACH = Stream.of(Kind.ALL).mapToInt(kind -> kind.bytesOfEach).toArray();

    private final ByteBuffer types;
    private final ByteBuffer names;
    private final Runnable close;
    /** By number, where the type lies. */
    private int[] places = new int[1 << 17];
    private final Map<String, Integer> found = new HashMap<>();

    /**
     * The running kernel's; {@code wanted} are the names of the types that will be asked for. They are read where the kernel has them,
     * which it lets since 6.16: handed out by the page, as before, they take as long as all the rest.
     */
    public static Btf ofRunningKernel(Set<String> wanted) {
        FileReads files = new FileReads();
        Mapping mapping = files.map(RUNNING);
        if (mapping != null) {
            try {
                return new Btf(mapping.memory().asByteBuffer(), wanted, mapping::close);
            } catch (RuntimeException e) {
                mapping.close();
                throw e;
            }
        }
        byte[] copy = files.read(RUNNING);
        if (copy == null) {
            throw new BpfException("the kernel does not tell its types in " + RUNNING
                    + ": it was built without CONFIG_DEBUG_INFO_BTF, or /sys is not mounted");
        }
        return new Btf(copy, wanted);
    }

    Btf(byte[] all, Set<String> wanted) {
        this(ByteBuffer.wrap(all), wanted, () -> { });
    }

    private Btf(ByteBuffer all, Set<String> wanted, Runnable close) {
        this.close = close;
        ByteBuffer header = all.order(ByteOrder.nativeOrder());
        if (all.limit() < HEADER_BYTES || (header.getShort(0) & 0xffff) != 0xeb9f) {
            throw new BpfException("what the kernel tells of its types begins with no BTF header");
        }
        int start = header.getInt(4);
        types = slice(header, start + header.getInt(8), header.getInt(12));
        names = slice(header, start + header.getInt(16), header.getInt(20));
        index(wanted);
    }

    private static ByteBuffer slice(ByteBuffer all, int from, int length) {
        if (from < 0 || length < 0 || from > all.limit() - length) {
            throw new BpfException("what the kernel tells of its types is cut off");
        }
        return all.slice(from, length).order(ByteOrder.nativeOrder());
    }

    private void index(Set<String> wanted) {
        WantedNames names = new WantedNames(wanted);
        int count = 1;
        int at = 0;
        while (at + TYPE_BYTES <= types.limit()) {
            if (count == places.length) {
                places = Arrays.copyOf(places, 2 * count);
            }
            places[count] = at;
            at = step(names, count, at);
            count++;
        }
    }

    /** Looks at one of them; gives where the next is. A method of its own, as such are the first to be compiled. */
    private int step(WantedNames wanted, int type, int at) {
        int name = types.getInt(at);
        int info = types.getInt(at + 4);
        if (name != 0 && wanted.isLikely(names, name)) {
            remember(wanted, type, name);
        }
        int kind = info >>> 24 & 0x1f;
        if (kind >= MORE_BYTES.length) {
            throw unknown(kind);
        }
        return at + TYPE_BYTES + MORE_BYTES[kind] + BYTES_OF_EACH[kind] * (info & 0xffff);
    }

    private void remember(WantedNames wanted, int type, int name) {
        String text = text(name);
        if (wanted.contains(text)) {
            found.putIfAbsent(kind(type) + " " + text, type);
        }
    }

    /** The number of a type that was wanted, or 0. */
    public int find(Kind kind, String name) {
        return found.getOrDefault(kind + " " + name, 0);
    }

    /** The number of a type that was wanted. */
    public int require(Kind kind, String name) {
        int id = find(kind, name);
        if (id == 0) {
            throw new BpfException("this kernel has no type '" + name + "', which the in-kernel collector needs");
        }
        return id;
    }

    /** Whether a path of names leads to a field, from a struct into those that lie in it: {@code se.cfs_rq}. */
    public boolean has(String struct, String path) {
        return at(struct, path) != null;
    }

    /** The field that a path of names leads to. */
    public Field field(String struct, String path) {
        Field field = at(struct, path);
        if (field == null) {
            throw new BpfException("this kernel's " + struct + " has no '" + path + "', which the in-kernel collector needs");
        }
        return field;
    }

    private Field at(String struct, String path) {
        int type = find(Kind.STRUCT, struct);
        int offset = 0;
        for (String name : path.split("\\.")) {
            long member = type == 0 ? -1 : member(type, name.getBytes(StandardCharsets.UTF_8), 0);
            if (member < 0) {
                return null;
            }
            offset += (int) (member >>> 32);
            type = resolved((int) member);
        }
        return new Field(offset, sizeOf(type));
    }

    /** Offset in bytes in the upper half, type in the lower; -1 when there is none. Looks into what has no name. */
    private long member(int struct, byte[] name, int offset) {
        boolean bitSizes = types.getInt(places[struct] + 4) < 0;
        for (int i = 0; i < length(struct); i++) {
            int at = places[struct] + TYPE_BYTES + 12 * i;
            int bits = types.getInt(at + 8);
            int memberOffset = offset + (bitSizes ? bits & 0xffffff : bits) / 8;
            int type = types.getInt(at + 4);
            int memberName = types.getInt(at);
            if (isAt(memberName, name)) {
                return (long) memberOffset << 32 | type;
            }
            if (names.get(memberName) == 0 && isComposite(resolved(type))) {
                long inner = member(resolved(type), name, memberOffset);
                if (inner >= 0) {
                    return inner;
                }
            }
        }
        return -1;
    }

    private boolean isComposite(int type) {
        return kind(type) == Kind.STRUCT || kind(type) == Kind.UNION;
    }

    /** What a typedef or a qualifier stands for. */
    private int resolved(int type) {
        int id = type;
        while (switch (kind(id)) {
            case TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG -> true;
            default -> false;
        }) {
            id = types.getInt(places[id] + 8);
        }
        return id;
    }

    private int sizeOf(int type) {
        int id = resolved(type);
        int at = places[id];
        return switch (kind(id)) {
            case INT, STRUCT, UNION, ENUM, ENUM64, FLOAT -> types.getInt(at + 8);
            case PTR -> Long.BYTES;
            case ARRAY -> types.getInt(at + TYPE_BYTES + 8) * sizeOf(types.getInt(at + TYPE_BYTES));
            default -> 0;
        };
    }

    /** How many arguments a tracepoint hands over: those of the function that its {@code btf_trace_} type points to, less one. */
    public int tracepointArguments(int typedef) {
        int pointer = resolved(typedef);
        return length(resolved(types.getInt(places[pointer] + 8))) - 1;
    }

    /** Where a variable that each CPU has for itself lies among those; -1 when that is not told. */
    public int perCpuVariable(String name) {
        int section = find(Kind.DATASEC, ".data..percpu");
        int variable = find(Kind.VAR, name);
        for (int i = 0; section != 0 && i < length(section); i++) {
            int at = places[section] + TYPE_BYTES + 12 * i;
            if (types.getInt(at) == variable) {
                return types.getInt(at + 4);
            }
        }
        return -1;
    }

    private Kind kind(int type) {
        int number = type == 0 ? 0 : types.getInt(places[type] + 4) >>> 24 & 0x1f;
        if (number >= Kind.ALL.length) {
            throw unknown(number);
        }
        return Kind.ALL[number];
    }

    private static BpfException unknown(int kind) {
        return new BpfException("the kernel tells of a kind of type that ktrace does not know (" + kind + ")");
    }

    private int length(int type) {
        return types.getInt(places[type] + 4) & 0xffff;
    }

    private String name(int type) {
        return text(types.getInt(places[type]));
    }

    private boolean isAt(int at, byte[] name) {
        for (int i = 0; i < name.length; i++) {
            if (names.get(at + i) != name[i]) {
                return false;
            }
        }
        return names.get(at + name.length) == 0;
    }

    private String text(int at) {
        int end = at;
        while (names.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - at];
        names.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Nothing is asked for any more: it is some megabytes. */
    @Override
    public void close() {
        close.run();
    }
}
