package ktrace.ctf.write;

import ktrace.ctf.KernelEvent;
import ktrace.event.TraceEvent;

/** Writes what io_uring does, and what else tells of waits inside the kernel, under the kernel's names. Allocates nothing. */
final class RingWriter {
    private static final int REQUEST_BYTES = 2 * Long.BYTES;

    private final CtfWriter writer;

    RingWriter(CtfWriter writer) {
        this.writer = writer;
    }

    void write(TraceEvent event) {
        switch (event.type) {
            case RING_CREATE -> {
                PacketWriter out = writer.begin(KernelEvent.RING_CREATE, event, 16);
                out.i64(event.arg0);
                out.i32((int) event.number);
                out.i32((int) event.arg1);
            }
            case RING_SUBMIT -> request(KernelEvent.RING_SUBMIT, event, 1).u8((int) event.number);
            case RING_FILE -> request(KernelEvent.RING_FILE, event, 4).i32((int) event.number);
            case RING_READY -> request(KernelEvent.RING_READY, event, 1).u8(event.contextFlags);
            case RING_COMPLETE -> {
                PacketWriter out = request(KernelEvent.RING_COMPLETE, event, 9);
                out.i32((int) event.result);
                out.i32((int) event.number);
                out.u8(event.contextFlags);
            }
            case LOCK_CONTENDED -> {
                PacketWriter out = writer.begin(KernelEvent.LOCK_CONTENDED, event, 12);
                out.i64(event.arg0);
                out.i32((int) event.number);
            }
            case WORK_QUEUED -> {
                PacketWriter out = writer.begin(KernelEvent.WORK_QUEUED, event, 9);
                out.i64(event.arg0);
                out.u8(event.contextFlags);
            }
            case PAGE_FAULTED -> writer.begin(KernelEvent.PAGE_FAULTED, event, 8).i64(event.arg0);
            case WORK_STARTED -> writer.begin(KernelEvent.WORK_STARTED, event, 8).i64(event.arg0);
            case RING_WAIT -> writer.begin(KernelEvent.RING_WAIT, event, 8).i64(event.arg0);
            default -> { }
        }
    }

    private PacketWriter request(KernelEvent kind, TraceEvent event, int moreBytes) {
        PacketWriter out = writer.begin(kind, event, REQUEST_BYTES + moreBytes);
        out.i64(event.arg0);
        out.i64(event.arg1);
        return out;
    }
}
