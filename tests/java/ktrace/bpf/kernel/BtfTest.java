package ktrace.bpf.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import ktrace.bpf.kernel.Btf.Kind;
import org.junit.jupiter.api.Test;

class BtfTest {
    private static final Path RUNNING = Path.of("/sys/kernel/btf/vmlinux");

    private final MadeUpBtf made = new MadeUpBtf();

    private int name(String name) {
        return made.name(name);
    }

    private int type(Kind kind, String name, int sizeOrType, int length, int... more) {
        return made.type(kind, name, sizeOrType, length, more);
    }

    @Test
    void fieldsAreFoundByTheirPath() {
        int number = type(Kind.INT, "int", 4, 0, 32);
        int alias = type(Kind.TYPEDEF, "pid_t", number, 0);
        int constant = type(Kind.CONST, "", alias, 0);
        int letters = type(Kind.ARRAY, "", 0, 0, type(Kind.INT, "char", 1, 0, 8), number, 16);
        int inner = type(Kind.STRUCT, "inner", 8, 2, name("first"), number, 0, name("second"), constant, 32);
        int nameless = type(Kind.STRUCT, "", 24, 2, name("deep"), inner, 0, name("comm"), letters, 64);
        int either = type(Kind.UNION, "", 24, 1, name(""), nameless, 0);
        int pointer = type(Kind.PTR, "", inner, 0);
        type(Kind.STRUCT, "task_struct", 40, 3, name("self"), pointer, 0, name(""), either, 64, name("last"), number, 256);
        Btf btf = made.read(Set.of("task_struct", "other"));
        assertEquals(new Btf.Field(0, 8), btf.field("task_struct", "self"));
        assertEquals(new Btf.Field(8, 8), btf.field("task_struct", "deep"));
        assertEquals(new Btf.Field(12, 4), btf.field("task_struct", "deep.second"));
        assertEquals(new Btf.Field(16, 16), btf.field("task_struct", "comm"));
        assertEquals(new Btf.Field(32, 4), btf.field("task_struct", "last"));
        assertFalse(btf.has("task_struct", "deep.third"));
        assertFalse(btf.has("other", "deep"));
        assertTrue(assertThrows(BpfException.class, () -> btf.field("task_struct", "gone")).getMessage().contains("'gone'"));
        assertTrue(assertThrows(BpfException.class, () -> btf.require(Kind.STRUCT, "other")).getMessage().contains("'other'"));
    }

    @Test
    void sizesOfBitsAreNoPartOfAnOffset() {
        int number = type(Kind.INT, "int", 4, 0, 32);
        type(Kind.STRUCT, "flags", 8, 2, name("three"), number, 3 << 24, name("after"), number, 32);
        made.lastHasBitSizes();
        assertEquals(new Btf.Field(4, 4), made.read(Set.of("flags")).field("flags", "after"));
    }

    @Test
    void tracepointsAndVariablesOfCpus() {
        int number = type(Kind.INT, "int", 4, 0, 32);
        int function = type(Kind.FUNC_PROTO, "", 0, 3, 0, number, 0, number, 0, number);
        int pointer = type(Kind.PTR, "", function, 0);
        int typedef = type(Kind.TYPEDEF, "btf_trace_x", pointer, 0);
        int variable = type(Kind.VAR, "__preempt_count", number, 0, 1);
        type(Kind.DATASEC, ".data..percpu", 64, 2, type(Kind.VAR, "other", number, 0, 1), 8, 4, variable, 48, 4);
        Btf btf = made.read(Set.of("btf_trace_x", "__preempt_count", ".data..percpu", "gone"));
        assertEquals(typedef, btf.require(Kind.TYPEDEF, "btf_trace_x"));
        assertEquals(2, btf.tracepointArguments(typedef));
        assertEquals(48, btf.perCpuVariable("__preempt_count"));
        assertEquals(-1, btf.perCpuVariable("gone"));
    }

    /** The blob that is loaded for maps of tasks. */
    @Test
    void ownTypesAreReadAsTheyWereWritten() {
        Btf btf = new Btf(OwnTypes.bytes(), Set.of("int", "long"));
        assertEquals(OwnTypes.KEY, btf.find(Kind.INT, "int"));
        assertEquals(OwnTypes.VALUE, btf.find(Kind.INT, "long"));
    }

    @Test
    void whatIsNoBtfIsSaidInOneLine() {
        assertThrows(BpfException.class, () -> new Btf(new byte[10], Set.of()));
        byte[] cut = made.bytes();
        ByteBuffer.wrap(cut).order(ByteOrder.nativeOrder()).putInt(12, 1 << 20);
        assertThrows(BpfException.class, () -> new Btf(cut, Set.of()));
    }

    @Test
    void namesThatBeginAlikeAreToldApart() {
        int number = type(Kind.INT, "int", 4, 0, 32);
        for (String alike : List.of("sock_", "soc", "Sock", "sock_common", "sock_commo", "sock_common_", "so", "r", "rqs")) {
            type(Kind.TYPEDEF, alike, number, 0);
        }
        int shorter = type(Kind.TYPEDEF, "sock", number, 0);
        int longer = type(Kind.TYPEDEF, "sock_commons", number, 0);
        type(Kind.TYPEDEF, "sock", number, 0);
        int twoLetters = type(Kind.TYPEDEF, "rq", number, 0);
        int last = type(Kind.TYPEDEF, "end", number, 0);
        Btf btf = made.read(Set.of("sock", "sock_commons", "rq", "end"));
        assertEquals(twoLetters, btf.find(Kind.TYPEDEF, "rq"));
        assertEquals(shorter, btf.find(Kind.TYPEDEF, "sock"));
        assertEquals(longer, btf.find(Kind.TYPEDEF, "sock_commons"));
        assertEquals(last, btf.find(Kind.TYPEDEF, "end"));
        assertEquals(0, btf.find(Kind.STRUCT, "sock"));
    }

    /** It is some megabytes, and wanted for a moment. */
    @Test
    void nothingOfTheRunningKernelsStaysInMemory() throws IOException {
        assumeTrue(Files.isReadable(RUNNING), "a kernel with BTF");
        long before = mapped();
        for (int i = 0; i < 3; i++) {
            Btf.ofRunningKernel(Set.of("task_struct")).close();
        }
        assertEquals(before, mapped());
    }

    /** How often they are in memory; before 6.16 the kernel does not let that be. */
    private static long mapped() throws IOException {
        try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
            return mappings.filter(line -> line.endsWith(RUNNING.toString())).count();
        }
    }

    @Test
    void theRunningKernelTells() {
        assumeTrue(Files.isReadable(RUNNING), "a kernel with BTF");
        Btf btf = Btf.ofRunningKernel(Set.of("task_struct", "bpf_iter_task", "btf_trace_sched_switch"));
        assertEquals(4, btf.field("task_struct", "pid").sizeBytes());
        assertEquals(16, btf.field("task_struct", "comm").sizeBytes());
        assertTrue(btf.require(Kind.FUNC, "bpf_iter_task") > 0);
        assertTrue(btf.tracepointArguments(btf.require(Kind.TYPEDEF, "btf_trace_sched_switch")) >= 3);
    }
}
