package ktrace.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Programs in the kernel pay where the targets make more than one in fifteen calls, and nothing matters on a quiet machine. */
class CallCensusTest {
    private static final long SECOND_NS = 1_000_000_000;

    @Test
    void aBusyMachineBesideATargetThatSleepsIsForPerf() {
        CallCensus census = new CallCensus(0, 1_000_000, SECOND_NS);
        assertEquals(0.14, census.spared(), 1e-9);
        assertTrue(census.isForPerf());
    }

    @Test
    void aTargetThatMakesTheCallsIsForPrograms() {
        assertFalse(new CallCensus(100_000, 1_000_000, SECOND_NS).isForPerf());
        assertTrue(new CallCensus(60_000, 1_000_000, SECOND_NS).isForPerf());
        assertFalse(new CallCensus(1_000_000, 0, SECOND_NS).isForPerf());
    }

    @Test
    void whatIsLessThanAHundredthOfACpuDoesNotMatter() {
        assertFalse(new CallCensus(0, 0, SECOND_NS).isForPerf());
        assertFalse(new CallCensus(0, 70_000, SECOND_NS).isForPerf());
        assertTrue(new CallCensus(0, 72_000, SECOND_NS).isForPerf());
        assertTrue(new CallCensus(0, 7_200, SECOND_NS / 10).isForPerf(), "as many in a second");
        assertEquals(72_000, new CallCensus(0, 7_200, SECOND_NS / 10).othersPerSecond());
    }
}
