package ktrace.bpf.code;

import java.util.ArrayList;
import java.util.List;

/** Instructions one after the other, with jumps to places that come later. Not thread-safe. */
public final class Assembler {
    private record Jump(int at, Label to) {
    }

    private final List<Instruction> instructions = new ArrayList<>();
    private final List<Jump> jumps = new ArrayList<>();

    public void move(Reg to, Reg from) {
        add(Instruction.ALU64 | Alu.MOVE.code | Instruction.BY_REGISTER, to, from.ordinal(), 0, 0);
    }

    /** Sets all 64 bits, from a number with its sign. */
    public void set(Reg to, int number) {
        compute(Alu.MOVE, to, number);
    }

    /** Sets all 64 bits, to any number. */
    public void set(Reg to, long number) {
        add(Instruction.LOAD_CONSTANT, to, 0, 0, (int) number);
        instructions.add(new Instruction(0, 0, 0, 0, (int) (number >>> 32)));
    }

    public void compute(Alu what, Reg on, int operand) {
        add(Instruction.ALU64 | what.code, on, 0, 0, operand);
    }

    public void compute(Alu what, Reg on, Reg operand) {
        add(Instruction.ALU64 | what.code | Instruction.BY_REGISTER, on, operand.ordinal(), 0, 0);
    }

    /** The map of that descriptor, as calls want it. */
    public void setToMap(Reg to, int mapFd) {
        add(Instruction.LOAD_CONSTANT, to, Instruction.MAP, 0, mapFd);
        instructions.add(new Instruction(0, 0, 0, 0, 0));
    }

    /** {@code to} = what lies at {@code base} + {@code offset}; the bits above are zero. */
    public void load(Width width, Reg to, Reg base, int offset) {
        add(Instruction.LOAD | Instruction.MEMORY | width.code, to, base.ordinal(), offset, 0);
    }

    public void store(Width width, Reg base, int offset, Reg from) {
        add(Instruction.STORE | Instruction.MEMORY | width.code, base, from.ordinal(), offset, 0);
    }

    public void store(Width width, Reg base, int offset, int number) {
        add(Instruction.STORE_CONSTANT | Instruction.MEMORY | width.code, base, 0, offset, number);
    }

    /** Adds to eight bytes of memory in one piece, whoever interrupts. */
    public void atomicAdd(Reg base, int offset, Reg from) {
        add(Instruction.ATOMIC_ADD, base, from.ordinal(), offset, 0);
    }

    public void call(Helper helper) {
        add(Instruction.CALL, Reg.R0, 0, 0, helper.number);
    }

    public void jump(Label to) {
        jumps.add(new Jump(instructions.size(), to));
        add(Instruction.GOTO, Reg.R0, 0, 0, 0);
    }

    public void jump(If condition, Reg left, int right, Label to) {
        jumps.add(new Jump(instructions.size(), to));
        add(Instruction.JUMP | condition.code, left, 0, 0, right);
    }

    /** What follows is where the jumps to {@code label} lead. */
    public void place(Label label) {
        if (label.at != Label.NOWHERE) {
            throw new IllegalStateException("a label stands in one place");
        }
        label.at = instructions.size();
    }

    /** Ends the program: its result is 0. */
    public void exit() {
        set(Reg.R0, 0);
        add(Instruction.EXIT, Reg.R0, 0, 0, 0);
    }

    /** The program, with every jump led to its place. */
    public List<Instruction> assemble() {
        List<Instruction> program = new ArrayList<>(instructions);
        for (Jump jump : jumps) {
            if (jump.to.at == Label.NOWHERE) {
                throw new IllegalStateException("a jump at " + jump.at + " leads nowhere");
            }
            Instruction i = program.get(jump.at);
            program.set(jump.at, new Instruction(i.code(), i.dst(), i.src(), distance(jump), i.imm()));
        }
        return program;
    }

    /** In instructions, from the one behind the jump. */
    private static int distance(Jump jump) {
        int distance = jump.to.at - jump.at - 1;
        if (distance < 0 || distance > Short.MAX_VALUE) {
            throw new IllegalStateException("a jump at " + jump.at + " by " + distance);
        }
        return distance;
    }

    private void add(int code, Reg dst, int src, int offset, int imm) {
        if (offset != (short) offset) {
            throw new IllegalArgumentException("an offset of " + offset + " does not fit into an instruction");
        }
        instructions.add(new Instruction(code, dst.ordinal(), src, offset, imm));
    }
}
