package ktrace.ctf.write;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.ctf.write.EventIds.News;
import org.junit.jupiter.api.Test;

/** Which events get the few short ids. */
class EventIdsTest {
    private static final int LIMIT = 256;

    private final EventIds ids = new EventIds();

    private News use(int number, int times) {
        News news = News.NOTHING;
        for (int i = 0; i < times; i++) {
            news = ids.count(number);
        }
        return news;
    }

    @Test
    void theFirstUseIsDeclaredAndTheOthersAreNot() {
        assertEquals(News.FIRST, ids.count(7));
        for (int use = 2; use < LIMIT; use++) {
            assertEquals(News.NOTHING, ids.count(7), "use " + use);
            assertEquals(EventIds.COMPACT, ids.compact(7), "use " + use);
        }
    }

    @Test
    void the256thUseBringsACompactIdForGood() {
        use(7, LIMIT - 1);
        assertEquals(News.OFTEN, ids.count(7));
        assertEquals(0, ids.compact(7));
        assertEquals(News.NOTHING, use(7, 3 * LIMIT), "and is not declared a third time");
        assertEquals(0, ids.compact(7));
    }

    @Test
    void compactIdsAreGivenInTheOrderOfNeedAndOnlyOnce() {
        for (int i = 0; i < EventIds.COMPACT; i++) {
            assertEquals(News.OFTEN, use(1000 - i, LIMIT));
            assertEquals(i, ids.compact(1000 - i));
        }
    }

    @Test
    void whoComesWhenTheyAreGoneKeepsTheExtendedOne() {
        assertEquals(News.FIRST, ids.count(500));
        for (int number = 0; number < EventIds.COMPACT; number++) {
            use(number, LIMIT);
        }
        assertEquals(News.NOTHING, use(500, 2 * LIMIT), "seen before, never promoted");
        assertEquals(News.FIRST, ids.count(501), "a new one must still be declared");
        assertEquals(News.NOTHING, use(501, 2 * LIMIT));
        assertEquals(EventIds.COMPACT, ids.compact(500));
        assertEquals(EventIds.COMPACT, ids.compact(501));
        assertEquals(30, ids.compact(30));
    }

    @Test
    void extendedIdsCollideWithNoCompactOne() {
        assertEquals(EventIds.COMPACT, EventIds.extended(0));
        assertEquals(EventIds.COMPACT + 8223, EventIds.extended(8223));
    }
}
