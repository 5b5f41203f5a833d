package ktrace.bpf.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import ktrace.linux.FileDescriptor;
import ktrace.linux.tracing.BpfAbi;
import java.lang.foreign.MemorySegment;

/** The two types without which the kernel makes no map of tasks: an int, its key, and a long, its value. */
final class OwnTypes {
    static final int KEY = 1;
    static final int VALUE = 2;

    private static final int HEADER_BYTES = 24;
    /** Each an integer: name, kind, size, and how it is encoded. */
    private static final int TYPE_BYTES = 16;
    private static final int SIGNED = 1 << 24;

    private OwnTypes() {
    }

    static byte[] bytes() {
        byte[] names = "\0int\0long\0".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer all = ByteBuffer.allocate(HEADER_BYTES + 2 * TYPE_BYTES + names.length).order(ByteOrder.nativeOrder());
        all.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(HEADER_BYTES);
        all.putInt(0).putInt(2 * TYPE_BYTES).putInt(2 * TYPE_BYTES).putInt(names.length);
        integer(all, 1, Integer.BYTES);
        integer(all, 5, Long.BYTES);
        return all.put(names).array();
    }

    private static void integer(ByteBuffer to, int name, int sizeBytes) {
        to.putInt(name).putInt(Btf.Kind.INT.ordinal() << 24).putInt(sizeBytes).putInt(SIGNED | 8 * sizeBytes);
    }

    static FileDescriptor load() {
        byte[] bytes = bytes();
        try (Attr attr = new Attr()) {
            MemorySegment blob = attr.allocate(bytes.length);
            MemorySegment.copy(bytes, 0, blob, JAVA_BYTE, 0, bytes.length);
            attr.pointer(BpfAbi.BTF, blob).number(BpfAbi.BTF_SIZE, bytes.length);
            return attr.open(BpfAbi.BTF_LOAD, "tell the kernel the types of BPF maps");
        }
    }
}
