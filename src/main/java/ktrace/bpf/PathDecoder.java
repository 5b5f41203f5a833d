package ktrace.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import ktrace.bpf.program.WaitedPaths;
import ktrace.event.Fact;
import ktrace.text.RawText;

/**
 * At which path a thread begins to wait, out of a record of {@link WaitedPaths}. What was told last of a thread is told again as long
 * as it is the same, so that nothing is made anew then. One thread.
 */
final class PathDecoder {
    private static final int KEPT = 256;

    private final Fact.AtPath[] last = new Fact.AtPath[KEPT];
    private final byte[][] lastText = new byte[KEPT][0];
    private final byte[] text = new byte[WaitedPaths.MOST_BYTES];

    Fact.AtPath decode(MemorySegment memory, long base, int bytes, int tid) {
        int length = Math.clamp(bytes - WaitedPaths.PATH - 1, 0, text.length);
        long address = memory.get(JAVA_LONG, base + WaitedPaths.ADDRESS);
        MemorySegment.copy(memory, JAVA_BYTE, base + WaitedPaths.PATH, text, 0, length);
        int place = tid & KEPT - 1;
        Fact.AtPath before = last[place];
        if (before == null || before.tid() != tid || before.pathAddress() != address
                || !Arrays.equals(lastText[place], 0, lastText[place].length, text, 0, length)) {
            before = new Fact.AtPath(tid, address, RawText.of(text, 0, length));
            last[place] = before;
            lastText[place] = Arrays.copyOf(text, length);
        }
        return before;
    }
}
