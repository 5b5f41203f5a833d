package ktrace.joint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ktrace.perf.CallCensus;
import org.junit.jupiter.api.Test;

/** Others who make calls pay for programs in the kernel, targets who make calls for perf; only what lasts is told. */
class WeighingTest {
    private static final long SECOND_NS = 1_000_000_000;
    private static final CallCensus OTHERS_CALL = new CallCensus(0, 1_000_000, SECOND_NS);
    private static final CallCensus TARGETS_CALL = new CallCensus(100_000, 0, SECOND_NS);
    private static final CallCensus NOBODY_CALLS = new CallCensus(0, 0, SECOND_NS);
    /** Just enough for the choice at the begin. */
    private static final CallCensus ON_THE_BRINK = new CallCensus(0, 73_000, SECOND_NS);

    private static void hears(Weighing weighing, CallCensus census, String cheaperAtLast) {
        String before = weighing.cheaper();
        for (int i = 1; i < Weighing.IN_A_ROW; i++) {
            assertFalse(weighing.changes(census));
            assertEquals(before, weighing.cheaper(), "one alone says little");
        }
        assertEquals(!before.equals(cheaperAtLast), weighing.changes(census));
        assertEquals(cheaperAtLast, weighing.cheaper());
    }

    @Test
    void programsBesideOthersWhoCall() {
        Weighing weighing = new Weighing(false);
        hears(weighing, NOBODY_CALLS, "");
        hears(weighing, TARGETS_CALL, "");
        hears(weighing, OTHERS_CALL, "perf+bpf");
        hears(weighing, OTHERS_CALL, "perf+bpf");
        hears(weighing, NOBODY_CALLS, "");
    }

    @Test
    void perfOfTargetsWhoCall() {
        Weighing weighing = new Weighing(true);
        hears(weighing, NOBODY_CALLS, "");
        hears(weighing, OTHERS_CALL, "");
        hears(weighing, TARGETS_CALL, "bpf");
        hears(weighing, NOBODY_CALLS, "");
    }

    @Test
    void whatComesAndGoesIsNotTold() {
        Weighing weighing = new Weighing(false);
        for (int i = 0; i < 20; i++) {
            assertFalse(weighing.changes(OTHERS_CALL));
            assertFalse(weighing.changes(OTHERS_CALL));
            assertFalse(weighing.changes(NOBODY_CALLS));
        }
        assertEquals("", weighing.cheaper());
    }

    @Test
    void onTheBrinkItStaysAsItWas() {
        assertTrue(ON_THE_BRINK.isForPerf());
        Weighing weighing = new Weighing(false);
        hears(weighing, ON_THE_BRINK, "");
        hears(weighing, OTHERS_CALL, "perf+bpf");
        hears(weighing, ON_THE_BRINK, "perf+bpf");
    }
}
