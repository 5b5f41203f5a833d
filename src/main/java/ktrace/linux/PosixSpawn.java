package ktrace.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import ktrace.linux.uapi.Uapi;

/** posix_spawn(3), with the one set of file actions that {@link HeldProcess} wants. */
final class PosixSpawn {
    /** Room for posix_spawn_file_actions_t (80 bytes in glibc, 64-bit) and posix_spawnattr_t (336), whatever the C library. */
    private static final long OPAQUE_BYTES = 1024;
    /** Room for a sigset_t (128 bytes in glibc). */
    private static final long SIGSET_BYTES = 1024;

    /** How many more descriptors the JVM may have open at the fork than a moment before. */
    private static final int LATECOMERS = 32;

    private PosixSpawn() {
    }

    /**
     * Starts a program; returns when it has been exec'ed, or when that failed.
     *
     * @param fifo opened for reading in the child before the exec, and closed again
     * @param handedDown descriptors above standard error that the program shall have; it gets no others
     * @return 0 or an errno
     */
    static int spawn(byte[][] argv, String fifo, Set<Integer> handedDown) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(OPAQUE_BYTES, 16);
            MemorySegment attributes = arena.allocate(OPAQUE_BYTES, 16);
            MemorySegment pid = arena.allocate(JAVA_INT);
            int gate = 3;
            while (handedDown.contains(gate)) {
                gate++;
            }
            MemorySegment vector = arena.allocate(ADDRESS, argv.length + 1L);
            for (int i = 0; i < argv.length; i++) {
                MemorySegment word = arena.allocate(argv[i].length + 1L);
                MemorySegment.copy(argv[i], 0, word, JAVA_BYTE, 0, argv[i].length);
                vector.setAtIndex(ADDRESS, i, word);
            }
            call("posix_spawn_file_actions_init", actions);
            call("posix_spawnattr_init", attributes);
            int error = (int) handle("posix_spawn_file_actions_addopen", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT)
                    .invokeExact(actions, gate, arena.allocateFrom(fifo), Uapi.O_RDONLY(), 0);
            if (error == 0) {
                error = (int) handle("posix_spawn_file_actions_addclose", ADDRESS, JAVA_INT).invokeExact(actions, gate);
            }
            // What another thread of the JVM has open at the moment of the fork, a file in /proc or a class, is copied as well; a
            // number that is not open is passed over.
            MethodHandle close = handle("posix_spawn_file_actions_addclose", ADDRESS, JAVA_INT);
            // posix_spawn refuses numbers that the limit does not allow.
            long end = Math.min(highestDescriptor() + LATECOMERS, Processes.limit(0, Uapi.RLIMIT_NOFILE()).soft() & Long.MAX_VALUE);
            for (int fd = 3; fd < end && error == 0; fd++) {
                if (fd != gate && !handedDown.contains(fd)) {
                    error = (int) close.invokeExact(actions, fd);
                }
            }
            if (error == 0) {
                error = (int) handle("posix_spawnattr_setsigmask", ADDRESS, ADDRESS).invokeExact(attributes, originalMask(arena));
            }
            if (error == 0) {
                error = (int) handle("posix_spawnattr_setflags", ADDRESS, JAVA_SHORT)
                        .invokeExact(attributes, (short) Uapi.POSIX_SPAWN_SETSIGMASK());
            }
            if (error != 0) {
                return error;
            }
            return (int) handle("posix_spawnp", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS)
                    .invokeExact(pid, vector.get(ADDRESS, 0), actions, attributes, vector, environment(arena));
        } catch (Throwable t) {
            throw new AssertionError("a downcall does not throw", t);
        }
    }

    /** The highest number that is open. What the gate's number is in the JVM does not matter: the child is to find only its own. */
    private static int highestDescriptor() {
        int highest = 2;
        String[] names = new java.io.File("/proc/self/fd").list();
        for (String name : names == null ? new String[0] : names) {
            highest = Math.max(highest, Integer.parseInt(name));
        }
        return highest;
    }

    private static void call(String function, MemorySegment argument) throws Throwable {
        int ignored = (int) handle(function, ADDRESS).invokeExact(argument);
    }

    @SuppressWarnings("restricted") // what this package is for
    private static MethodHandle handle(String function, java.lang.foreign.MemoryLayout... arguments) {
        return Native.LINKER.downcallHandle(Native.LINKER.defaultLookup().findOrThrow(function),
                FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /**
     * The C library's own {@code environ}: byte for byte what ktrace was given, which System.getenv() is not; but what ktrace's
     * launcher put into it for the JVM is left out.
     */
    @SuppressWarnings("restricted") // a pointer variable of the C library, and what it points to
    private static MemorySegment environment(Arena arena) {
        MemorySegment environ = Native.LINKER.defaultLookup().findOrThrow("environ").reinterpret(ADDRESS.byteSize())
                .get(ADDRESS, 0);
        if (System.getenv("KTRACE_LENT") == null) {
            return environ;
        }
        List<MemorySegment> kept = new ArrayList<>();
        MemorySegment all = environ.reinterpret(Long.MAX_VALUE);
        for (long at = 0; all.get(ADDRESS, at).address() != 0; at += ADDRESS.byteSize()) {
            MemorySegment entry = all.get(ADDRESS, at);
            String text = entry.reinterpret(Long.MAX_VALUE).getString(0, StandardCharsets.ISO_8859_1);
            if (!text.startsWith("KTRACE_LENT=") && !text.startsWith("_JAVA_SR_SIGNUM=")) {
                kept.add(entry);
            }
        }
        MemorySegment copy = arena.allocate(ADDRESS, kept.size() + 1L);
        for (int i = 0; i < kept.size(); i++) {
            copy.setAtIndex(ADDRESS, i, kept.get(i));
        }
        return copy;
    }

    /** The mask of the first thread, which the JVM only waits in: the one ktrace was started with. */
    private static MemorySegment originalMask(Arena arena) throws IOException {
        MemorySegment mask = arena.allocate(SIGSET_BYTES, 8);
        for (String line : Files.readAllLines(Path.of("/proc/self/task/" + Processes.getpid() + "/status"))) {
            if (line.startsWith("SigBlk:")) {
                mask.set(JAVA_LONG, 0, Long.parseUnsignedLong(line.substring(7).strip(), 16));
            }
        }
        return mask;
    }
}
