package ktrace.facts.live;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;
import ktrace.facts.ObjectSource;
import ktrace.facts.Question;
import ktrace.linux.tracing.ProcessMemory;

/** The sets of poll(2) and select(2), from the memory of whoever waits. One thread. */
final class PolledSets {
    /** So many members are read at most. */
    private static final int LIMIT = 512;
    /** struct pollfd: the descriptor, four bytes, and what is waited for and has come, two each. */
    private static final int POLLFD_BYTES = 8;

    private final ProcessMemory memory;
    private final byte[] buffer = new byte[LIMIT * POLLFD_BYTES];

    PolledSets(ProcessMemory memory) {
        this.memory = memory;
    }

    /** Null when it cannot be read. */
    ObjectSource.Polled read(Question.OfPolled asked) {
        return asked.isBits() ? bits(asked) : array(asked);
    }

    private ObjectSource.Polled array(Question.OfPolled asked) {
        long count = asked.arg1() & 0xffffffffL;
        int read = (int) Math.min(count, LIMIT);
        int size = read * POLLFD_BYTES;
        if (read == 0 || memory.readDirectly(asked.tid(), asked.arg0(), buffer, size) < size) {
            return null;
        }
        ByteBuffer set = ByteBuffer.wrap(buffer, 0, size).order(ByteOrder.nativeOrder());
        SequencedSet<Integer> fds = new TreeSet<>();
        for (int i = 0; i < read; i++) {
            // A negative one is passed over.
            if (set.getInt(i * POLLFD_BYTES) >= 0) {
                fds.add(set.getInt(i * POLLFD_BYTES));
            }
        }
        return new ObjectSource.Polled(read == count, List.copyOf(fds));
    }

    private ObjectSource.Polled bits(Question.OfPolled asked) {
        int count = Math.min(Math.max(0, (int) asked.arg0()), LIMIT * Byte.SIZE);
        // The kernel reads whole words.
        int size = (count + Long.SIZE - 1) / Long.SIZE * Long.BYTES;
        SequencedSet<Integer> fds = new TreeSet<>();
        for (long address : new long[] {asked.arg1(), asked.arg2(), asked.arg3()}) {
            if (address != 0 && memory.readDirectly(asked.tid(), address, buffer, size) < size) {
                return null;
            }
            for (int fd = 0; address != 0 && fd < count; fd++) {
                if ((buffer[fd / Byte.SIZE] >>> fd % Byte.SIZE & 1) != 0) {
                    fds.add(fd);
                }
            }
        }
        List<Integer> all = new ArrayList<>(fds);
        boolean isAll = count == (int) asked.arg0() && all.size() <= LIMIT;
        return new ObjectSource.Polled(isAll, List.copyOf(all.subList(0, Math.min(LIMIT, all.size()))));
    }
}
