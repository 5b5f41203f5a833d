package ktrace.ctf.write;

import java.util.List;
import java.util.function.Consumer;
import ktrace.ctf.DiscoveryEvent;
import ktrace.ctf.TraceFileNames;
import ktrace.event.EventType;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.event.ProcessSnapshot;
import ktrace.event.TraceEvent;
import ktrace.facts.Discovery;

/**
 * Writes what the tracker asked and was told into a stream of its own, in the order of asking: with it a reader's tracker comes to
 * the same results. On the tracker's thread; allocates, but only where the tracker learns something new.
 */
final class DiscoveryWriter implements Consumer<Object> {
    private final PacketWriter out;
    private long timeNs;
    private long events;

    DiscoveryWriter(PacketSink sink, byte[] uuid) {
        out = new PacketWriter(sink, TraceFileNames.DISCOVERIES, uuid, DiscoveryEvent.STREAM, -1, 0);
    }

    /** The tracker is about to see this event. */
    void before(TraceEvent event) {
        timeNs = event.timeNs;
        if (event.type == EventType.START) {
            out.startAt(timeNs);
        }
    }

    /** What was written before the event at hand is for itself. */
    void separate() {
        out.flush(timeNs);
    }

    /** The tracker has seen this event. */
    void after(TraceEvent event) {
        if (event.type == EventType.INTERVAL) {
            out.flush(event.timeNs);
        } else if (event.type == EventType.END) {
            out.end(event.timeNs);
        }
    }

    @Override
    public void accept(Object told) {
        if (told instanceof Discovery discovery) {
            begin(DiscoveryEvent.of(discovery.question()), 16);
            out.i32(discovery.number());
            out.i64(discovery.detail());
            switch (discovery.answer()) {
                case null -> out.i32(-1);
                case List<?> list -> {
                    out.i32(list.size());
                    list.forEach(this::entry);
                }
                case Object one -> {
                    out.i32(1);
                    entry(one);
                }
            }
        }
    }

    private void entry(Object answer) {
        switch (answer) {
            case FdSnapshot fd -> {
                byte[] name = StateWriter.utf8(fd.object().name());
                byte[] kind = StateWriter.utf8(fd.object().kind().label());
                begin(DiscoveryEvent.FD_ENTRY, 34L + name.length + kind.length + 4L * fd.watched().size());
                out.i32(fd.tgid());
                out.i32(fd.fd());
                out.i32(fd.flags());
                out.text(name);
                StateWriter.object(out, fd, kind);
            }
            case ProcessSnapshot process -> {
                byte[] comm = StateWriter.utf8(process.comm());
                byte[] cmdline = StateWriter.utf8(process.cmdline());
                begin(DiscoveryEvent.PROCESS_ENTRY, 10L + comm.length + cmdline.length);
                StateWriter.process(out, process, comm, cmdline);
            }
            case MappingSnapshot mapping -> {
                byte[] path = StateWriter.utf8(mapping.path());
                begin(DiscoveryEvent.MAPPING_ENTRY, 38L + path.length);
                out.i64(mapping.startAddress());
                out.i64(mapping.endAddress());
                out.u8(mapping.shared() ? 1 : 0);
                out.i32(mapping.device());
                out.i64(mapping.inode());
                out.i64(mapping.offsetBytes());
                out.text(path);
            }
            case KernelObject object -> {
                byte[] kind = StateWriter.utf8(object.kind().label());
                byte[] name = StateWriter.utf8(object.name());
                begin(DiscoveryEvent.OBJECT_ENTRY, 10L + kind.length + name.length);
                out.text(kind);
                out.i64(object.key());
                out.text(name);
            }
            default -> throw new IllegalArgumentException("no answer of an ObjectSource: " + answer.getClass());
        }
    }

    /** How many events were written. Any thread, once the trace has ended. */
    long events() {
        return events;
    }

    private void begin(DiscoveryEvent event, long fieldBytes) {
        events++;
        out.begin(event.ordinal(), event.ordinal(), timeNs, fieldBytes);
    }
}
