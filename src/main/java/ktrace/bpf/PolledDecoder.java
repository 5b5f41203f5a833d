package ktrace.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import ktrace.bpf.program.PolledSets;
import ktrace.event.Fact;

/**
 * What a thread polls for, out of a record of {@link PolledSets}. Most poll for the same again and again: what was told last of a
 * thread is told again as long as it is the same, so that nothing is allocated then. One thread.
 */
final class PolledDecoder {
    private static final int KEPT = 256;

    private final Fact.Polled[] last = new Fact.Polled[KEPT];
    private final int[] fds = new int[PolledSets.MOST_BITS];

    Fact.Polled decode(MemorySegment memory, long base, int bytes, int tid) {
        int count = memory.get(JAVA_INT, base + PolledSets.COUNT);
        int form = memory.get(JAVA_INT, base + PolledSets.FORM);
        long at = base + PolledSets.SET;
        int setBytes = bytes - PolledSets.SET;
        int found = form == 0 ? array(memory, at, setBytes) : bits(memory, at, setBytes, count, form);
        boolean isAll = Integer.compareUnsigned(count, form == 0 ? PolledSets.MOST_FDS : PolledSets.MOST_BITS) <= 0;
        Fact.Polled before = last[tid & KEPT - 1];
        if (before == null || before.tid() != tid || before.isAll() != isAll || !isSame(before.fds(), found)) {
            List<Integer> all = new ArrayList<>(found);
            for (int i = 0; i < found; i++) {
                all.add(fds[i]);
            }
            before = new Fact.Polled(tid, Fact.Polled.NOW, isAll, List.copyOf(all));
            last[tid & KEPT - 1] = before;
        }
        return before;
    }

    /** A negative one is passed over by the kernel, too. */
    private int array(MemorySegment memory, long at, int bytes) {
        int found = 0;
        for (int i = 0; i < bytes / PolledSets.FD_BYTES && i < PolledSets.MOST_FDS; i++) {
            int fd = memory.get(JAVA_INT, at + (long) i * PolledSets.FD_BYTES);
            if (fd >= 0) {
                fds[found++] = fd;
            }
        }
        return found;
    }

    private int bits(MemorySegment memory, long at, int bytes, int count, int form) {
        int sets = Integer.bitCount(form & PolledSets.BITS - 1);
        int size = sets == 0 ? 0 : bytes / sets;
        int found = 0;
        for (int fd = 0; fd < Math.min(count, size * Byte.SIZE); fd++) {
            int any = 0;
            for (int set = 0; set < sets; set++) {
                any |= memory.get(JAVA_BYTE, at + (long) set * size + fd / Byte.SIZE);
            }
            if ((any >>> fd % Byte.SIZE & 1) != 0) {
                fds[found++] = fd;
            }
        }
        return found;
    }

    private boolean isSame(List<Integer> before, int found) {
        if (before.size() != found) {
            return false;
        }
        for (int i = 0; i < found; i++) {
            if (before.get(i) != fds[i]) {
                return false;
            }
        }
        return true;
    }
}
