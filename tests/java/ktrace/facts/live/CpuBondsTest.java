package ktrace.facts.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.Map;
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

    private static Map<Integer, Long> stolen(String times) {
        return CpuBonds.stolenNs(times.getBytes(StandardCharsets.US_ASCII));
    }

    /** Of 6.18, of 2.6.10, which had none, and with columns that are still to come. */
    @Test
    void whatTheHypervisorTookStandsByCpu() {
        assertEquals(Map.of(0, 50_000_000L, 12, 70_000_000L), stolen("cpu  9 9 9 600 60 0 0 12 0 0\ncpu0 3 3 3 100 10 1 2 5 0 0\n"
                + "cpu1 3 3 3 200 20 1 2 0 0 0\ncpu12 3 3 3 300 30 1 2 7 0 0 99 99\nintr 5 6 7 8 9 10 11 12 13\n"));
        assertEquals(Map.of(), stolen("cpu  9 9 9 600 60 0 0\ncpu0 3 3 3 100 10 1 2\nctxt 8\n"));
        assertEquals(Map.of(), stolen("cpu0 3 3 3 100 10 1 2 x 0 0\ncpux 3 3 3 100 10 1 2 5 0 0\n"
                + "cpu0 1 1 1 1 1 1 1 99999999999999999999\n"));
        assertEquals(Map.of(), CpuBonds.stolenNs(null));
    }
}
