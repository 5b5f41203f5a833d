package ktrace.cli;

import java.util.List;
import ktrace.bpf.BpfCollector;
import ktrace.bpf.BpfTarget;
import ktrace.cli.options.Notice;
import ktrace.cli.options.TraceOptions;
import ktrace.cli.options.UserError;
import ktrace.cli.targets.TargetCheck;
import ktrace.event.Collector;
import ktrace.linux.SyscallException;
import ktrace.linux.uapi.Uapi;
import ktrace.perf.PerfCollector;
import ktrace.perf.PerfException;
import ktrace.perf.PerfTarget;
import ktrace.ptrace.CallWish;
import ktrace.ptrace.PtraceCollector;
import ktrace.ptrace.PtraceTarget;
import ktrace.tracefs.TraceFs;
import ktrace.tracefs.TracepointException;

/** Opens the collector that was asked for, or the best one that the kernel allows. */
final class CollectorChoice {
    private CollectorChoice() {
    }

    /**
     * Opens what {@code -c} says.
     *
     * @param onExec the one target is a command that is held before its exec
     * @param filtered only these calls are to stop the command, which then ends with ktrace
     * @param text which calls are wanted as text from a collector that can read their callers' memory; null: none
     */
    static Collector open(TraceOptions options, List<Integer> tgids, boolean wholeSystem, boolean onExec, CallWish text,
            boolean filtered) {
        if (options.collector().equals("ptrace") || filtered) {
            if (wholeSystem) {
                throw UserError.usage("-a needs perf: ptrace traces the processes that are named with -p, or started with"
                        + " -- COMMAND");
            }
            return ptrace(tgids, options.follow(), text, filtered);
        }
        if (options.collector().equals("bpf")) {
            TargetCheck.checkPidNamespace();
            return new BpfCollector(TraceFs.open(Notice::tell), new BpfTarget(tgids, wholeSystem, options.follow(), onExec),
                    options.bufferBytes());
        }
        try {
            return perf(options, tgids, wholeSystem, onExec);
        } catch (PerfException | SyscallException | TracepointException | UserError e) {
            if (options.collector().equals("perf") || wholeSystem || !isRefusal(e)) {
                throw e;
            }
            Collector collector = ptrace(tgids, options.follow(), text, filtered);
            Notice.tell("tracing with ptrace, which sees no scheduler and slows system calls down, because perf is closed: "
                    + e.getMessage());
            return collector;
        }
    }

    /** Whether another collector may still work. */
    private static boolean isRefusal(RuntimeException e) {
        return switch (e) {
            case PerfException perf -> perf.refused();
            case SyscallException call -> call.errno() == Uapi.EACCES() || call.errno() == Uapi.EPERM()
                    || call.errno() == Uapi.ENOSYS();
            default -> true;
        };
    }

    private static Collector perf(TraceOptions options, List<Integer> tgids, boolean wholeSystem, boolean onExec) {
        TargetCheck.checkPidNamespace();
        return new PerfCollector(TraceFs.open(Notice::tell), new PerfTarget(tgids, wholeSystem, options.follow(), onExec),
                options.bufferBytes(), Notice::tell);
    }

    private static Collector ptrace(List<Integer> tgids, boolean follow, CallWish text, boolean filtered) {
        return new PtraceCollector(new PtraceTarget(tgids, follow, text, filtered));
    }
}
