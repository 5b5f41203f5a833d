package ktrace.bpf.program;

import static ktrace.bpf.code.Reg.R0;
import static ktrace.bpf.code.Reg.R1;
import static ktrace.bpf.code.Reg.R2;
import static ktrace.bpf.code.Reg.R7;
import static ktrace.bpf.program.EventCode.RECORD;

import java.util.List;
import ktrace.bpf.code.If;
import ktrace.bpf.code.Instruction;
import ktrace.bpf.code.Label;
import ktrace.bpf.code.Reg;
import ktrace.bpf.code.Width;

/**
 * What io_uring does for the rings that traced threads use, whoever does it: io_uring_create(descriptor, ring, entries, entries of
 * completions, flags), io_uring_submit_req(request), io_uring_file_get(request, descriptor), io_uring_task_add(request, mask),
 * io_uring_complete(ring, request, completion), io_uring_cqring_wait(ring, how many).
 */
final class IoUring {
    private static final int RING = RecordKind.BODY;
    private static final int REQUEST = RecordKind.BODY + 8;
    private static final int NUMBER = RecordKind.BODY + 16;
    private static final int RESULT = RecordKind.BODY + 20;
    private static final int PREEMPT_COUNT = RecordKind.BODY + 24;

    private IoUring() {
    }

    static List<Instruction> code(RecordKind kind, Kernel kernel, Maps maps) {
        EventCode event = new EventCode(kernel, maps);
        onlyOfTraced(kind, event);
        event.findState();
        event.announceCurrent();
        event.reserve(kind);
        ring(kind, event, R1);
        event.code.store(Width.LONG, RECORD, RING, R1);
        request(kind, event);
        event.code.store(Width.WORD, RECORD, NUMBER, 0);
        event.code.store(Width.WORD, RECORD, RESULT, 0);
        switch (kind) {
            case RING_CREATE -> {
                event.copyArgument(RECORD, NUMBER, 0);
                event.copyArgument(RECORD, RESULT, 4);
            }
            case RING_SUBMIT -> {
                event.argument(R2, 0);
                event.load(R1, R2, "io_kiocb", "opcode");
                event.code.store(Width.WORD, RECORD, NUMBER, R1);
            }
            case RING_FILE -> event.copyArgument(RECORD, NUMBER, 1);
            case RING_COMPLETE -> completion(event, kernel);
            default -> { }
        }
        event.copyPreemptCount(PREEMPT_COUNT);
        event.code.store(Width.WORD, RECORD, PREEMPT_COUNT + 4, 0);
        event.submit();
        return event.finish();
    }

    /** A traced thread that makes a ring, submits something to it or waits at it, uses it. */
    private static void onlyOfTraced(RecordKind kind, EventCode event) {
        if (kind == RecordKind.RING_CREATE || kind == RecordKind.RING_SUBMIT || kind == RecordKind.RING_WAIT) {
            Label untraced = new Label();
            Label wanted = new Label();
            event.currentTask(R0);
            event.findTask(R0);
            event.code.jump(If.EQUAL, R0, 0, untraced);
            event.code.load(Width.LONG, R1, R0, 0);
            event.code.jump(If.EQUAL, R1, EventCode.WATCHED, untraced);
            ring(kind, event, R1);
            event.addUringRing();
            event.code.jump(wanted);
            event.code.place(untraced);
            ring(kind, event, R1);
            event.findUringRing();
            event.code.jump(If.EQUAL, R0, 0, event.end());
            event.code.place(wanted);
        } else {
            ring(kind, event, R1);
            event.findUringRing();
            event.code.jump(If.EQUAL, R0, 0, event.end());
        }
    }

    /** {@code to} = the ring's address. */
    private static void ring(RecordKind kind, EventCode event, Reg to) {
        switch (kind) {
            case RING_CREATE -> event.argument(to, 1);
            case RING_COMPLETE, RING_WAIT -> event.argument(to, 0);
            default -> {
                event.argument(R2, 0);
                event.load(to, R2, "io_kiocb", "ctx");
            }
        }
    }

    private static void request(RecordKind kind, EventCode event) {
        switch (kind) {
            case RING_CREATE, RING_WAIT -> event.code.store(Width.LONG, RECORD, REQUEST, 0);
            default -> {
                event.argument(R1, kind == RecordKind.RING_COMPLETE ? 1 : 0);
                event.code.store(Width.LONG, RECORD, REQUEST, R1);
            }
        }
    }

    private static void completion(EventCode event, Kernel kernel) {
        if (kernel.arguments(RecordKind.RING_COMPLETE) > 3) {
            // Before 6.14: (ring, request, user's data, result, flags, ...).
            event.copyArgument(RECORD, RESULT, 3);
            event.copyArgument(RECORD, NUMBER, 4);
        } else {
            event.argument(R7, 2);
            event.load(R1, R7, "io_uring_cqe", "res");
            event.code.store(Width.WORD, RECORD, RESULT, R1);
            event.load(R1, R7, "io_uring_cqe", "flags");
            event.code.store(Width.WORD, RECORD, NUMBER, R1);
        }
    }
}
