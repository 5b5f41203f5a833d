package ktrace.export;

import java.util.Arrays;
import ktrace.export.PerfettoField.FtraceEventBundle;
import ktrace.export.PerfettoField.TracePacket;

/** Events of the kernel in bundles of one CPU each, written out when they have grown to a good size. One thread. */
final class FtraceBundles {
    /** Perfetto takes a bundle of a larger number for a damaged file, and reads no further (ftrace_tokenizer.cc). */
    static final int MAX_CPUS = 1024;
    private static final int FULL_BYTES = 32 * 1024;

    private final PacketStream packets;
    private ProtoMessage[] bundles = {};
    private long[] lastNs = {};
    private long leftOut;

    FtraceBundles(PacketStream packets) {
        this.packets = packets;
    }

    void add(int cpu, long timeNs, ProtoMessage event) {
        if (cpu >= MAX_CPUS) {
            leftOut++;
            return;
        }
        ProtoMessage bundle = bundle(cpu);
        bundle.message(FtraceEventBundle.EVENT, event);
        lastNs[cpu] = timeNs;
        if (bundle.sizeBytes() >= FULL_BYTES) {
            write(cpu);
        }
    }

    /** Events of this CPU are missing before those that follow. */
    void lost(int cpu, long timeNs) {
        if (cpu >= MAX_CPUS) {
            return;
        }
        if (cpu < bundles.length && bundles[cpu] != null && bundles[cpu].sizeBytes() > 0) {
            write(cpu);
        }
        bundle(cpu).bool(FtraceEventBundle.LOST_EVENTS, true);
        lastNs[cpu] = timeNs;
    }

    /** How many events could not be written, for the number of their CPU. */
    long leftOut() {
        return leftOut;
    }

    /** Writes out what there is of each CPU. */
    void writeAll() {
        for (int cpu = 0; cpu < bundles.length; cpu++) {
            if (bundles[cpu] != null && bundles[cpu].sizeBytes() > 0) {
                write(cpu);
            }
        }
    }

    private void write(int cpu) {
        packets.write(lastNs[cpu], TracePacket.FTRACE_EVENTS, bundles[cpu]);
        bundles[cpu].clear();
    }

    private ProtoMessage bundle(int cpu) {
        if (cpu >= bundles.length) {
            bundles = Arrays.copyOf(bundles, cpu + 1);
            lastNs = Arrays.copyOf(lastNs, cpu + 1);
        }
        if (bundles[cpu] == null) {
            bundles[cpu] = new ProtoMessage();
        }
        return bundles[cpu].sizeBytes() == 0 ? bundles[cpu].number(FtraceEventBundle.CPU, cpu) : bundles[cpu];
    }
}
