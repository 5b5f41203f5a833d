package ktrace.cli;

import java.io.IOException;
import java.util.List;
import ktrace.bpf.kernel.BpfException;
import ktrace.cli.options.CommandWords;
import ktrace.cli.options.ExitStatus;
import ktrace.cli.options.Scope;
import ktrace.cli.options.TraceOptions;
import ktrace.cli.options.UserError;
import ktrace.cli.targets.RunningTargets;
import ktrace.cli.targets.TargetCheck;
import ktrace.linux.SignalActions;
import ktrace.linux.SyscallException;
import ktrace.linux.child.HeldProcess;
import ktrace.linux.uapi.Uapi;
import ktrace.perf.PerfException;
import ktrace.ptrace.PtraceException;
import ktrace.tracefs.TracepointException;

/** What every command that traces does before and around it: looks at the targets, holds the command, tells errors in one line. */
final class Tracing {
    /** What a command does with a trace. */
    interface Use {
        int run(LiveTrace trace) throws IOException, InterruptedException;
    }

    private Tracing() {
    }

    /** Whom to trace. */
    static Scope scope(TraceOptions options, List<String> command) {
        Scope scope = Scope.of(options, command);
        TargetCheck.checkProc();
        return RunningTargets.of(options, scope);
    }

    /** Gives the exit status. */
    static int run(TraceOptions options, Scope scope, Use use) {
        try {
            if (scope instanceof Scope.Command command) {
                return runCommand(options, command, use);
            }
            try (LiveTrace live = new LiveTrace(options, scope, null)) {
                return use.run(live);
            }
        } catch (SyscallException | BpfException | PerfException | PtraceException | TracepointException e) {
            throw UserError.failed(e.getMessage());
        } catch (IOException e) {
            throw UserError.failed("cannot start the command: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitStatus.FAILED;
        }
    }

    private static int runCommand(TraceOptions options, Scope.Command command, Use use) throws IOException, InterruptedException {
        // Ctrl-\ is for the command, whose end ends the trace.
        SignalActions.nothingAt(Uapi.SIGQUIT());
        try (HeldProcess held = new HeldProcess(CommandWords.raw(command.words()));
                LiveTrace live = new LiveTrace(options, command, held)) {
            return use.run(live);
        }
    }
}
