package ktrace.ctf;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import ktrace.system.Targets;

/** Whom a trace is of, as entries of its environment: a reader's tracker must observe whom the recorder's did. */
public final class RecordedTargets {
    private static final String OWN = "ktrace_pid";
    private static final String PROCESSES = "ktrace_targets";
    private static final String FOLLOW = "ktrace_follow";
    private static final String FLIGHT = "ktrace_flight";
    private static final String ALL = "all";

    private RecordedTargets() {
    }

    /** The entries in TSDL. */
    public static String entries(Targets targets) {
        String processes = targets.wholeSystem() ? ALL
                : targets.tgids().stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
        return "\t" + OWN + " = " + targets.ownTgid() + ";\n\t" + PROCESSES + " = \"" + processes + "\";\n\t" + FOLLOW + " = "
                + (targets.followChildren() ? 1 : 0) + ";\n" + (targets.told() ? "\t" + FLIGHT + " = 1;\n" : "");
    }

    /** Whom the trace with this environment is of; all that is in it, where it does not tell. */
    public static Targets of(Map<String, Object> environment) {
        int own = environment.get(OWN) instanceof Long pid ? pid.intValue() : -1;
        if (!(environment.get(PROCESSES) instanceof String processes) || !processes.matches("\\d{1,9}(,\\d{1,9})*")) {
            return Targets.everything(own);
        }
        Targets targets = Targets.processes(own, Arrays.stream(processes.split(",")).map(Integer::valueOf).toList());
        if (environment.get(FOLLOW) instanceof Long follow && follow == 0) {
            targets = targets.withoutChildren();
        }
        return environment.get(FLIGHT) instanceof Long flight && flight == 1 ? targets.withThoseTold() : targets;
    }
}
