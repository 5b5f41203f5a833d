package ktrace.ctf.write;

import java.lang.foreign.MemorySegment;

/**
 * Where whole packets go: into files at once, or into memory for a flight recording. Metadata that a packet needs is handed over
 * before it. One thread calls {@link #metadata} and {@link #packet} for a file; files of different threads differ.
 */
interface PacketSink {
    /** More of the metadata: whole declarations. */
    void metadata(String text);

    /** From now on nothing is kept any more. */
    default boolean isBroken() {
        return false;
    }

    /** One packet, to be written behind those that the file has. The bytes are overwritten afterwards. */
    void packet(String file, MemorySegment packet, long sizeBytes);
}
