package ktrace.linux;

/** Which ABI a program was built for. */
public final class ProgramAbi {
    private static final int EXECVE_OF_I386 = 11;

    private ProgramAbi() {
    }

    /**
     * Whether it is a program for i386 on x86-64 that has this auxiliary vector (proc_pid_auxv(5)), which is read without waiting
     * for a disk: it is of 32-bit words then, and what would be the upper half of its first key is a value, and not zero
     * (fs/binfmt_elf.c, {@code create_elf_tables}).
     *
     * @param auxv null when it could not be read: then it is taken for none
     */
    public static boolean isI386(byte[] auxv) {
        return auxv != null && auxv.length >= 8 && (auxv[4] | auxv[5] | auxv[6] | auxv[7]) != 0 && Abi.current() == Abi.X86_64;
    }

    /**
     * Whether exec has made of its caller a program for i386: the number that its exit carries is that of the new program's ABI
     * (arch/x86/kernel/process_64.c, {@code set_personality_ia32}).
     */
    public static boolean isI386(long execExitNumber) {
        return execExitNumber == EXECVE_OF_I386 && Abi.current() == Abi.X86_64;
    }
}
