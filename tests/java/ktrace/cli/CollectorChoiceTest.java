package ktrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class CollectorChoiceTest {
    /** What knows the scheduler as well as programs in the kernel do comes in their place, and what comes after them still does. */
    @Test
    void whereOthersMakeTheCallsPerfTakesThose() {
        assertEquals(List.of("perf+bpf", "perf", "ptrace"), CollectorChoice.sparingOthers(List.of("bpf", "perf", "ptrace")));
        assertEquals(List.of("perf", "ptrace"), CollectorChoice.sparingOthers(List.of("perf", "ptrace")));
    }
}
