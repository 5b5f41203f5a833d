package ktrace.bpf.kernel;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import ktrace.bpf.kernel.Btf.Kind;

/** Types of a kernel that need not be the running one, written down one by one. */
public final class MadeUpBtf {
    private final List<int[]> types = new ArrayList<>();
    private final ByteArrayOutputStream names = new ByteArrayOutputStream();

    public MadeUpBtf() {
        names.write(0);
    }

    /** Where a name stands, for what follows a type. */
    public int name(String name) {
        int at = names.size();
        names.writeBytes((name + "\0").getBytes(StandardCharsets.UTF_8));
        return name.isEmpty() ? 0 : at;
    }

    /** Adds a type; gives its number. */
    public int type(Kind kind, String name, int sizeOrType, int length, int... more) {
        int[] type = {name(name), kind.ordinal() << 24 | length, sizeOrType};
        int[] all = Arrays.copyOf(type, 3 + more.length);
        System.arraycopy(more, 0, all, 3, more.length);
        types.add(all);
        return types.size();
    }

    /** Has the members of the last type tell how many bits each takes. */
    void lastHasBitSizes() {
        types.getLast()[1] |= 1 << 31;
    }

    byte[] bytes() {
        int typeBytes = 4 * types.stream().mapToInt(type -> type.length).sum();
        ByteBuffer all = ByteBuffer.allocate(24 + typeBytes + names.size()).order(ByteOrder.nativeOrder());
        all.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24).putInt(0).putInt(typeBytes).putInt(typeBytes)
                .putInt(names.size());
        types.forEach(type -> Arrays.stream(type).forEach(all::putInt));
        return all.put(names.toByteArray()).array();
    }

    /** What is read of them. */
    public Btf read(Set<String> wanted) {
        return new Btf(bytes(), wanted);
    }
}
