package ktrace.linux.terminal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import ktrace.linux.Errno;
import ktrace.linux.Native;
import ktrace.linux.Syscalls;
import ktrace.linux.uapi.Uapi;

/**
 * Standard output, standard error or another descriptor that ktrace was started with, unbuffered, by write(2).
 * Unlike System.out it tells of errors, and unlike
 * {@link java.io.FileOutputStream} it tells by a {@link ReaderGoneException} that the reader of a pipe has gone: the text of its
 * exception is in the language of the locale.
 *
 * <p>Used by one thread at a time. Closing does nothing: the descriptor is the process's.
 */
public final class StandardStream extends OutputStream {
    private static final int WRITE = Syscalls.number("write");
    private static final int CHUNK_BYTES = 1 << 16;

    private final int fd;
    private final MemorySegment chunk = Arena.ofAuto().allocate(CHUNK_BYTES);

    private StandardStream(int fd) {
        this.fd = fd;
    }

    /** Descriptor 1. */
    public static StandardStream output() {
        return new StandardStream(1);
    }

    /** Descriptor 2. */
    public static StandardStream error() {
        return new StandardStream(2);
    }

    /** Any other. */
    public static StandardStream of(int fd) {
        return new StandardStream(fd);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        Objects.checkFromIndexSize(from, count, bytes.length);
        for (int done = 0; done < count;) {
            int size = Math.min(count - done, CHUNK_BYTES);
            MemorySegment.copy(bytes, from + done, chunk, JAVA_BYTE, 0, size);
            long result = Native.syscall(WRITE, fd, chunk.address(), size);
            if (result == -Uapi.EPIPE()) {
                throw new ReaderGoneException();
            }
            if (result < 0 && result != -Uapi.EINTR()) {
                throw new IOException(Errno.describe((int) -result));
            }
            done += (int) Math.max(0, result);
        }
    }
}
