package ktrace.facts.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import ktrace.facts.ObjectSource.Affinity;
import org.junit.jupiter.api.Test;

/** The CPUs that a thread may run on, and how long others idled. */
class CpuBondsTest {
    private static final String TIMES = "cpu  9 9 9 600 60 0 0 0 0 0\ncpu0 3 3 3 100 10 0 0 0 0 0\ncpu1 3 3 3 200 20 0 0 0 0 0\n"
            + "cpu2 3 3 3 300 30 0 0 0 0 0\nintr 5 6 7 8 9 10 11\n";

    private static Affinity of(String allowed, String times) {
        String status = "Name:\tx\nCpus_allowed:\t5\nCpus_allowed_list:\t" + allowed + "\nMems_allowed:\t1\n";
        return CpuBonds.of(status.getBytes(StandardCharsets.US_ASCII), times.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void theOthersIdledAltogether() {
        assertEquals(new Affinity("0", 5_500_000_000L), of("0", TIMES));
        assertEquals(new Affinity("0,2", 2_200_000_000L), of("0,2", TIMES));
    }

    /** Those that are not there, or are switched off, are not among the others. */
    @Test
    void allThatThereAre() {
        assertEquals(Affinity.ALL, of("0-2", TIMES));
        assertEquals(Affinity.ALL, of("0-63", TIMES));
    }

    @Test
    void whatIsNotToldIsNotKnown() {
        assertNull(CpuBonds.of(null, new byte[0]));
        assertNull(of("0-x", TIMES));
        assertEquals(Affinity.ALL, CpuBonds.of(new byte[0], TIMES.getBytes(StandardCharsets.US_ASCII)));
    }
}
