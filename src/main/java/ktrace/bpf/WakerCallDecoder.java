package ktrace.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import ktrace.bpf.program.WakerCalls;
import ktrace.event.Waker;

/** Takes what somebody was doing whose calls are not told out of a SCHED_WAKING or SCHED_SWITCH that is longer than others. */
final class WakerCallDecoder {
    private WakerCallDecoder() {
    }

    /** @param at where the plain record ends */
    static Waker.InCall decode(MemorySegment memory, long at) {
        return new Waker.InCall(memory.get(JAVA_INT, at + WakerCalls.CALL), memory.get(JAVA_LONG, at + WakerCalls.ARG0),
                memory.get(JAVA_LONG, at + WakerCalls.ARG1), memory.get(JAVA_LONG, at + WakerCalls.INODE),
                memory.get(JAVA_INT, at + WakerCalls.MODE));
    }
}
