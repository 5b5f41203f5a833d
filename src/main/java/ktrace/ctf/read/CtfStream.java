package ktrace.ctf.read;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import ktrace.ctf.layout.Layout;
import ktrace.ctf.layout.PacketCursor;
import ktrace.ctf.layout.PacketCursor.EndOfWindow;
import ktrace.ctf.layout.PacketCursor.Malformed;
import ktrace.ctf.layout.RegisterMap;
import ktrace.ctf.mapping.CpuState;
import ktrace.ctf.mapping.EventMappings;
import ktrace.ctf.tsdl.TraceMetadata;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;

/**
 * The events of one stream file. Each is read, and checked against its packet, before {@link #nextTimeNs} promises it; events that
 * ktrace has no use for are stepped over.
 *
 * <p>A packet that is damaged is given up at the first event that makes no sense, and counted; the next packet begins where this
 * one says that it ends. Only when a packet's own header cannot be believed does the file end there.
 *
 * <p>Used by one thread; taking an event allocates nothing but a payload.
 */
final class CtfStream implements EventStream, AutoCloseable {
    private static final int MAGIC = 0xC1FC1FC1;
    /** Elements of arrays that one byte of a packet may account for, with some for packets of a few bytes. */
    private static final int ELEMENTS_PER_BYTE = 8;
    private static final int ELEMENTS = 1 << 16;
    /** Linux numbers up to 8192 CPUs (NR_CPUS of arch/x86/Kconfig); tables are as long as the largest number. */
    private static final int CPUS = 1 << 16;

    private final TraceMetadata metadata;
    private final Map<Long, StreamLayout> layouts;
    private final TickClock clock;
    private final EventMappings kernel;
    private final TraceCounters counters;
    private final int fallbackCpu;
    private final PacketCursor cursor = new PacketCursor();
    private final PacketFile file;
    private final boolean lossIsAnEvent;

    private StreamLayout layout;
    private CpuState cpu;
    private long nextPacket;
    private boolean finished;
    private boolean inPacket;
    private boolean hasNumber;
    private long sequenceNumber;
    private boolean hasDiscarded;
    private long discarded;
    private long discardedInPacket;
    private long packetEndNs;
    private long lost;

    private long nextTimeNs = NOTHING;
    private EventLayout next;
    private int part;
    private long lostNext = -1;
    private long endNs;
    private long eventsRead;
    private long lastEventTicks;
    private long beginNs = Long.MAX_VALUE;
    private boolean beginIsMissing;

    /** @param fallbackCpu of events in packets that do not tell their CPU */
    CtfStream(Path path, TraceMetadata metadata, Map<Long, StreamLayout> layouts, TickClock clock, EventMappings kernel,
            TraceCounters counters, int fallbackCpu) {
        this.metadata = metadata;
        this.layouts = layouts;
        this.clock = clock;
        this.kernel = kernel;
        this.counters = counters;
        this.fallbackCpu = fallbackCpu;
        lossIsAnEvent = kernel.ofKtrace();
        file = new PacketFile(path, cursor);
    }

    @Override
    public void refresh() {
        if (nextTimeNs == NOTHING && !finished) {
            findNext();
        }
    }

    @Override
    public long nextTimeNs() {
        return nextTimeNs;
    }

    @Override
    public void take(TraceEvent slot) {
        slot.timeNs = nextTimeNs;
        slot.cpu = cpu.cpu;
        slot.payload = null;
        if (lostNext >= 0) {
            slot.type = EventType.EVENTS_LOST;
            slot.tid = 0;
            slot.tgid = -1;
            slot.contextFlags = 0;
            slot.number = lostNext;
            cpu.switchedTo(CpuState.UNKNOWN);
            lostNext = -1;
            findNext();
            return;
        }
        slot.tid = tid();
        slot.tgid = tgid();
        slot.contextFlags = cpu.contextFlags;
        boolean byNamespace = slot.tgid >= 0 && !next.hasPid();
        boolean more = next.mapping().fill(cursor, part, cpu, slot);
        if (byNamespace && slot.tid != (int) cursor.registers[RegisterMap.VTID]) {
            // The event itself tells the thread, by its number outside.
            slot.tgid = -1;
        }
        if (more) {
            part++;
        } else {
            findNext();
        }
    }

    /** The thread of the event: as recorded with it, else as the last switch says, else by its number in its own namespace. */
    private int tid() {
        if (next.hasTid()) {
            return (int) cursor.registers[RegisterMap.TID];
        }
        return isByNamespace() ? (int) cursor.registers[RegisterMap.VTID] : cpu.tid;
    }

