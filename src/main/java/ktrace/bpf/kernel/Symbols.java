package ktrace.bpf.kernel;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import ktrace.bpf.code.Alu;
import ktrace.bpf.code.Assembler;
import ktrace.bpf.code.Helper;
import ktrace.bpf.code.Reg;
import ktrace.bpf.code.Width;
import ktrace.linux.SyscallException;

/** Where the kernel's functions are: asked of the kernel, because its table has 200,000 lines to be read. */
public final class Symbols {
    private static final int RESULT = -8;

    private Symbols() {
    }

    /** 0 when there is none of that name, or this kernel (before 5.16) or this user may not be asked. */
    public static long address(String function) {
        byte[] name = Arrays.copyOf(function.getBytes(StandardCharsets.US_ASCII), function.length() + 1);
        Assembler code = new Assembler();
        code.move(Reg.R6, Reg.R1);
        int at = RESULT - (name.length + 7 & -8);
        for (int i = 0; i < name.length; i++) {
            code.store(Width.BYTE, Reg.FRAME, at + i, name[i]);
        }
        code.store(Width.LONG, Reg.FRAME, RESULT, 0);
        code.move(Reg.R1, Reg.FRAME);
        code.compute(Alu.ADD, Reg.R1, at);
        code.set(Reg.R2, name.length);
        code.set(Reg.R3, 0);
        code.move(Reg.R4, Reg.FRAME);
        code.compute(Alu.ADD, Reg.R4, RESULT);
        code.call(Helper.KALLSYMS_LOOKUP_NAME);
        code.load(Width.LONG, Reg.R1, Reg.FRAME, RESULT);
        code.store(Width.LONG, Reg.R6, 0, Reg.R1);
        code.exit();
        try (BpfProgram program = BpfProgram.ofCall("find_symbol", code.assemble())) {
            return program.runWith(0);
        } catch (BpfException | SyscallException refused) {
            return 0;
        }
    }
}
