package ktrace.bpf.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import ktrace.bpf.code.Alu;
import ktrace.bpf.code.Assembler;
import ktrace.bpf.code.Helper;
import ktrace.bpf.code.If;
import ktrace.bpf.code.Label;
import ktrace.bpf.code.Reg;
import ktrace.bpf.code.Width;
import ktrace.bpf.kernel.Btf.Kind;
import ktrace.linux.Mapping;
import ktrace.linux.Processes;
import ktrace.linux.SyscallException;
import ktrace.linux.Syscalls;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Small programs in the running kernel. */
@Tag("kernel")
class BpfProgramTest {
    private static final int PAGE_BYTES = 4096;
    private static final int KEY = -4;

    private final Assembler code = new Assembler();
    private final Label end = new Label();

    @BeforeEach
    void needsRootAndTypes() {
        assumeTrue(Processes.geteuid() == 0, "needs root, to load programs");
        assumeTrue(Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")), "needs a kernel with BTF");
    }

    /** Adds one to the first value of a map, and ends. */
    private void countInto(BpfMap counts) {
        code.store(Width.WORD, Reg.FRAME, KEY, 0);
        code.setToMap(Reg.R1, counts.fd());
        code.move(Reg.R2, Reg.FRAME);
        code.compute(Alu.ADD, Reg.R2, KEY);
        code.call(Helper.MAP_LOOKUP_ELEM);
        code.jump(If.EQUAL, Reg.R0, 0, end);
        code.set(Reg.R1, 1);
        code.atomicAdd(Reg.R0, 0, Reg.R1);
        code.place(end);
        code.exit();
    }

    @Test
    void anIteratorGoesThroughAllThreads() {
        int own = new File("/proc/self/task").list().length;
        int function = Btf.ofRunningKernel(Set.of("bpf_iter_task")).require(Kind.FUNC, "bpf_iter_task");
        try (BpfMap counts = BpfMap.array("counts", 8, 1);
                Mapping mapping = Syscalls.map(counts.descriptor(), PAGE_BYTES, "map counts", "")) {
            code.load(Width.LONG, Reg.R6, Reg.R1, 8);
            code.jump(If.EQUAL, Reg.R6, 0, end);
            countInto(counts);
            try (BpfProgram program = BpfProgram.ofIterator("count_tasks", code.assemble(), function)) {
                program.iterate();
            }
            long seen = mapping.memory().get(JAVA_LONG, 0);
            assertTrue(seen > own && seen < 1_000_000, seen + " threads, of which " + own + " are this test's");
        }
    }

    @Test
    void theKernelTellsWhereItsFunctionsAre() throws IOException {
        String name = "flush_to_ldisc";
        try (Stream<String> lines = Files.lines(Path.of("/proc/kallsyms"), StandardCharsets.ISO_8859_1)) {
            String line = lines.filter(text -> text.endsWith(" " + name)).findFirst().orElseThrow();
            assertEquals(Long.parseUnsignedLong(line.substring(0, line.indexOf(' ')), 16), Symbols.address(name));
        }
        assertEquals(0, Symbols.address("no_such_function_in_any_kernel"));
    }

    @Test
    void aMapTakesManyAtOnce() {
        try (BpfMap set = BpfMap.set("set", 3);
                BpfMap first = BpfMap.ring(PAGE_BYTES);
                BpfMap second = BpfMap.ring(PAGE_BYTES);
                BpfMap rings = BpfMap.arrayOfMaps("rings", first, 2)) {
            set.putAll(new int[] {7, 9}, new int[] {1, 1});
            set.remove(7);
            set.remove(9);
            assertThrows(SyscallException.class, () -> set.remove(8));
            rings.putAll(new int[] {1, 0}, new int[] {second.fd(), first.fd()});
            assertThrows(SyscallException.class, () -> rings.putAll(new int[] {0, 2}, new int[] {first.fd(), first.fd()}));
        }
    }

    @Test
    void aTracepointsProgramRunsUntilItIsClosed() throws InterruptedException {
        int typedef = Btf.ofRunningKernel(Set.of("btf_trace_sched_switch")).require(Kind.TYPEDEF, "btf_trace_sched_switch");
        try (BpfMap counts = BpfMap.array("counts", 8, 1);
                Mapping mapping = Syscalls.map(counts.descriptor(), PAGE_BYTES, "map counts", "")) {
            countInto(counts);
            try (BpfProgram program = BpfProgram.ofTracepoint("count_switches", code.assemble(), typedef)) {
                TimeUnit.MILLISECONDS.sleep(5);
                assertEquals(0, mapping.memory().get(JAVA_LONG, 0), "not attached yet");
                program.attach();
                for (int i = 0; i < 20; i++) {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
                assertTrue(mapping.memory().get(JAVA_LONG, 0) >= 20, "each sleep is a switch");
                assertEquals(0, program.misses());
            }
            long after = mapping.memory().get(JAVA_LONG, 0);
            TimeUnit.MILLISECONDS.sleep(20);
            assertEquals(after, mapping.memory().get(JAVA_LONG, 0), "it runs on");
        }
    }

    /** It reads what need not be there: one sentence with the verifier's own reason. */
    @Test
    void whatTheVerifierRefusesIsSaidInOneLine() {
        int function = Btf.ofRunningKernel(Set.of("bpf_iter_task")).require(Kind.FUNC, "bpf_iter_task");
        code.load(Width.LONG, Reg.R6, Reg.R1, 8);
        code.load(Width.LONG, Reg.R6, Reg.R6, 0);
        code.exit();
        String message = assertThrows(BpfException.class, () -> BpfProgram.ofIterator("bad", code.assemble(), function)).getMessage();
        assertTrue(message.contains("'bad'") && message.contains("R6") && !message.contains("\n"), message);
    }
}
