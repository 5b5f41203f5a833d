package ktrace.ctf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps the latest packets in memory, and writes them when it is asked to. They are kept in two generations, each at most half of what
 * may be kept: when one more packet would be too much for the younger, the elder is dropped and a new one begins. Metadata is kept
 * whole, so all ids stay valid.
 *
 * <p>The first directory is made at once, so that a wrong one is refused before anything happened; later ones are named DIR.1, DIR.2.
 * The threads of all streams come here; while one of them writes, the others wait if they have a packet to hand on.
 */
final class FlightSink implements PacketSink, AutoCloseable {
    private final String path;
    private final boolean force;
    private final List<String> files;
    private final Consumer<String> told;
    private final long halfBytes;
    private final StringBuilder metadata = new StringBuilder();
    private volatile Runnable begun = () -> { };
    private volatile boolean asked;
    private TraceDirectory first;
    private Generation elder = new Generation();
    private Generation younger = new Generation();
    private int writings;
    private long writtenBytes;
    private long droppedBytes;
    private boolean whole = true;

    private record Held(String file, MemorySegment bytes) {
    }

    /** Packets outside the Java heap, given back all at once. */
    private static final class Generation {
        private final Arena arena = Arena.ofShared();
        private final List<Held> packets = new ArrayList<>();
        private long bytes;

        void add(String file, MemorySegment packet, long sizeBytes) {
            packets.add(new Held(file, arena.allocate(sizeBytes, Long.BYTES).copyFrom(packet.asSlice(0, sizeBytes))));
            bytes += sizeBytes;
        }
    }

    /**
     * Makes the first directory.
     *
     * @param sizeBytes how much may be kept in all
     * @throws CtfException when it cannot be made, in one line
     */
    FlightSink(String path, boolean force, List<String> files, long sizeBytes, Consumer<String> told) {
        this.path = path.replaceFirst("(?<=.)/+$", "");
        this.force = force;
        this.files = files;
        this.told = told;
        halfBytes = sizeBytes / 2;
        first = TraceDirectory.create(this.path, force, files, told);
    }

    /** @param action told, on a writer's thread, that a generation has begun which nobody's state is told in yet */
    void onGeneration(Runnable action) {
        begun = action;
    }

    @Override
    public synchronized void metadata(String text) {
        metadata.append(text);
    }

    @Override
    public void packet(String file, MemorySegment packet, long sizeBytes) {
        if (keep(file, packet, sizeBytes)) {
            begun.run();
        }
    }

    private synchronized boolean keep(String file, MemorySegment packet, long sizeBytes) {
        if (sizeBytes > halfBytes) {
            // For one packet that is larger than what may be kept, nothing else is given up.
            droppedBytes += sizeBytes;
            return false;
        }
        boolean next = younger.bytes + sizeBytes > halfBytes;
        if (next) {
            droppedBytes += elder.bytes;
            elder.arena.close();
            elder = younger;
            younger = new Generation();
        }
        younger.add(file, packet, sizeBytes);
        return next;
    }

    /** Asks for what is kept to be written at the end of the interval. Any thread. */
    void ask() {
        asked = true;
    }

    /** The writer of events has handed on all it had: if that was asked for, everything is written. */
    void flushed() {
        if (asked) {
            asked = false;
            write();
        }
    }

    /** Writes what is kept, and goes on keeping it; tells where, or why not. */
    synchronized void write() {
        String name = writings == 0 ? path : path + '.' + writings;
        writings++;
        try (TraceDirectory directory = first != null ? first : TraceDirectory.create(name, force, files, told)) {
            first = null;
            directory.metadata(metadata.toString());
            for (Generation generation : List.of(elder, younger)) {
                generation.packets.forEach(packet -> directory.packet(packet.file(), packet.bytes(), packet.bytes().byteSize()));
            }
            writtenBytes += directory.bytes();
            whole &= !directory.isBroken();
            if (!directory.isBroken()) {
                told.accept("wrote the last " + directory.bytes() + " bytes to " + name);
            }
        } catch (CtfException e) {
            whole = false;
            told.accept("cannot write what was last seen: " + e.getMessage());
        }
    }

    /** What is kept now. */
    synchronized long keptBytes() {
        return elder.bytes + younger.bytes;
    }

    /** What has been kept and was dropped for something younger. */
    synchronized long droppedBytes() {
        return droppedBytes;
    }

    /** What was written in all. */
    synchronized long bytes() {
        return writtenBytes;
    }

    /** False when something asked for could not be written. */
    synchronized boolean isWhole() {
        return whole;
    }

    @Override
    public synchronized void close() {
        if (first != null) {
            first.close();
        }
        elder.arena.close();
        younger.arena.close();
    }
}
