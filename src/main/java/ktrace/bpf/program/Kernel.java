package ktrace.bpf.program;

import java.util.HashSet;
import java.util.Set;
import ktrace.bpf.kernel.BpfException;
import ktrace.bpf.kernel.Btf;
import ktrace.bpf.kernel.Btf.Kind;

/** Where the running kernel has what the programs read. */
public final class Kernel {
    private static final String ITERATOR = "bpf_iter_task";

    private final Btf btf;

    /** @throws BpfException when it does not tell */
    public static Kernel running() {
        Set<String> names = new HashSet<>(Set.of("task_struct", "pt_regs", "linux_binprm", "cfs_rq", ITERATOR, ".data..percpu",
                "runqueues", "__preempt_count"));
        for (RecordKind kind : RecordKind.ALL) {
            names.add(kind.typedef());
        }
        return new Kernel(Btf.ofRunningKernel(names));
    }

    private Kernel(Btf btf) {
        this.btf = btf;
    }

    int typedefOf(RecordKind kind) {
        return btf.require(Kind.TYPEDEF, kind.typedef());
    }

    int taskIterator() {
        return btf.require(Kind.FUNC, ITERATOR);
    }

    Btf.Field field(String struct, String path) {
        return btf.field(struct, path);
    }

    /** Since 5.18 sched_switch hands over the state of who goes; before, it is read from the task, whose field changed its name. */
    boolean switchTellsState() {
        return btf.tracepointArguments(typedefOf(RecordKind.SCHED_SWITCH)) >= 4;
    }

    String stateOfTask() {
        return btf.has("task_struct", "__state") ? "__state" : "state";
    }

    /** From a CPU's {@code runqueues} to its {@code __preempt_count}. */
    int fromRunqueuesToPreemptCount() {
        int runqueues = btf.perCpuVariable("runqueues");
        int preemptCount = btf.perCpuVariable("__preempt_count");
        if (runqueues < 0 || preemptCount < 0) {
            throw new BpfException("this kernel's types do not tell where a CPU counts its interrupts, without which a wake-up by"
                    + " one would look like one by whom it interrupted");
        }
        return preemptCount - runqueues;
    }
}
