package ktrace.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import ktrace.event.EventSource;
import ktrace.linux.HeldProcess;
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
import ktrace.tracefs.TracepointFormat;

/**
 * An open collector, and what differs between the two around the stream of events.
 *
 * @param source the collector itself
 * @param startNs when attaching was complete
 * @param attachAgain has a process attached to again whose events the kernel took away, on the poller thread
 * @param endings the wait status of a target that only the collector could wait for
 * @param formats the kernel's description of a tracepoint of the system {@code syscalls}
 */
record Collector(EventSource source, long startNs, IntConsumer attachAgain, IntFunction<OptionalInt> endings,
        Function<String, TracepointFormat> formats) {
    private static final Path TRACEFS = Path.of("/sys/kernel/tracing");

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
        try {
            return perf(options, tgids, wholeSystem, onExec);
        } catch (PerfException | SyscallException | TracepointException | UserError e) {
            if (options.collector().equals("perf") || wholeSystem || !isRefusal(e)) {
                throw e;
            }
            Collector collector = ptrace(tgids, options.follow(), text, filtered);
            LiveTrace.notice("tracing with ptrace, which sees no scheduler and slows system calls down, because perf is closed: "
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
        TraceFs tracefs = TraceFs.open(LiveTrace::notice);
        PerfCollector perf = new PerfCollector(tracefs, new PerfTarget(tgids, wholeSystem, options.follow(), onExec),
                options.bufferBytes(), LiveTrace::notice);
        return new Collector(perf, perf.startNs(), perf::attachAgain, tgid -> OptionalInt.empty(),
                name -> tracefs.format("syscalls", name));
    }

    private static Collector ptrace(List<Integer> tgids, boolean follow, CallWish text, boolean filtered) {
        PtraceCollector ptrace = new PtraceCollector(new PtraceTarget(tgids, follow, text, filtered));
        return new Collector(ptrace, ptrace.startNs(), tgid -> { }, ptrace::endingOf, Collector::readableFormat);
    }

    /** ptrace needs no tracefs, and nothing is mounted for it; where it is open all the same, it tells the names of arguments. */
    private static TracepointFormat readableFormat(String name) {
        return new TraceFs(TRACEFS).format("syscalls", name);
    }

    /** The wait status of the command, when it has ended or does so within a moment; empty when it runs on. */
    OptionalInt endingOf(HeldProcess held) {
        OptionalInt status = endings.apply(held.pid());
        return status.isPresent() ? status : held.exitedWith();
    }
}
