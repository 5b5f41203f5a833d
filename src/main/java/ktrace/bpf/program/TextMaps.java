package ktrace.bpf.program;

import java.util.function.IntPredicate;
import ktrace.bpf.kernel.BpfMap;
import ktrace.decode.calls.TextArguments;
import ktrace.linux.SyscallTable;

/**
 * What is needed to read what calls are given.
 *
 * @param wishes by number of call, which of its arguments point to what is to be read ({@link TextReads}); 0: none
 * @param rooms for each CPU, where a record is put together before it is known how long it is
 */
public record TextMaps(BpfMap wishes, BpfMap rooms) implements AutoCloseable {
    /**
     * Makes them.
     *
     * @param wanted the numbers of the calls of which it is wanted
     */
    public static TextMaps of(IntPredicate wanted, int cpuLimit) {
        SyscallTable calls = SyscallTable.current();
        BpfMap wishes = BpfMap.array("wishes", Integer.BYTES, calls.limit());
        try {
            for (int number = 0; number < calls.limit(); number++) {
                TextArguments texts = calls.isKnown(number) && wanted.test(number) ? TextArguments.of(calls.name(number)) : null;
                if (texts != null) {
                    wishes.put(number, TextReads.wish(texts));
                }
            }
            return new TextMaps(wishes, BpfMap.array("rooms", TextReads.ROOM_BYTES, cpuLimit));
        } catch (RuntimeException e) {
            wishes.close();
            throw e;
        }
    }

    @Override
    public void close() {
        wishes.close();
        rooms.close();
    }
}
