package ktrace.bpf.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import ktrace.bpf.code.Instruction;
import ktrace.linux.FileDescriptor;
import ktrace.linux.SyscallException;
import ktrace.linux.Syscalls;
import ktrace.linux.tracing.BpfAbi;
import ktrace.linux.uapi.Uapi;

/** A program in the kernel, and what it is attached to. It is gone when ktrace is, in whatever way. */
public final class BpfProgram implements AutoCloseable {
    private static final int LOG_BYTES = 1 << 20;

    private final String name;
    private final FileDescriptor fd;
    private final List<FileDescriptor> links = new ArrayList<>();

    private BpfProgram(String name, FileDescriptor fd) {
        this.name = name;
        this.fd = fd;
    }

    /** For the tracepoint whose type {@code btf_trace_...} has this number. */
    public static BpfProgram ofTracepoint(String name, List<Instruction> code, int typedef) {
        return load(name, code, BpfAbi.PROG_TYPE_TRACING, BpfAbi.TRACE_RAW_TP, typedef);
    }

    /** For each of what the function {@code bpf_iter_...} of this number goes through. */
    public static BpfProgram ofIterator(String name, List<Instruction> code, int function) {
        return load(name, code, BpfAbi.PROG_TYPE_TRACING, BpfAbi.TRACE_ITER, function);
    }

    /** Attached to nothing, for {@link #runOn}; since 5.10. */
    public static BpfProgram byHand(String name, List<Instruction> code) {
        return load(name, code, BpfAbi.PROG_TYPE_RAW_TRACEPOINT, 0, 0);
    }

    /** Attached to nothing, for {@link #runWith}, which may do what programs at tracepoints may not; since 5.14. */
    static BpfProgram ofCall(String name, List<Instruction> code) {
        return load(name, code, BpfAbi.PROG_TYPE_SYSCALL, 0, 0);
    }

    private static BpfProgram load(String name, List<Instruction> code, int type, int attachType, int attachTo) {
        try (Attr attr = new Attr()) {
            MemorySegment instructions = attr.allocate((long) code.size() * Instruction.BYTES);
            for (int i = 0; i < code.size(); i++) {
                code.get(i).encode(instructions, i);
            }
            attr.number(BpfAbi.PROG_TYPE, type).number(BpfAbi.EXPECTED_ATTACH_TYPE, attachType)
                    .number(BpfAbi.ATTACH_BTF_ID, attachTo).number(BpfAbi.INSN_CNT, code.size())
                    .pointer(BpfAbi.INSNS, instructions).pointer(BpfAbi.LICENSE, attr.text("GPL"))
                    .number(BpfAbi.PROG_FLAGS, type == BpfAbi.PROG_TYPE_SYSCALL ? BpfAbi.F_SLEEPABLE : 0)
                    .name(BpfAbi.PROG_NAME, "ktrace_" + name);
            long result = attr.call(BpfAbi.PROG_LOAD);
            if (result == -Uapi.EPERM()) {
                throw new SyscallException("bpf", (int) -result, "load the BPF program '" + name + "'",
                        "it needs root, or CAP_BPF and CAP_PERFMON, and a kernel that is not locked down");
            }
            if (result < 0) {
                throw refused(name, attr);
            }
            return new BpfProgram(name, Syscalls.owned(result));
        }
    }

    /** Has the verifier say why: that it does not write down while all goes well. */
    private static BpfException refused(String name, Attr attr) {
        MemorySegment log = attr.allocate(LOG_BYTES);
        attr.number(BpfAbi.LOG_LEVEL, 1).number(BpfAbi.LOG_SIZE, LOG_BYTES).pointer(BpfAbi.LOG_BUF, log);
        attr.call(BpfAbi.PROG_LOAD);
        String reason = log.getString(0).lines().filter(line -> !line.startsWith("processed ")).reduce((first, last) -> last)
                .orElse("it does not say why");
        return new BpfException("this kernel refuses the BPF program '" + name + "': " + reason.strip());
    }

    public String name() {
        return name;
    }

