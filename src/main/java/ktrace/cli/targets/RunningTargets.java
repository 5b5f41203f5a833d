package ktrace.cli.targets;

import java.util.ArrayList;
import java.util.List;
import ktrace.cli.options.Scope;
import ktrace.cli.options.TraceOptions;
import ktrace.cli.options.UserError;
import ktrace.facts.live.ProcessList;
import ktrace.linux.Processes;

/**
 * Which of the processes that run already are meant: those of {@code -p} that are there, those of a name, and with {@code --tree}
 * their children.
 */
public final class RunningTargets {
    private final TraceOptions options;
    private final ProcessList processes = new ProcessList(Processes.getpid());

    private RunningTargets(TraceOptions options) {
        this.options = options;
    }

    /** The scope as it is now; only one that names processes changes. */
    public static Scope of(TraceOptions options, Scope scope) {
        return scope instanceof Scope.Running running ? new RunningTargets(options).resolved(running) : scope;
    }

    private Scope resolved(Scope.Running asked) {
        List<Integer> pids = new ArrayList<>(asked.pids());
        for (String name : asked.names()) {
            List<Integer> called = processes.called(name);
            if (called.isEmpty()) {
                throw UserError.failed("no process is called " + name + "; ps -e lists those that there are");
            }
            pids.addAll(called);
        }
        List<Integer> living = TargetCheck.living(pids.stream().distinct().toList());
        List<Integer> children = processes.descendants(living);
        if (options.tree()) {
            living = new ArrayList<>(living);
            living.addAll(children);
        }
        return new Scope.Running(living, asked.names(), options.tree() ? 0 : children.size());
    }
}
