package ktrace.ctf.read;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import ktrace.ctf.tsdl.TraceMetadata.Clock;
import org.junit.jupiter.api.Test;

class TickClockTest {
    @Test
    void theOffsetIsSecondsAndTicksTogether() {
        assertEquals(new TickClock(1000, 5_250_000_000L),
                TickClock.of(Map.of("monotonic", new Clock("monotonic", null, 1000, 5, 250))));
    }
}
