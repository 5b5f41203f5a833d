package ktrace.ctf.write;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import ktrace.ctf.CtfException;

/**
 * Keeps the latest packets in memory, and writes them when it is asked to. They are kept in two generations. When the younger has
 * grown to somewhat less than half of what may be kept, somebody is told, who has the state of the system told anew; with that a
 * new generation begins, and the eldest is dropped: what is kept begins with the state, as a recording does that is begun at that
 * moment. Should the state be late, packets go on being kept, in a generation without it where room is lacking. Metadata is kept
 * whole, so all ids stay valid.
 *
 * <p>The first directory is made at once, so that a wrong one is refused before anything happened; later ones are named DIR.1,
 * DIR.2. The threads of all streams come here, and none of them waits for a disk: a thread of its own writes what was kept when it
 * was asked for, while they go on. What it still writes stays in memory, so until it has done, that may be twice what may be kept.
 */
final class FlightSink implements PacketSink, AutoCloseable {
    private final String path;
    private final boolean force;
    private final List<String> files;
    private final Consumer<String> told;
    private final long sizeBytes;
    /** Of the last generation when the next is to begin. */
    private final long fullBytes;
    private final StringBuilder metadata = new StringBuilder();
    private volatile Runnable full = () -> { };
    private volatile boolean asked;
    private TraceDirectory first;
    /** The eldest first; packets come to the last. */
    private final ArrayDeque<FlightGeneration> generations = new ArrayDeque<>(List.of(new FlightGeneration(true)));
    /** The last generation is full, and the state that the next begins with has not come yet. */
    private boolean awaitsState;
    private Thread writing;
    private int writings;
    private long writtenBytes;
    private long droppedBytes;
    private boolean whole = true;

    /** What is kept at a moment. */
    private record Kept(TraceDirectory directory, String name, String metadata, List<FlightGeneration.Held> packets,
            List<FlightGeneration> generations) {
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
        this.sizeBytes = sizeBytes;
        fullBytes = sizeBytes / 16 * 7;
        first = TraceDirectory.create(this.path, force, files, told);
    }

    /** @param action told, on a writer's thread, that it is time for a generation to begin: see {@link #beginGeneration} */
    void onGeneration(Runnable action) {
        full = action;
    }

    @Override
    public synchronized void metadata(String text) {
        metadata.append(text);
    }

    @Override
    public void packet(String file, MemorySegment packet, long packetBytes) {
        if (keep(file, packet, packetBytes)) {
            full.run();
        }
    }

    /** Whether it is time for the next generation. */
    private synchronized boolean keep(String file, MemorySegment packet, long packetBytes) {
        if (packetBytes > sizeBytes / 2) {
            // For one packet that is larger than what may be kept, nothing else is given up.
            droppedBytes += packetBytes;
            return false;
        }
        if (generations.getLast().bytes() + packetBytes > sizeBytes / 2) {
            generations.add(new FlightGeneration(false));
        }
        while (keptBytes() + packetBytes > sizeBytes) {
            dropEldest();
        }
        generations.getLast().add(file, packet, packetBytes);
        boolean next = !awaitsState && generations.getLast().bytes() > fullBytes;
        awaitsState |= next;
        return next;
    }

    /** The state of the system follows: whatever comes from now on belongs to a new generation. */
    synchronized void beginGeneration() {
        awaitsState = false;
        long others = generations.stream().filter(FlightGeneration::hasState).count();
        while (others > 0 && !(others == 1 && generations.getFirst().hasState())) {
            others -= generations.getFirst().hasState() ? 1 : 0;
            drop();
        }
        generations.add(new FlightGeneration(true));
    }

    /** Makes room. What alone is left, and is too much, goes too. */
    private void dropEldest() {
        drop();
        if (generations.isEmpty()) {
            generations.add(new FlightGeneration(false));
        }
    }

    private void drop() {
        FlightGeneration eldest = generations.removeFirst();
        droppedBytes += eldest.bytes();
        eldest.release();
    }

    /** Asks for what is kept to be written at the end of the interval. Any thread. */
    void ask() {
        asked = true;
    }

    /**
     * The writer of events has handed on all it had: if that was asked for, everything is written, but for its metadata in its
     * time.
     */
    void flushed() {
        if (!asked) {
            return;
        }
        Kept kept;
        synchronized (this) {
            if (writing != null && writing.isAlive()) {
                return;
            }
            asked = false;
            kept = kept();
            writing = Thread.ofPlatform().name("ktrace-flight").start(() -> write(kept));
        }
    }

    /** Writes what is kept, on the calling thread, once a writing that is under way has ended; tells where, or why not. */
    void write() throws InterruptedException {
        Thread before;
        synchronized (this) {
            before = writing;
        }
        if (before != null) {
            before.join();
        }
        Kept kept;
        synchronized (this) {
            kept = kept();
        }
        write(kept);
    }

    private Kept kept() {
        String name = writings == 0 ? path : path + '.' + writings;
        writings++;
        TraceDirectory made = first;
        first = null;
        List<FlightGeneration> held = List.copyOf(generations);
        held.forEach(FlightGeneration::hold);
        return new Kept(made, name, metadata.toString(),
                held.stream().flatMap(generation -> generation.packets().stream()).toList(), held);
    }

    private void write(Kept kept) {
        try (TraceDirectory directory = kept.directory != null ? kept.directory
                : TraceDirectory.create(kept.name, force, files, told)) {
            directory.metadata(kept.metadata);
            kept.packets.forEach(packet -> directory.packet(packet.file(), packet.bytes(), packet.bytes().byteSize()));
            written(directory.bytes(), !directory.isBroken());
            if (!directory.isBroken()) {
                told.accept("wrote the last " + directory.bytes() + " bytes to " + kept.name
                        + (kept.generations.getFirst().hasState() ? ""
                                : "; the state that it should begin with came too late: --flight wants more"));
            }
        } catch (CtfException e) {
            written(0, false);
            told.accept("cannot write what was last seen: " + e.getMessage());
        } finally {
            synchronized (this) {
                kept.generations.forEach(FlightGeneration::release);
            }
        }
    }

    private synchronized void written(long bytes, boolean all) {
        writtenBytes += bytes;
        whole &= all;
    }

    /** What is kept now. */
    synchronized long keptBytes() {
        return generations.stream().mapToLong(FlightGeneration::bytes).sum();
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

    /** Nothing was recorded: has {@link #close} take the directory away again. */
    synchronized void discard() {
        if (first != null) {
            first.discard();
        }
    }

    @Override
    public synchronized void close() {
        if (first != null) {
            first.close();
        }
        generations.forEach(FlightGeneration::release);
    }
}
