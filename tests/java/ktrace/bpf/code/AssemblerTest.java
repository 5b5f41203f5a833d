package ktrace.bpf.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class AssemblerTest {
    private final Assembler code = new Assembler();

    private List<String> text() {
        return code.assemble().stream().map(Instruction::toString).toList();
    }

    /** Bytes and texts as {@code llvm-objdump -d -r --mattr=+alu32} gives them for the same instructions. */
    @Test
    void eachInstructionIsWhatOthersMakeOfIt() {
        code.move(Reg.R6, Reg.R1);
        code.set(Reg.R1, -7);
        code.compute(Alu.ADD, Reg.R2, -4);
        code.compute(Alu.SHIFT_RIGHT_SIGNED, Reg.R3, 32);
        code.compute(Alu.SUB, Reg.R7, Reg.R1);
        code.load(Width.WORD, Reg.R1, Reg.R7, 2456);
        code.load(Width.LONG, Reg.R0, Reg.FRAME, -8);
        code.store(Width.LONG, Reg.R9, 16, Reg.R0);
        code.store(Width.HALF, Reg.R9, 0, 3);
        code.atomicAdd(Reg.R8, 128, Reg.R1);
        code.call(Helper.KTIME_GET_NS);
        code.setToMap(Reg.R1, 9);
        code.exit();
        assertEquals(List.of("r6 = r1", "r1 = -7", "r2 += -4", "r3 s>>= 32", "r7 -= r1", "r1 = *(u32 *)(r7 +2456)",
                "r0 = *(u64 *)(r10 -8)", "*(u64 *)(r9 +16) = r0", "*(u16 *)(r9 +0) = 3",
                "lock *(u64 *)(r8 +128) += r1", "call ktime_get_ns", "r1 = map fd 9", "(second half)", "r0 = 0", "exit"), text());
        assertArrayEquals(HexFormat.of().parseHex(
                "bf16000000000000" + "b7010000f9ffffff" + "07020000fcffffff" + "c703000020000000" + "1f17000000000000"
                + "6171980900000000" + "79a0f8ff00000000" + "7b09100000000000" + "6a09000003000000" + "db18800000000000" + "8500000005000000"
                + "1811000009000000" + "0000000000000000" + "b700000000000000" + "9500000000000000"), bytes());
    }

    private byte[] bytes() {
        List<Instruction> program = code.assemble();
        MemorySegment memory = Arena.ofAuto().allocate((long) program.size() * Instruction.BYTES, 8);
        for (int i = 0; i < program.size(); i++) {
            program.get(i).encode(memory, i);
        }
        return memory.toArray(ValueLayout.JAVA_BYTE);
    }

    /** Distances count from the instruction behind the jump, and a constant of 64 bits takes two. */
    @Test
    void jumpsLeadToTheirLabels() {
        Label here = new Label();
        Label end = new Label();
        code.jump(If.EQUAL, Reg.R0, 0, end);
        code.jump(If.ANY_BIT, Reg.R1, 2, here);
        code.setToMap(Reg.R1, 3);
        code.place(here);
        code.jump(end);
        code.set(Reg.R1, 1);
        code.place(end);
        code.exit();
        assertEquals(List.of("if r0 == 0 goto +5", "if r1 & 2 goto +2", "r1 = map fd 3", "(second half)", "goto +1", "r1 = 1",
                "r0 = 0", "exit"), text());
    }

    @Test
    void whatCannotBeWrittenIsRefused() {
        code.jump(new Label());
        assertThrows(IllegalStateException.class, code::assemble, "leads nowhere");
        assertThrows(IllegalArgumentException.class, () -> code.load(Width.BYTE, Reg.R1, Reg.R2, 40_000));
        assertThrows(IllegalArgumentException.class, () -> Width.of(16));
        Assembler backwards = new Assembler();
        Label before = new Label();
        backwards.place(before);
        assertThrows(IllegalStateException.class, () -> backwards.place(before));
        backwards.jump(before);
        assertThrows(IllegalStateException.class, backwards::assemble);
    }
}
