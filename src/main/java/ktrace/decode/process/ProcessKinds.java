package ktrace.decode.process;

import ktrace.decode.Family;
import ktrace.decode.Result;

/** The kinds of calls on processes: their births and ends, limits, and what else is told of them. */
public final class ProcessKinds {
    public static final Family ALL = new Family(ProcessKinds::result, Births::kind, Endings::kind, Limits::kind,
            ProcessControl::kind, Tracing::kind, I386Segments::kind, SecurityModules::kind, Namespaces::kind,
            Others::kind);

    private ProcessKinds() {
    }

    private static Result result(String name) {
        return switch (name) {
            case "prctl" -> ProcessControl::result;
            case "personality" -> ProcessControl::personality;
            case "sched-policy" -> Limits.result(name);
            case "membarrier", "ioprio" -> Others.result(name);
            case "entry-number" -> I386Segments::chosenEntry;
            default -> null;
        };
    }
}
