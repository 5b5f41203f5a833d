package ktrace.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import ktrace.bpf.program.WakerCalls;
import ktrace.event.Waker;

/** Takes what an untraced waker was doing out of a SCHED_WAKING that is longer than others. */
final class WakerCallDecoder {
    private WakerCallDecoder() {
    }

    static Waker.InCall decode(MemorySegment memory, long base) {
        return new Waker.InCall(memory.get(JAVA_INT, base + WakerCalls.CALL), memory.get(JAVA_LONG, base + WakerCalls.ARG0),
                memory.get(JAVA_LONG, base + WakerCalls.ARG1), memory.get(JAVA_LONG, base + WakerCalls.INODE),
                memory.get(JAVA_INT, base + WakerCalls.MODE));
    }
}
