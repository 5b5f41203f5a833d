package ktrace.ctf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Brings the bytes of one packet after the other from a file into the window of a {@link PacketCursor}. The window grows only when an
 * event does not fit into it, so memory depends neither on the size of the file nor on what a packet says of its size.
 *
 * <p>Used by one thread; allocates only while the window grows.
 */
final class PacketFile implements AutoCloseable {
    private static final int FIRST_WINDOW_BYTES = 128 << 10;
    /** No event of a kernel comes near: LTTng's must fit into a part of its ring buffer. */
    private static final int LARGEST_WINDOW_BYTES = 16 << 20;
    private static final int STEP_BYTES = TsdlLimits.ALIGN_BITS / 8;

    private final Path path;
    private final FileChannel channel;
    private final PacketCursor cursor;
    private ByteBuffer window = ByteBuffer.allocate(0);
    /** Where the packet begins in the file, and how much of its content is to be read; what is asked for may lie beyond the file. */
    private long packetStart;
    private long contentBytes;
    private long contentBits;
    /** Where the window begins in the packet. */
    private long windowStart;
    private int windowBytes;

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
        packetStart = start;
        windowStart = 0;
        windowBytes = 0;
        setContent(Long.MAX_VALUE / 8);
        cursor.positionBits = 0;
        if (window.capacity() == 0) {
            resize((int) Math.min(FIRST_WINDOW_BYTES, Math.max(4096, sizeBytes() - start)));
        }
        fill();
    }

    /** The packet's own header has told how many bits its content has. */
    void setContent(long bits) {
        contentBits = bits;
        contentBytes = (bits + 7) / 8;
        limit();
    }

    /** Whether everything up to the content's end has been read. */
    boolean atEnd() {
        return windowStart * 8 + cursor.positionBits >= contentBits;
    }

    /**
     * Moves the window on so that it begins near {@code bits}, a place in the window before, and goes further than it did. The cursor
     * is put to that place.
     *
     * @return false when there is nothing more: the content ends, the file does, or the event is larger than any window
     */
    boolean advance(long bits) {
        cursor.positionBits = bits;
        if (windowStart + windowBytes >= contentBytes) {
            return false;
        }
        int shift = (int) Math.min(windowBytes, bits / 8) / STEP_BYTES * STEP_BYTES;
        if (shift == 0 && windowBytes == window.capacity()) {
            if (window.capacity() >= LARGEST_WINDOW_BYTES) {
                return false;
            }
            resize(Math.min(LARGEST_WINDOW_BYTES, 2 * window.capacity()));
        } else if (shift > 0) {
            System.arraycopy(cursor.data, shift, cursor.data, 0, windowBytes - shift);
            windowStart += shift;
            windowBytes -= shift;
            cursor.positionBits -= shift * 8L;
        }
        return fill();
    }

    private void resize(int bytes) {
        byte[] larger = Arrays.copyOf(cursor.data, bytes);
        cursor.data = larger;
        window = ByteBuffer.wrap(larger);
    }

    /** Reads what fits; gives whether anything came. */
    private boolean fill() {
        int before = windowBytes;
        int wanted = (int) Math.min(window.capacity(), contentBytes - windowStart);
        try {
            while (windowBytes < wanted) {
                window.limit(wanted).position(windowBytes);
                int read = channel.read(window, packetStart + windowStart + windowBytes);
                if (read <= 0) {
                    break;
                }
                windowBytes += read;
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        limit();
        return windowBytes > before;
    }

    private void limit() {
        cursor.limitBits = Math.min(windowBytes * 8L, contentBits - windowStart * 8);
    }

    private CtfException unreadable(IOException e) {
        return new CtfException("cannot read " + path + ": " + e.getMessage(), e);
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
