package ktrace.bpf.program;

import java.util.List;
import ktrace.bpf.code.Instruction;

/** Run by ktrace, on a CPU where a call has been going on for a while: it tells that the call has begun. */
final class Announcer {
    private Announcer() {
    }

    static List<Instruction> code(Kernel kernel, Maps maps) {
        EventCode event = new EventCode(kernel, maps);
        event.findStateOfEnded();
        event.announceCurrent();
        return event.finish();
    }
}
