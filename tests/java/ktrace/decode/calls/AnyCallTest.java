package ktrace.decode.calls;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import ktrace.decode.ArgumentNames;
import ktrace.decode.Call;
import ktrace.decode.CallerMemory;
import ktrace.decode.DecodeOptions;
import ktrace.decode.FdNames;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;
import org.junit.jupiter.api.Test;

/** Whatever registers and memory hold, a call can be written: in bounded time and text, printable, without throwing. */
class AnyCallTest {
    private static final long[] EXTREMES = {0, 1, -1, 0x7fff_ffff, 0x8000_0000L, 0xffff_ffffL, Long.MAX_VALUE, Long.MIN_VALUE, 8, 64,
        4096, 1 << 20};

    @Test
    void everyCallOfEveryAbiWithRandomRegistersAndMemory() {
        Random random = new Random(4711);
        CallerMemory memory = (address, into, length) -> {
            int readable = switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> random.nextInt(length + 1);
                default -> length;
            };
            for (int i = 0; i < readable; i++) {
                into[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : 0);
            }
            return readable;
        };
        FdNames names = fd -> random.nextBoolean() ? null : "a\u001b\u2192<" + fd;
        CallFormatter formatter = new CallFormatter(new DecodeOptions(32, 32), ArgumentNames.UNKNOWN);
        Call call = new Call();
        StringBuilder out = new StringBuilder();
        for (Abi abi : Abi.values()) {
            for (int number = -1; number <= SyscallTable.of(abi).limit(); number++) {
                for (int round = 0; round < 40; round++) {
                    call.enter(abi, number, any(random), any(random), any(random), any(random), any(random), any(random));
                    call.stackPointer(any(random));
                    out.setLength(0);
                    formatter.enter(call, memory, names, out);
                    call.exit(random.nextBoolean() ? -random.nextInt(600) : any(random));
                    formatter.exit(call, memory, names, out);
                    String text = out.toString();
                    assertTrue(text.chars().allMatch(c -> c >= ' ' && c < 0x7f || c == '\u2192'), text);
                    assertTrue(text.length() < 1 << 20, () -> call.name() + ": " + text.length());
                }
            }
        }
    }

    private static long any(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(40);
            case 1 -> EXTREMES[random.nextInt(EXTREMES.length)];
            case 2 -> 1L << random.nextInt(64);
            default -> random.nextLong();
        };
    }

    @Test
    void everyLineOfTheTableIsOfACallThatThereIs() {
        for (String name : CallTable.lines().keySet()) {
            // On i386 alone, and there only within socketcall(2).
            boolean known = name.equals("send") || name.equals("recv");
            for (Abi abi : Abi.values()) {
                known |= SyscallTable.of(abi).find(name.replace("@i386", "")).isPresent();
            }
            assertTrue(known, name);
            assertNotNull(CallTable.lines().get(name).result());
            assertTrue(CallTable.lines().get(name).arguments().size() <= 12, name);
        }
    }
}
