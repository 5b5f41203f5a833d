package ktrace.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import ktrace.export.PerfettoField.ClockSnapshot;
import ktrace.export.PerfettoField.Trace;
import ktrace.export.PerfettoField.TracePacket;

/** The packets of a trace for Perfetto, one behind the other. One thread. */
final class PacketStream {
    /** Packets of one writer share this number; Perfetto takes no track events without it. */
    private static final int SEQUENCE = 1;

    private final OutputStream out;
    private final ProtoMessage packet = new ProtoMessage();
    private final ProtoMessage framed = new ProtoMessage();

    PacketStream(OutputStream out) {
        this.out = out;
    }

    /**
     * Writes one packet, with its time on CLOCK_MONOTONIC.
     *
     * @param field what {@code data} is, of {@link TracePacket}
     * @throws UncheckedIOException when the stream takes no more
     */
    void write(long timeNs, int field, ProtoMessage data) {
        packet.clear().number(TracePacket.TIMESTAMP, timeNs).number(TracePacket.TIMESTAMP_CLOCK_ID, ClockSnapshot.MONOTONIC);
        writeWith(field, data);
    }

    /** Writes the snapshot of clocks, the first packet: before it no clock can be named. */
    void writeClocks(long timeNs, ProtoMessage snapshot) {
        packet.clear().number(TracePacket.TIMESTAMP, timeNs);
        writeWith(TracePacket.CLOCK_SNAPSHOT, snapshot);
    }

    private void writeWith(int field, ProtoMessage data) {
        packet.number(TracePacket.TRUSTED_PACKET_SEQUENCE_ID, SEQUENCE).message(field, data);
        framed.clear().message(Trace.PACKET, packet);
        try {
            framed.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void flush() throws IOException {
        out.flush();
    }
}
