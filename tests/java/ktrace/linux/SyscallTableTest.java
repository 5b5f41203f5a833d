package ktrace.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import ktrace.linux.uapi.Uapi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SyscallTableTest {

    // Each ABI counts for itself; from 424 on they share their numbers.
    @ParameterizedTest
    @CsvSource({
        "X86_64,  0,   read",
        "X86_64,  15,  rt_sigreturn",
        "X86_64,  39,  getpid",
        "X86_64,  110, getppid",
        "X86_64,  298, perf_event_open",
        "X86_64,  435, clone3",
        "X86_64,  462, mseal",
        "I386,    1,   exit",
        "I386,    3,   read",
        "I386,    20,  getpid",
        "I386,    192, mmap2",
        "I386,    336, perf_event_open",
        "I386,    403, clock_gettime64",
        "I386,    462, mseal",
        "AARCH64, 25,  fcntl",
        "AARCH64, 38,  renameat",
        "AARCH64, 62,  lseek",
        "AARCH64, 63,  read",
        "AARCH64, 79,  newfstatat",
        "AARCH64, 163, getrlimit",
        "AARCH64, 222, mmap",
        "AARCH64, 241, perf_event_open",
        "AARCH64, 435, clone3",
        "AARCH64, 447, memfd_secret",
        "AARCH64, 462, mseal",
    })
    void numbersAndNamesFindEachOther(Abi abi, int nr, String name) {
        SyscallTable table = SyscallTable.of(abi);

        assertEquals(name, table.name(nr));
        assertEquals(nr, table.number(name));
        assertEquals(OptionalInt.of(nr), table.find(name));
        assertTrue(table.isKnown(nr));
    }

    @ParameterizedTest
    @EnumSource(Abi.class)
    void everyNumberHasANameOfItsOwn(Abi abi) {
        SyscallTable table = SyscallTable.of(abi);
        Set<String> names = new HashSet<>();

        for (int nr = 0; nr < table.limit(); nr++) {
            assertTrue(names.add(table.name(nr)), table.name(nr) + " twice");
            assertEquals(table.isKnown(nr), !table.name(nr).startsWith("syscall_0x"), table.name(nr));
        }
        assertTrue(table.isKnown(table.limit() - 1));
        assertEquals(abi, table.abi());
    }

    @Test
    void anUnknownNumberIsShownInHexadecimal() {
        SyscallTable table = SyscallTable.of(Abi.X86_64);

        assertEquals("syscall_0x1ff", table.name(0x1ff));
        assertEquals("syscall_0x180", table.name(0x180), "a gap inside the table");
        assertEquals("syscall_0x40000000", table.name(0x4000_0000));
        assertEquals("syscall_0xffffffff", table.name(-1), "sys_exit of rt_sigreturn");
        assertEquals("syscall_0x7fffffff", table.name(Integer.MAX_VALUE));
        assertEquals("syscall_0x80000000", table.name(Integer.MIN_VALUE));
        assertFalse(table.isKnown(0x180));
        assertFalse(table.isKnown(-1));
        assertFalse(table.isKnown(table.limit()));
    }

    @Test
    void aCallThatAnAbiLacksIsNotFound() {
        SyscallTable table = SyscallTable.of(Abi.AARCH64);

        assertEquals(OptionalInt.empty(), table.find("open"));
        assertEquals("no system call open on aarch64",
                assertThrows(IllegalArgumentException.class, () -> table.number("open")).getMessage());
        assertEquals(OptionalInt.empty(), table.find("syscall_0x180"), "the name of a gap is not a call");
    }

    @Test
    void aTableIsReadOnce() {
        assertSame(SyscallTable.of(Abi.I386), SyscallTable.of(Abi.I386));
    }

    @Test
    void theAbiOfThisMachineIsThatOfItsJvm() {
        assertEquals(Abi.X86_64, Abi.ofOsArch("amd64"));
        assertEquals(Abi.AARCH64, Abi.ofOsArch("aarch64"));
        assertEquals(null, Abi.ofOsArch("riscv64"));
        assertSame(SyscallTable.of(Abi.current()), SyscallTable.current());
    }

    @Test
    void anAuditArchitectureNamesItsAbi() {
        for (Abi abi : Abi.values()) {
            assertEquals(abi, Abi.ofAuditArch(abi.auditArch()).orElseThrow());
        }
        assertEquals(Abi.I386, Abi.ofAuditArch(0x4000_0003).orElseThrow());
        assertTrue(Abi.ofAuditArch(Uapi.AUDIT_ARCH_ARM()).isEmpty());
    }

    @Test
    void lookingUpANameAllocatesNothing() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        SyscallTable table = SyscallTable.current();
        long characters = 0;

        long before = threads.getCurrentThreadAllocatedBytes();
        long cost = threads.getCurrentThreadAllocatedBytes() - before;
        before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1_000_000; i++) {
            characters += table.name(i % table.limit()).length();
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before - cost;

        assertTrue(characters > 0);
        assertTrue(allocated < 10_000, allocated + " bytes for a million lookups");
    }
}
