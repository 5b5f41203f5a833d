package ktrace.bpf.program;

import java.util.function.IntPredicate;
import ktrace.bpf.kernel.BpfMap;
import ktrace.decode.calls.TextArguments;
import ktrace.linux.Abi;
import ktrace.linux.NativeNumbers;
import ktrace.linux.SyscallTable;

/**
 * What is needed to read what calls are given.
 *
 * @param wishes by number of call, those of i386 behind {@link #I386_NUMBERS}, which of its arguments point to what is to be read ({@link TextReads}); 0: none
 * @param rooms for each CPU, where a record is put together before it is known how long it is
 */
public record TextMaps(BpfMap wishes, BpfMap rooms) implements AutoCloseable {
    /** Above all numbers of the native table. */
    static final int I386_NUMBERS = SyscallTable.LIMIT;

    /**
     * Makes them.
     *
     * @param wanted the numbers of the calls of which it is wanted
     */
    public static TextMaps of(IntPredicate wanted, int cpuLimit) {
        SyscallTable calls = SyscallTable.current();
        SyscallTable i386 = SyscallTable.of(Abi.I386);
        NativeNumbers natives = new NativeNumbers();
        BpfMap wishes = BpfMap.array("wishes", Integer.BYTES, I386_NUMBERS + i386.limit());
        try {
            for (int number = 0; number < calls.limit(); number++) {
                TextArguments texts = calls.isKnown(number) && wanted.test(number) ? TextArguments.of(calls.name(number)) : null;
                if (texts != null) {
                    wishes.put(number, TextReads.wish(texts));
                }
            }
            for (int number = 0; number < i386.limit(); number++) {
                TextArguments texts = i386.isKnown(number) && wanted.test(natives.of(Abi.I386, number))
                        ? TextArguments.ofI386(i386.name(number)) : null;
                if (texts != null) {
                    wishes.put(I386_NUMBERS + number, TextReads.wish(texts) | TextReads.OF_I386);
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
