package ktrace.bpf.code;

/**
 * A register of eBPF. A call takes its arguments in R1 to R5, of which nothing is left when it returns, and gives its result in R0;
 * R6 to R9 stay. FRAME points behind the 512 bytes of stack.
 */
public enum Reg {
    R0, R1, R2, R3, R4, R5, R6, R7, R8, R9, FRAME;

    @Override
    public String toString() {
        return "r" + ordinal();
    }
}