    private boolean isByNamespace() {
        return !next.hasTid() && cpu.tid == CpuState.UNKNOWN && next.hasVtid();
    }

    /** Its process, where that was recorded. */
    private int tgid() {
        if (next.hasPid()) {
            return (int) cursor.registers[RegisterMap.PID];
        }
        return next.hasVpid() && isByNamespace() ? (int) cursor.registers[RegisterMap.VPID] : -1;
    }

    /** Nothing is held anywhere else. */
    @Override
    public void release() {
        // The window belongs to this stream alone.
    }

    long sizeBytes() {
        return file.sizeBytes();
    }

    /** Up to the end of the packet that is being read. */
    long readBytes() {
        return Math.min(nextPacket, file.sizeBytes());
    }

    /** Time of the last event or packet so far. */
    long endNs() {
        return endNs;
    }

    /** The CPU of the last packet read. */
    int cpu() {
        return cpu == null ? fallbackCpu : cpu.cpu;
    }

    /** Of which class of streams the last packet was. */
    long streamClass() {
        return layout == null ? 0 : layout.id();
    }

    /** Events read so far, those that ktrace has no use for included. */
    long eventsRead() {
        return eventsRead;
    }

    /** When the last of them was; {@link Long#MIN_VALUE} as long as there are none. */
    long lastEventNs() {
        return eventsRead == 0 ? Long.MIN_VALUE : clock.timeNs(lastEventTicks);
    }

    /** When the first packet began; {@link Long#MAX_VALUE} when none has, or it does not tell. */
    long beginNs() {
        return beginNs;
    }

    /** Whether there were packets before the first that there is. */
    boolean beginIsMissing() {
        return beginIsMissing;
    }

    /** How many events the packets read so far say were lost. */
    long lost() {
        return lost;
    }

    private void findNext() {
        part = 0;
        nextTimeNs = NOTHING;
        while (nextTimeNs == NOTHING && (inPacket || openPacket())) {
            if (file.atEnd()) {
                endPacket();
            } else {
                readEvent();
            }
        }
        if (nextTimeNs != NOTHING) {
            endNs = Math.max(endNs, nextTimeNs);
        }
    }

    private void readEvent() {
        long start = cursor.positionBits;
        long ticks = cursor.clockTicks;
        try {
            layout.eventHeader.read(cursor);
            long id = layout.numbersEvents() ? cursor.registers[RegisterMap.EVENT_ID] : 0;
            EventLayout event = layout.event(id, cursor);
            if (event == null) {
                counters.increment(TraceCounter.UNKNOWN_RECORDS);
                giveUp();
                return;
            }
            cursor.work(event.cost());
            layout.eventContext.reader().read(cursor);
            event.context().read(cursor);
            for (int register : event.absent()) {
                cursor.registers[register] = 0;
            }
            event.fields().read(cursor);
            if (cursor.positionBits == start) {
                throw new Malformed("an event of no bits");
            }
            eventsRead++;
            lastEventTicks = cursor.clockTicks;
            if (event.mapping() == null) {
                return;
            }
            if (event.mapping().isEvent(cursor)) {
                next = event;
                nextTimeNs = clock.timeNs(cursor.clockTicks);
            } else {
                event.mapping().observe(cpu);
            }
        } catch (EndOfWindow e) {
            cursor.clockTicks = ticks;
            if (!file.advance(start)) {
                counters.increment(TraceCounter.MALFORMED_RECORDS);
                giveUp();
            }
        } catch (Malformed e) {
            counters.increment(TraceCounter.MALFORMED_RECORDS);
            giveUp();
        }
    }

    /** The rest of the packet cannot be understood. */
    private void giveUp() {
        counters.increment(TraceCounter.DAMAGED_PACKETS);
        endPacket();
    }

    /** What was lost was lost while there was no room for the next packet. */
    private void endPacket() {
        inPacket = false;
        if (discardedInPacket > 0) {
            lost += discardedInPacket;
            if (!lossIsAnEvent) {
                lostNext = discardedInPacket;
                nextTimeNs = Math.max(clock.timeNs(cursor.clockTicks), packetEndNs);
            }
            discardedInPacket = 0;
        }
        endNs = Math.max(endNs, packetEndNs);
    }

    /** Goes to the next packet that can be read; false at the end of the file. */
    private boolean openPacket() {
        long sizeBytes = file.sizeBytes();
        while (!finished && nextPacket < sizeBytes) {
            file.openPacket(nextPacket);
            TraceCounter fault = readHeader(sizeBytes - nextPacket);
            if (fault == null) {
                inPacket = true;
                return true;
            }
            counters.increment(fault);
            // What says of which CPU it is also says where the next one begins.
            finished = fault != TraceCounter.IMPOSSIBLE_CPU;
        }
        return false;
    }

