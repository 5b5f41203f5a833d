package ktrace.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The kernel's types as a kernel of other times might tell them: a file that stands in place of its own for one program. */
final class HiddenTypes {
    static final Path OWN = Path.of("/sys/kernel/btf/vmlinux");

    private static final int HEADER_BYTES = 24;
    private static final int TYPE_BYTES = 12;
    private static final int STRUCT = 4;
    /** By kind (Documentation/bpf/btf.rst), what follows a type, and what follows for each of what it consists of. */
    private static final int[] MORE = {0, 4, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0};
    private static final int[] MORE_OF_EACH = {0, 0, 0, 0, 12, 12, 8, 0, 0, 0, 0, 0, 0, 8, 0, 12, 0, 0, 0, 12};

    private final byte[] bytes;

    private HiddenTypes(byte[] bytes) {
        this.bytes = bytes;
    }

    static HiddenTypes ofRunningKernel() throws IOException {
        return new HiddenTypes(Files.readAllBytes(OWN));
    }

    /** Has what is called {@code name} be called otherwise. */
    HiddenTypes without(String name) {
        byte[] wanted = ("\0" + name + "\0").getBytes(StandardCharsets.US_ASCII);
        for (int at = bytes.length - wanted.length; at >= 0; at--) {
            if (java.util.Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
                bytes[at + 1] = '?';
                return this;
            }
        }
        throw new AssertionError("the kernel has nothing of the name " + name);
    }

    /** Has a field lie where its struct has ended. */
    HiddenTypes withFieldBehindItsEnd(String struct, String field) {
        ByteBuffer types = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        int names = HEADER_BYTES + types.getInt(16);
        int end = HEADER_BYTES + types.getInt(8) + types.getInt(12);
        for (int at = HEADER_BYTES + types.getInt(8); at < end;) {
            int kind = types.getInt(at + 4) >>> 24 & 0x1f;
            int length = types.getInt(at + 4) & 0xffff;
            if (kind == STRUCT && isAt(names + types.getInt(at), struct)) {
                for (int member = at + TYPE_BYTES; member < at + TYPE_BYTES + 12 * length; member += 12) {
                    if (isAt(names + types.getInt(member), field)) {
                        types.putInt(member + 8, 8 * types.getInt(at + 8));
                        return this;
                    }
                }
            }
            at += TYPE_BYTES + MORE[kind] + MORE_OF_EACH[kind] * length;
        }
        throw new AssertionError("the kernel has no " + struct + "." + field);
    }

    private boolean isAt(int at, String name) {
        byte[] wanted = (name + "\0").getBytes(StandardCharsets.US_ASCII);
        return java.util.Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
    }

    /** Where they are written. */
    Path writtenTo(Path file) throws IOException {
        return Files.write(file, bytes);
    }

    /** The command on a kernel that tells no types. */
    static List<String> none(List<String> command) {
        return mounted("mount -t tmpfs \"$0\" " + OWN.getParent(), "tmpfs", command);
    }

    /** The command with {@code file} in place of the kernel's types. */
    static List<String> inPlace(Path file, List<String> command) {
        return mounted("mount --bind \"$0\" " + OWN, file.toString(), command);
    }

    private static List<String> mounted(String how, String what, List<String> command) {
        List<String> words = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", how + " && exec \"$@\"", what));
        words.addAll(command);
        return words;
    }
}
