package ktrace.linux;

import java.util.Optional;
import ktrace.linux.uapi.Uapi;

/**
 * A system-call ABI: which table the number in a register or in {@code raw_syscalls:sys_enter} is looked up in. A process
 * on x86-64 may use {@link #I386} at any moment, by {@code int 0x80}.
 */
public enum Abi {
    X86_64("x86_64", Uapi.AUDIT_ARCH_X86_64()),
    I386("i386", Uapi.AUDIT_ARCH_I386()),
    AARCH64("aarch64", Uapi.AUDIT_ARCH_AARCH64());

    private static final Abi CURRENT = ofOsArch(System.getProperty("os.arch"));

    private final String tableName;
    private final int auditArch;

    Abi(String tableName, int auditArch) {
        this.tableName = tableName;
        this.auditArch = auditArch;
    }

    /**
     * The ABI of 64-bit programs on this machine.
     *
     * @throws IllegalStateException on a machine whose table ktrace does not have
     */
    public static Abi current() {
        if (CURRENT == null) {
            throw new IllegalStateException("ktrace knows the system calls of x86-64 and aarch64, not of "
                    + System.getProperty("os.arch"));
        }
        return CURRENT;
    }

    /** The ABI of an {@code AUDIT_ARCH_*} value, as PTRACE_GET_SYSCALL_INFO and struct seccomp_data carry it (linux/audit.h). */
    public static Optional<Abi> ofAuditArch(int auditArch) {
        for (Abi abi : values()) {
            if (abi.auditArch == auditArch) {
                return Optional.of(abi);
            }
        }
        return Optional.empty();
    }

    /** The {@code AUDIT_ARCH_*} value of this ABI. */
    public int auditArch() {
        return auditArch;
    }

    /** As the file name of the table has it. */
    String tableName() {
        return tableName;
    }

    /** Null when there is no table: asked only by {@link #current}, so that a class that never needs it loads anywhere. */
    static Abi ofOsArch(String osArch) {
        return switch (osArch) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64" -> AARCH64;
            default -> null;
        };
    }
}
