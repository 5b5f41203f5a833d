package ktrace.ctf.write;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Packets outside the Java heap, given back all at once when nobody needs them any more: neither who keeps them nor who still
 * writes them. Guarded by its owner's lock.
 */
final class FlightGeneration {
    /** A packet, and the file that it belongs to. */
    record Held(String file, MemorySegment bytes) {
    }

    private final Arena arena = Arena.ofShared();
    private final boolean state;
    private final List<Held> packets = new ArrayList<>();
    private long bytes;
    private int holders = 1;

    /** @param state whether it begins with the state of the system */
    FlightGeneration(boolean state) {
        this.state = state;
    }

    boolean hasState() {
        return state;
    }

    void add(String file, MemorySegment packet, long sizeBytes) {
        packets.add(new Held(file, arena.allocate(sizeBytes, Long.BYTES).copyFrom(packet.asSlice(0, sizeBytes))));
        bytes += sizeBytes;
    }

    List<Held> packets() {
        return packets;
    }

    long bytes() {
        return bytes;
    }

    /** Somebody else needs what is in it, until {@link #release}. */
    void hold() {
        holders++;
    }

    void release() {
        if (--holders == 0) {
            arena.close();
        }
    }
}
