package ktrace.ctf;

import java.util.Map;
import java.util.StringJoiner;
import ktrace.event.EventSource.Capabilities;

/** What the recorder's source could see, as entries of a trace's environment. */
public final class RecordedCapabilities {
    private static final String SEES = "ktrace_sees";
    private static final String SWITCHES = "ktrace_switches";
    private static final String TRACED = "traced";
    private static final String SCHEDULER = "scheduler";
    private static final String MEMORY = "memory";
    private static final String STATUS = "status";
    private static final String TEXTS = "texts";

    private RecordedCapabilities() {
    }

    /** The entries in TSDL; the second is for other readers, who take CPUs for idle, or for somebody's, by what is not there. */
    public static String entries(Capabilities seen) {
        StringJoiner words = new StringJoiner(",");
        if (seen.scheduler()) {
            words.add(SCHEDULER);
        }
        if (seen.userMemory()) {
            words.add(MEMORY);
        }
        if (seen.exitStatus()) {
            words.add(STATUS);
        }
        if (seen.texts()) {
            words.add(TEXTS);
        }
        return "\t" + SEES + " = \"" + words + "\";\n"
                + (seen.scheduler() && seen.tracedAlone() ? "\t" + SWITCHES + " = \"" + TRACED + "\";\n" : "");
    }

    /** LTTng's traces are of tracepoints; ktrace 0.1 did not tell, and had two collectors. */
    public static Capabilities of(Map<String, Object> environment) {
        if (environment.get(SEES) instanceof String sees) {
            return new Capabilities(sees.contains(SCHEDULER), sees.contains(MEMORY), sees.contains(STATUS),
                    sees.contains(TEXTS), TRACED.equals(environment.get(SWITCHES)));
        }
        return "ptrace".equals(environment.get("ktrace_collector")) ? Capabilities.OF_STOPS : Capabilities.OF_TRACEPOINTS;
    }
}
