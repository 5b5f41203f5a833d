package ktrace.cli;

import java.io.IOException;
import ktrace.linux.HeldProcess;
import ktrace.linux.SyscallException;
import ktrace.perf.PerfException;
import ktrace.tracefs.TracepointException;

/** {@code ktrace [OPTIONS] SCOPE}: the live summary. */
final class LiveCommand {
    private final LiveOptions options;
    private final Scope scope;

    LiveCommand(LiveOptions options, Scope scope) {
        this.options = options;
        this.scope = scope;
    }

    /** Traces until the end; gives the exit status. */
    int run() {
        if (!options.collector().equals("auto") && !options.collector().equals("perf")) {
            throw UserError.usage("no collector '" + options.collector() + "': use auto or perf");
        }
        TargetCheck.checkPidNamespace();
        if (scope instanceof Scope.Running running) {
            TargetCheck.check(running.pids());
        }
        try {
            return scope instanceof Scope.Command command ? runCommand(command) : new LiveTrace(options, scope, null).run();
        } catch (SyscallException | PerfException | TracepointException e) {
            throw UserError.failed(e.getMessage());
        } catch (IOException e) {
            throw UserError.failed("cannot start the command: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitStatus.FAILED;
        }
    }

    private int runCommand(Scope.Command command) throws IOException, InterruptedException {
        try (HeldProcess held = new HeldProcess(CommandWords.raw(command.words()))) {
            return new LiveTrace(options, scope, held).run();
        }
    }
}
