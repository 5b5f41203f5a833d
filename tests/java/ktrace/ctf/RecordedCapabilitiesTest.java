package ktrace.ctf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ktrace.event.EventSource.Capabilities;
import org.junit.jupiter.api.Test;

class RecordedCapabilitiesTest {
    private static Map<String, Object> environment(Capabilities seen) {
        Map<String, Object> environment = new HashMap<>();
        Matcher entry = Pattern.compile("\t(\\w+) = \"([^\"]*)\";\n").matcher(RecordedCapabilities.entries(seen));
        while (entry.find()) {
            environment.put(entry.group(1), entry.group(2));
        }
        return environment;
    }

    @Test
    void areReadAsTheyWereWritten() {
        for (Capabilities seen : new Capabilities[] {Capabilities.OF_TRACEPOINTS, Capabilities.OF_TRACEPOINTS_AND_TEXTS,
            Capabilities.OF_STOPS, Capabilities.OF_TRACEPOINTS.ofTracedAlone(), Capabilities.OF_TRACEPOINTS_AND_TEXTS.ofTracedAlone()}) {
            assertEquals(seen, RecordedCapabilities.of(environment(seen)));
        }
    }

    @Test
    void otherReadersAreToldWhatIsNotThere() {
        assertEquals("traced", environment(Capabilities.OF_TRACEPOINTS.ofTracedAlone()).get("ktrace_switches"));
        assertEquals(Map.of("ktrace_sees", "scheduler"), environment(Capabilities.OF_TRACEPOINTS));
    }
}
