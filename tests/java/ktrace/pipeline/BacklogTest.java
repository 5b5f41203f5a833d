package ktrace.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When ktrace hastens since events might be lost, and when it does no more. */
class BacklogTest {
    private static final long MS = 1_000_000;

    private final List<String> done = new ArrayList<>();
    private final Backlog backlog = new Backlog(() -> done.add("catch up"), () -> done.add("calm down"));

    private void round(long fromMs, long toMs) {
        backlog.begins(fromMs * MS);
        for (long ms = fromMs; ms <= toMs; ms += 5) {
            backlog.goesOn(ms * MS);
        }
    }

    /** What comes is not known at the begin. */
    @Test
    void shortRoundsAreNoReasonAndAfterASecondItIsCalm() {
        for (int ms = 0; ms < 10_000; ms += 49) {
            round(ms, ms + 49);
            assertEquals(ms > 1000 ? List.of("calm down") : List.of(), done);
        }
    }

    @Test
    void oneOfALongRoundIsUntilAllHaveBeenShortForASecond() {
        round(0, 49);
        round(50, 150);
        assertEquals(List.of("catch up"), done);
        for (int ms = 160; ms < 1150; ms += 10) {
            round(ms, ms + 5);
        }
        assertEquals(List.of("catch up"), done);
        round(1151, 1152);
        assertEquals(List.of("catch up", "calm down"), done);
        round(5000, 5001);
        assertEquals(List.of("catch up", "calm down"), done);
    }

    @Test
    void moreOfThemArePartOfTheSame() {
        round(0, 100);
        round(1050, 1150);
        round(2100, 2101);
        assertEquals(List.of("catch up"), done);
        round(2200, 2201);
        assertEquals(List.of("catch up", "calm down"), done);
        round(3000, 3100);
        assertEquals(List.of("catch up", "calm down", "catch up"), done);
    }
}
