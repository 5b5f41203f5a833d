package ktrace.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import ktrace.bpf.BpfCollector;
import ktrace.bpf.BpfTarget;
import ktrace.bpf.kernel.BpfException;
import ktrace.cli.options.Notice;
import ktrace.cli.options.TraceOptions;
import ktrace.cli.options.UserError;
import ktrace.cli.targets.TargetCheck;
import ktrace.decode.calls.CallSet;
import ktrace.event.Collector;
import ktrace.joint.PerfAndBpf;
import ktrace.linux.Abi;
import ktrace.linux.SyscallException;
import ktrace.linux.uapi.Uapi;
import ktrace.perf.CallCensus;
import ktrace.perf.PerfCollector;
import ktrace.perf.PerfException;
import ktrace.perf.PerfTarget;
import ktrace.ptrace.CallWish;
import ktrace.ptrace.PtraceCollector;
import ktrace.ptrace.PtraceTarget;
import ktrace.tracefs.TraceFs;
import ktrace.tracefs.TracepointException;

/**
 * Opens the first of the collectors that were asked for which the kernel allows.
 *
 * @param onExec the one target is a command that is held before its exec
 * @param text which calls are wanted as text from a collector that can read their callers' memory; null: none
 * @param filtered only these calls are to stop the command, which then ends with ktrace
 * @param given of which calls it is wanted what they are given, from a collector that can read no more than that
 */
record CollectorChoice(TraceOptions options, List<Integer> tgids, boolean wholeSystem, boolean onExec, CallWish text,
        boolean filtered, CallSet given) {
    private static final long CENSUS_NS = 100_000_000;

    /** Says in a line why it is not a better one, and what would allow that. */
    Collector open() {
        List<String> names = filtered ? List.of("ptrace") : options.collectors().names();
        if (wholeSystem) {
            names = names.stream().filter(name -> !name.equals("ptrace")).toList();
            if (names.isEmpty()) {
                throw UserError.usage("-a needs bpf, perf+bpf or perf: ptrace traces the processes that are named with -p, or started with"
                        + " -- COMMAND");
            }
        } else if (options.collectors().isAuto() && names.containsAll(List.of("bpf", "perf")) && programsHarmMore()) {
            names = sparingOthers(names);
        }
        String why = null;
        for (String name : names.subList(0, names.size() - 1)) {
            try {
                return told(open(name), why);
            } catch (BpfException | PerfException | SyscallException | TracepointException | UserError e) {
                if (!isRefusal(name, e)) {
                    throw e;
                }
                why = "because " + name + " is closed: " + e.getMessage();
            }
        }
        return told(open(names.getLast()), why);
    }

    /** The same order, but with nobody else's calls running programs. */
    static List<String> sparingOthers(List<String> names) {
        return names.stream().map(name -> name.equals("bpf") ? "perf+bpf" : name).toList();
    }

    /** A program at each system call is for every process of the machine; a command has not made its calls yet. */
    private boolean programsHarmMore() {
        if (onExec) {
            return false;
        }
        Optional<CallCensus> census = CallCensus.take(TraceFs.openIfAllowed(Notice::tell), tgids, CENSUS_NS)
                .filter(CallCensus::isForPerf);
        census.ifPresent(calls -> Notice.tell(String.format(Locale.ROOT, "system calls are taken by perf, as others make %,d a"
                + " second and the traced %,d: programs in the kernel would slow all of them down; -c bpf has them all the same",
                calls.othersPerSecond(), calls.targetsPerSecond())));
        return census.isPresent();
    }

    /** @param why no better one was opened; null when this is the best */
    private static Collector told(Collector collector, String why) {
        if (why != null) {
            Notice.tell("tracing with " + collector.name() + switch (collector.name()) {
                case "ptrace" -> ", which sees no scheduler and slows system calls down, ";
                default -> ", which slows system calls down more, ";
            } + why);
        }
        return collector;
    }

    /** Whether another collector may still work. */
    private static boolean isRefusal(String name, RuntimeException e) {
        return name.contains("bpf") || switch (e) {
            case PerfException perf -> perf.refused();
            case SyscallException call -> call.errno() == Uapi.EACCES() || call.errno() == Uapi.EPERM()
                    || call.errno() == Uapi.ENOSYS();
            default -> true;
        };
    }

    private Collector open(String name) {
        return switch (name) {
            case "bpf" -> bpf();
            case "perf" -> perf();
            case "perf+bpf" -> perfAndBpf();
            default -> new PtraceCollector(new PtraceTarget(tgids, options.follow(), text, filtered));
        };
    }

    /** The kernel's descriptions of its tracepoints only name the arguments of calls. */
    private Collector bpf() {
        TargetCheck.checkPidNamespace();
        BpfTarget target = new BpfTarget(tgids, wholeSystem, options.follow(), onExec,
                given.isNone() ? null : number -> given.contains(Abi.current(), number), true);
        return new BpfCollector(TraceFs.openIfAllowed(Notice::tell), target, options.bufferBytes());
    }

    private Collector perfAndBpf() {
        TargetCheck.checkPidNamespace();
        return PerfAndBpf.open(TraceFs.open(Notice::tell), tgids, wholeSystem, options.follow(), onExec, options.bufferBytes(),
                Notice::tell);
    }

    private Collector perf() {
        TargetCheck.checkPidNamespace();
        return new PerfCollector(TraceFs.open(Notice::tell), new PerfTarget(tgids, wholeSystem, options.follow(), onExec),
                options.bufferBytes(), Notice::tell);
    }
}
