package ktrace.ctf.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import ktrace.ctf.CtfException;
import ktrace.ctf.layout.PacketCursor;
import ktrace.linux.files.FileErrors;

/**
 * Brings the bytes of one packet after the other from a file into the window of a {@link PacketCursor}. The window grows only when
 * an event does not fit into it, so memory depends neither on the size of the file nor on what a packet says of its size.
 *
 * <p>Used by one thread; allocates only while the window grows.
 */
final class PacketFile implements AutoCloseable {
    private static final int FIRST_WINDOW_BYTES = 128 << 10;
    /** No event of a kernel comes near: LTTng's must fit into a part of its ring buffer. */
    private static final int LARGEST_WINDOW_BYTES = 16 << 20;

    private final Path path;
    private final FileChannel channel;
    private final PacketCursor cursor;
    private ByteBuffer window = ByteBuffer.allocate(0);
    /** Which bytes of the file the window holds. */
    private long windowFrom;
    private int windowBytes;
    /** Where the packet begins in the file, and how much of its content is to be read, which may be more than the file has. */
    private long packetFrom;
    private long contentBits;

    PacketFile(Path path, PacketCursor cursor) {
        this.path = path;
        this.cursor = cursor;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    Path path() {
        return path;
    }

    long sizeBytes() {
        try {
            return channel.size();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Goes to the packet that begins at {@code start}; how much of it there is, is not known yet. */
    void openPacket(long start) {
        packetFrom = start;
        contentBits = Long.MAX_VALUE;
        if (start < windowFrom || start > windowFrom + windowBytes) {
            windowFrom = start;
            windowBytes = 0;
        }
        if (window.capacity() == 0) {
            resize(Math.clamp(sizeBytes() - start, 4096, FIRST_WINDOW_BYTES));
            fill();
        }
        cursor.originBits = (start - windowFrom) * 8;
        cursor.positionBits = cursor.originBits;
        limit();
    }

    /** The packet's own header has told how many bits its content has. */
    void setContent(long bits) {
        contentBits = bits;
        limit();
    }

    /** Whether everything up to the content's end has been read. */
    boolean atEnd() {
        return cursor.positionBits - cursor.originBits >= contentBits;
    }

    /**
     * Moves the window on so that it begins at {@code bits}, a place in the window before, and goes further than it did. The cursor
     * is put to that place.
     *
     * @return false when there is nothing more: the content ends, the file does, or the event is larger than any window
     */
    boolean advance(long bits) {
        cursor.positionBits = bits;
        if (windowBytes * 8L - cursor.originBits >= contentBits) {
            return false;
        }
        int shift = (int) (bits / 8);
        if (shift == 0 && windowBytes == window.capacity()) {
            if (window.capacity() >= LARGEST_WINDOW_BYTES) {
                return false;
            }
            resize(Math.min(LARGEST_WINDOW_BYTES, 2 * window.capacity()));
        } else if (shift > 0) {
            System.arraycopy(cursor.data, shift, cursor.data, 0, windowBytes - shift);
            windowFrom += shift;
            windowBytes -= shift;
            cursor.positionBits -= shift * 8L;
            cursor.originBits -= shift * 8L;
        }
        boolean more = fill();
        limit();
        return more;
    }

    private void resize(int bytes) {
        byte[] larger = Arrays.copyOf(cursor.data, bytes);
        cursor.data = larger;
        window = ByteBuffer.wrap(larger);
    }

    /** Reads what fits, following packets included; gives whether anything came. */
    private boolean fill() {
        int before = windowBytes;
        try {
            while (windowBytes < window.capacity()) {
                window.limit(window.capacity()).position(windowBytes);
                int read = channel.read(window, windowFrom + windowBytes);
                if (read <= 0) {
                    break;
                }
                windowBytes += read;
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        return windowBytes > before;
    }

    private void limit() {
        long windowBits = windowBytes * 8L;
        cursor.limitBits = contentBits > windowBits - cursor.originBits ? windowBits : cursor.originBits + contentBits;
    }

    private CtfException unreadable(IOException e) {
        return new CtfException("cannot read " + path + ": " + FileErrors.reason(e), e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }
}
