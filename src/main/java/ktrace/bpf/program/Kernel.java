package ktrace.bpf.program;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import ktrace.bpf.kernel.BpfException;
import ktrace.bpf.kernel.Btf;
import ktrace.bpf.kernel.Btf.Kind;
import ktrace.bpf.kernel.Symbols;

/** Where the running kernel has what the programs read. */
public final class Kernel implements AutoCloseable {
    private static final String ITERATOR = "bpf_iter_task";
    private static final String PT_REGS = "bpf_task_pt_regs";

    private final Btf btf;
    private final Map<String, Btf.Field> fields = new ConcurrentHashMap<>();
    private final Map<String, Integer> variables = new ConcurrentHashMap<>();

    /** @throws BpfException when it does not tell */
    public static Kernel running() {
        return new Kernel(Btf.ofRunningKernel(names()));
    }

    /** Those of all types that are asked for. */
    static Set<String> names() {
        Set<String> names = new HashSet<>(Set.of("task_struct", "pt_regs", "linux_binprm", "cfs_rq", ITERATOR, ".data..percpu",
                "rq", "runqueues", "__preempt_count", "pcpu_hot", "io_kiocb", "io_uring_cqe", "work_struct", "sock", "inet_sock",
                PT_REGS, "files_struct", "fdtable", "file", "inode"));
        for (RecordKind kind : RecordKind.OF_TRACEPOINTS) {
            names.add(RecordKind.typedef(kind.tracepoint()));
            names.add(RecordKind.typedef(kind.olderName()));
        }
        return names;
    }

    Kernel(Btf btf) {
        this.btf = btf;
    }

    int typedefOf(RecordKind kind) {
        int older = btf.find(Kind.TYPEDEF, RecordKind.typedef(kind.olderName()));
        return older != 0 ? older : btf.require(Kind.TYPEDEF, RecordKind.typedef(kind.tracepoint()));
    }

    /** How many arguments the tracepoint of a kind hands over. */
    int arguments(RecordKind kind) {
        return btf.tracepointArguments(typedefOf(kind));
    }

    /** Where a function of the kernel's is. */
    long address(String function) {
        long address = Symbols.address(function);
        if (address == 0) {
            throw new BpfException("this kernel does not tell where its function " + function + " is");
        }
        return address;
    }

    int taskIterator() {
        return btf.require(Kind.FUNC, ITERATOR);
    }

    /** Whether a program can ask with which registers a thread entered the kernel: since 5.15. */
    boolean tellsRegisters() {
        return btf.find(Kind.FUNC, PT_REGS) != 0;
    }

    /** Most programs ask for the same. */
    Btf.Field field(String struct, String path) {
        return fields.computeIfAbsent(struct + " " + path, asked -> btf.field(struct, path));
    }

    /** Since 5.18 sched_switch hands over the state of who goes; before, it is read from the task, whose field changed its name. */
    boolean switchTellsState() {
        return arguments(RecordKind.SCHED_SWITCH) >= 4;
    }

    /** Whether the scheduler keeps when a thread has come to run, by a clock of the CPU's own: with CONFIG_SCHED_INFO, as all have. */
    boolean tellsArrival() {
        return btf.has("task_struct", "sched_info.last_arrival") && btf.has("rq", "clock");
    }

    String stateOfTask() {
        return btf.has("task_struct", "__state") ? "__state" : "state";
    }

    /** On which CPU a task is; since 5.16 a part of what the architecture keeps of it. */
    String cpuOfTask() {
        return btf.has("task_struct", "thread_info.cpu") ? "thread_info.cpu" : "cpu";
    }

    /** From a CPU's {@code runqueues} to where it counts what must not be preempted, interrupts among them. */
    int fromRunqueuesToPreemptCount() {
        int runqueues = variable("runqueues");
        int preemptCount = preemptCount();
        if (runqueues < 0 || preemptCount < 0) {
            throw new BpfException("this kernel's types do not tell where a CPU counts its interrupts, without which a wake-up by"
                    + " one would look like one by whom it interrupted");
        }
        return preemptCount - runqueues;
    }

    private int variable(String name) {
        return variables.computeIfAbsent(name, btf::perCpuVariable);
    }

    /** From 6.2 to 6.14 it lies with other things that are often wanted. */
    private int preemptCount() {
        int hot = variable("pcpu_hot");
        return hot < 0 ? variable("__preempt_count") : hot + btf.field("pcpu_hot", "preempt_count").offsetBytes();
    }

    /** Its types are asked for no more. */
    @Override
    public void close() {
        btf.close();
    }
}