    /** @return what the header shows that keeps the packet from being read, or null */
    private TraceCounter readHeader(long bytesLeft) {
        while (true) {
            try {
                return header(bytesLeft);
            } catch (EndOfWindow e) {
                if (!file.advance(cursor.originBits)) {
                    return TraceCounter.DAMAGED_PACKETS;
                }
            } catch (Malformed e) {
                return TraceCounter.DAMAGED_PACKETS;
            }
        }
    }

    private TraceCounter header(long bytesLeft) {
        cursor.elementsLeft = ELEMENTS;
        long[] registers = cursor.registers;
        StreamLayout first = layouts.values().iterator().next();
        cursor.reserveRegisters(first.registers());
        first.packetHeader.read(cursor);
        registers = cursor.registers;
        if (first.hasMagic && (int) registers[RegisterMap.MAGIC] != MAGIC) {
            return TraceCounter.DAMAGED_PACKETS;
        }
        if (first.hasUuid && metadata.uuid() != null && !uuidFits()) {
            return TraceCounter.OTHER_TRACE;
        }
        layout = first.hasStreamId ? layouts.get(registers[RegisterMap.STREAM_ID]) : first;
        if (layout == null) {
            return TraceCounter.DAMAGED_PACKETS;
        }
        cursor.reserveRegisters(layout.registers());
        layout.packetContext.reader().read(cursor);
        return context(cursor.registers, bytesLeft);
    }

    private TraceCounter context(long[] registers, long bytesLeft) {
        Layout context = layout.packetContext;
        long packetBits = context.has("packet_size") ? registers[RegisterMap.PACKET_BITS] : bytesLeft * 8;
        long contentBits = context.has("content_size") ? registers[RegisterMap.CONTENT_BITS] : packetBits;
        if (packetBits <= 0 || packetBits % 8 != 0 || contentBits < cursor.positionBits - cursor.originBits
                || contentBits > packetBits) {
            return TraceCounter.DAMAGED_PACKETS;
        }
        file.setContent(contentBits);
        if (cursor.positionBits > cursor.limitBits) {
            return TraceCounter.DAMAGED_PACKETS;
        }
        nextPacket = Math.max(nextPacket + packetBits / 8, nextPacket + 1);
        if (context.has("cpu_id") && (registers[RegisterMap.CPU] < 0 || registers[RegisterMap.CPU] >= CPUS)) {
            return TraceCounter.IMPOSSIBLE_CPU;
        }
        cursor.elementsLeft = ELEMENTS + ELEMENTS_PER_BYTE * Math.min(bytesLeft, packetBits / 8);
        cpu = kernel.cpu(context.has("cpu_id") ? (int) registers[RegisterMap.CPU] : fallbackCpu);
        if (context.has("timestamp_begin")) {
            cursor.clockTicks = registers[RegisterMap.BEGIN];
            beginNs = Math.min(beginNs, clock.timeNs(cursor.clockTicks));
        }
        packetEndNs = context.has("timestamp_end") ? clock.timeNs(registers[RegisterMap.END]) : 0;
        loss(context, registers);
        return null;
    }

    /** Compares the packet's own numbering and its count of lost events with those of the packet before it. */
    private void loss(Layout context, long[] registers) {
        boolean isFirst = context.has("packet_seq_num") && registers[RegisterMap.SEQUENCE_NUMBER] == 0;
        if (context.has("packet_seq_num")) {
            long gap = registers[RegisterMap.SEQUENCE_NUMBER] - sequenceNumber - 1;
            if (hasNumber && gap > 0) {
                counters.add(TraceCounter.LOST_PACKETS, gap);
            }
            beginIsMissing |= !hasNumber && !isFirst;
            hasNumber = true;
            sequenceNumber = registers[RegisterMap.SEQUENCE_NUMBER];
        }
        if (context.has("events_discarded")) {
            long now = registers[RegisterMap.DISCARDED];
            // Where counting began before the trace did, the first packet's count says nothing of the trace.
            discardedInPacket = hasDiscarded || isFirst ? Math.max(0, now - discarded) : 0;
            hasDiscarded = true;
            discarded = now;
        }
    }

    private boolean uuidFits() {
        int start = (int) cursor.registers[RegisterMap.UUID];
        int length = (int) cursor.registers[RegisterMap.UUID + 1];
        return length == 16 && Arrays.equals(metadata.uuid(), 0, 16, cursor.data, start, start + 16);
    }

    @Override
    public void close() {
        file.close();
    }
}
