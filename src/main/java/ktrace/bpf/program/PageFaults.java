package ktrace.bpf.program;

import static ktrace.bpf.code.Reg.R0;
import static ktrace.bpf.code.Reg.R1;
import static ktrace.bpf.program.EventCode.CONTEXT;
import static ktrace.bpf.program.EventCode.RECORD;

import java.util.List;
import ktrace.bpf.code.If;
import ktrace.bpf.code.Instruction;
import ktrace.bpf.code.Width;

/**
 * A traced thread has waited for a page. Run not by a tracepoint, which would come with every fault of everybody, but by the
 * kernel's counter of those that had to wait ({@code struct bpf_perf_event_data}: the registers, the period, the address).
 */
final class PageFaults {
    /** Behind the 21 registers of x86-64, and the period. */
    private static final int ADDRESS = 22 * Long.BYTES;

    private PageFaults() {
    }

    static List<Instruction> code(Kernel kernel, Maps maps) {
        EventCode event = new EventCode(kernel, maps);
        event.currentTask(R0);
        event.findTask(R0);
        event.code.jump(If.EQUAL, R0, 0, event.end());
        event.code.load(Width.LONG, R1, R0, 0);
        event.code.jump(If.NOT_EQUAL, R1, EventCode.TRACED, event.end());
        event.findState();
        event.announceCurrent();
        event.reserve(RecordKind.PAGE_FAULTED);
        event.code.load(Width.LONG, R1, CONTEXT, ADDRESS);
        event.code.store(Width.LONG, RECORD, RecordKind.BODY, R1);
        event.submit();
        return event.finish();
    }
}
