package ktrace.linux.child;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import ktrace.linux.Native;
import ktrace.linux.Syscalls;
import ktrace.linux.uapi.Uapi;

/**
 * The environment of a command, environ(7): byte for byte what ktrace was given, which System.getenv() is not; but what ktrace's
 * launcher put into it for the JVM is left out.
 */
final class Environ {
    private static final int FACCESSAT = Syscalls.number("faccessat");
    /** _CS_PATH of confstr(3), where execvp(3) looks when there is no PATH. */
    private static final String USUAL_PATH = "/bin:/usr/bin";

    private final List<byte[]> entries;

    /** @param entries {@code NAME=value} */
    Environ(List<byte[]> entries) {
        this.entries = List.copyOf(entries);
    }

    @SuppressWarnings("restricted") // a pointer variable of the C library, and what it points to
    static Environ current() {
        List<byte[]> entries = new ArrayList<>();
        MemorySegment all = Native.LINKER.defaultLookup().findOrThrow("environ").reinterpret(ADDRESS.byteSize()).get(ADDRESS, 0)
                .reinterpret(Long.MAX_VALUE);
        boolean lent = System.getenv("KTRACE_LENT") != null;
        for (long at = 0; all.get(ADDRESS, at).address() != 0; at += ADDRESS.byteSize()) {
            MemorySegment text = all.get(ADDRESS, at).reinterpret(Long.MAX_VALUE);
            long length = 0;
            while (text.get(JAVA_BYTE, length) != 0) {
                length++;
            }
            byte[] entry = text.asSlice(0, length).toArray(JAVA_BYTE);
            if (!lent || !startsWith(entry, "KTRACE_LENT=") && !startsWith(entry, "_JAVA_SR_SIGNUM=")) {
                entries.add(entry);
            }
        }
        return new Environ(entries);
    }

    List<byte[]> entries() {
        return entries;
    }

    /**
     * The file that is meant by the name of a program, as execvp(3) looks for it along PATH: the first that may be executed; when
     * there is none, one whose exec fails for the right reason.
     */
    byte[] find(byte[] name) {
        byte[] refused = null;
        byte[] missing = name;
        if (indexOf(name, '/', 0) < 0) {
            byte[] path = path();
            for (int from = 0; from <= path.length;) {
                int colon = indexOf(path, ':', from);
                int end = colon < 0 ? path.length : colon;
                byte[] file = from == end ? name : concat(Arrays.copyOfRange(path, from, end), "/", name);
                long denied = access(file, Uapi.X_OK());
                // A directory may be "executed" as well, and is not what is looked for.
                if (denied == 0 && access(concat(file, "/", new byte[0]), 0) < 0) {
                    return file;
                }
                if (denied == -Uapi.ENOENT() || denied == -Uapi.ENOTDIR()) {
                    missing = file;
                } else if (refused == null) {
                    refused = file;
                }
                from = end + 1;
            }
        }
        return refused == null ? missing : refused;
    }

    private byte[] path() {
        return entries.stream().filter(entry -> startsWith(entry, "PATH=")).findFirst()
                .map(entry -> Arrays.copyOfRange(entry, "PATH=".length(), entry.length))
                .orElse(USUAL_PATH.getBytes(StandardCharsets.US_ASCII));
    }

    private static long access(byte[] file, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            return Native.syscall(FACCESSAT, Uapi.AT_FDCWD(), text(arena, file).address(), mode);
        }
    }

    /** As C has it. */
    static MemorySegment text(Arena arena, byte[] bytes) {
        MemorySegment text = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, text, JAVA_BYTE, 0, bytes.length);
        return text;
    }

    private static byte[] concat(byte[] directory, String slash, byte[] name) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(directory);
        joined.writeBytes(slash.getBytes(StandardCharsets.US_ASCII));
        joined.writeBytes(name);
        return joined.toByteArray();
    }

    private static int indexOf(byte[] text, char c, int from) {
        for (int i = from; i < text.length; i++) {
            if (text[i] == c) {
                return i;
            }
        }
        return -1;
    }

    private static boolean startsWith(byte[] text, String prefix) {
        byte[] bytes = prefix.getBytes(StandardCharsets.US_ASCII);
        return text.length >= bytes.length && Arrays.equals(text, 0, bytes.length, bytes, 0, bytes.length);
    }
}
