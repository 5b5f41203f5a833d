package ktrace.bpf.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

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
 * when it is asked for.
 */
public final class Btf {
    private static final Path RUNNING = Path.of("/sys/kernel/btf/vmlinux");

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

    private final ByteBuffer types;
    private final ByteBuffer names;
    /** By number, where the type lies. */
    private int[] places = new int[1 << 17];
    private int count = 1;
    private final Map<String, Integer> found = new HashMap<>();

    /** The running kernel's; {@code wanted} are the names of the types that will be asked for. */
    public static Btf ofRunningKernel(Set<String> wanted) {
        try {
            return new Btf(Files.readAllBytes(RUNNING), wanted);
        } catch (IOException e) {
            throw new BpfException("the kernel does not tell its types in " + RUNNING
                    + ": it was built without CONFIG_DEBUG_INFO_BTF, or /sys is not mounted");
        }
    }

    Btf(byte[] all, Set<String> wanted) {
        ByteBuffer header = ByteBuffer.wrap(all).order(ByteOrder.nativeOrder());
        if (all.length < 24 || (header.getShort(0) & 0xffff) != 0xeb9f) {
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
        long[] beginnings = wanted.stream().mapToLong(name -> beginning(name.getBytes(StandardCharsets.UTF_8))).sorted().toArray();
        int at = 0;
        while (at + TYPE_BYTES <= types.limit()) {
            if (count == places.length) {
                places = Arrays.copyOf(places, 2 * count);
            }
            places[count] = at;
            int name = types.getInt(at);
            // Most names are told from all that are wanted by their first bytes.
            if (name != 0 && Arrays.binarySearch(beginnings, beginning(names, name)) >= 0) {
                String text = name(count);
                if (wanted.contains(text)) {
                    found.putIfAbsent(kind(count) + " " + text, count);
                }
            }
            Kind kind = kind(count);
            at += TYPE_BYTES + kind.moreBytes + kind.bytesOfEach * length(count);
            count++;
        }
    }

    /** The first bytes of a name, little end first, nothing behind its end. */
    private static long beginning(byte[] name) {
        long first = 0;
        for (int i = 0; i < Math.min(8, name.length); i++) {
            first |= (name[i] & 0xffL) << (8 * i);
        }
        return first;
    }

    private static long beginning(ByteBuffer names, int at) {
        long first = 0;
        for (int i = 0; i < 8; i++) {
            byte b = names.get(at + i);
            if (b == 0) {
                break;
            }
            first |= (b & 0xffL) << (8 * i);
        }
        return first;
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
            long member = type == 0 ? -1 : member(type, name, 0);
            if (member < 0) {
                return null;
            }
            offset += (int) (member >>> 32);
            type = resolved((int) member);
        }
        return new Field(offset, sizeOf(type));
    }

    /** Offset in bytes in the upper half, type in the lower; -1 when there is none. Looks into what has no name. */
    private long member(int struct, String name, int offset) {
        boolean bitSizes = types.getInt(places[struct] + 4) < 0;
        for (int i = 0; i < length(struct); i++) {
            int at = places[struct] + TYPE_BYTES + 12 * i;
            int bits = types.getInt(at + 8);
            int memberOffset = offset + (bitSizes ? bits & 0xffffff : bits) / 8;
            int type = types.getInt(at + 4);
            String memberName = text(types.getInt(at));
            if (memberName.equals(name)) {
                return (long) memberOffset << 32 | type;
            }
            if (memberName.isEmpty() && isComposite(resolved(type))) {
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
            throw new BpfException("the kernel tells of a kind of type that ktrace does not know (" + number + ")");
        }
        return Kind.ALL[number];
    }

    private int length(int type) {
        return types.getInt(places[type] + 4) & 0xffff;
    }

    private String name(int type) {
        return text(types.getInt(places[type]));
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
}