    /** From now on it runs at its tracepoint. */
    public void attach() {
        try (Attr attr = new Attr()) {
            attr.number(BpfAbi.RAW_TRACEPOINT_PROG_FD, fd.number());
            links.add(attr.open(BpfAbi.RAW_TRACEPOINT_OPEN, "attach the BPF program '" + name + "'"));
        }
    }

    /** For {@link #attachToFaults}. */
    public static BpfProgram ofCounter(String name, List<Instruction> code) {
        return load(name, code, BpfAbi.PROG_TYPE_PERF_EVENT, 0, 0);
    }

    /**
     * From now on it runs with each page fault on that CPU that had to wait for its page; since 5.15.
     *
     * @return whether the kernel does that
     */
    public boolean attachToFaults(int cpu) {
        try (FileDescriptor counter = MajorFaults.open(cpu); Attr attr = new Attr()) {
            long link = counter == null ? -1 : attr.number(BpfAbi.LINK_PROG_FD, fd.number())
                    .number(BpfAbi.LINK_TARGET_FD, counter.number()).number(BpfAbi.LINK_ATTACH_TYPE, BpfAbi.PERF_EVENT)
                    .call(BpfAbi.LINK_CREATE);
            if (link >= 0) {
                // It keeps the counter.
                links.add(Syscalls.owned(link));
            }
            return link >= 0;
        }
    }

    /** Runs it once on a CPU, on top of whatever goes on there; not where the CPU is off. */
    public void runOn(int cpu) {
        try (Attr attr = new Attr()) {
            attr.number(BpfAbi.TEST_PROG_FD, fd.number()).number(BpfAbi.TEST_FLAGS, BpfAbi.F_TEST_RUN_ON_CPU)
                    .number(BpfAbi.TEST_CPU, cpu);
            attr.call(BpfAbi.PROG_TEST_RUN);
        }
    }

    /** Runs it once on eight bytes of memory, and gives what it has made of them. */
    long runWith(long value) {
        try (Attr attr = new Attr()) {
            MemorySegment context = attr.allocate(Long.BYTES);
            context.set(JAVA_LONG, 0, value);
            attr.number(BpfAbi.TEST_PROG_FD, fd.number()).number(BpfAbi.TEST_CTX_SIZE_IN, Long.BYTES)
                    .pointer(BpfAbi.TEST_CTX_IN, context).require(BpfAbi.PROG_TEST_RUN, "run the BPF program '" + name + "'");
            return context.get(JAVA_LONG, 0);
        }
    }

    /** Has an iterator go through all that there is, once. */
    public void iterate() {
        try (Attr linked = new Attr(); Attr created = new Attr()) {
            linked.number(BpfAbi.LINK_PROG_FD, fd.number()).number(BpfAbi.LINK_ATTACH_TYPE, BpfAbi.TRACE_ITER);
            links.add(linked.open(BpfAbi.LINK_CREATE, "attach the BPF program '" + name + "'"));
            created.number(BpfAbi.ITER_LINK_FD, links.getLast().number());
            try (FileDescriptor iterator = created.open(BpfAbi.ITER_CREATE, "run the BPF program '" + name + "'")) {
                // The program writes nothing: one read goes through all.
                Syscalls.read(iterator, created.allocate(8), 8, "run the BPF program '" + name + "'");
            }
        }
    }

    /** How often it did not run because it would have run on top of itself; 0 where the kernel does not tell (before 5.12). */
    public long misses() {
        try (Attr attr = new Attr()) {
            MemorySegment info = attr.allocate(BpfAbi.RECURSION_MISSES + Long.BYTES);
            attr.number(BpfAbi.INFO_BPF_FD, fd.number()).number(BpfAbi.INFO_LEN, (int) info.byteSize())
                    .pointer(BpfAbi.INFO, info);
            return attr.call(BpfAbi.OBJ_GET_INFO_BY_FD) < 0 ? 0
                    : info.get(JAVA_LONG, BpfAbi.RECURSION_MISSES);
        }
    }

    @Override
    public void close() {
        links.forEach(FileDescriptor::close);
        fd.close();
    }
}
