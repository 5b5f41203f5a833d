package ktrace.analysis.shard;

import ktrace.analysis.CheaperCollector;
import ktrace.event.Fact;

/** For how long another collector would have cost less, in each window and altogether. Owned by the shard's thread. */
final class Cheaper {
    private static final Fact.OfCollector NONE = new Fact.OfCollector("", 0, 0);

    private final Sum window = new Sum();
    private final Sum soFar = new Sum();
    private Fact.OfCollector now = NONE;
    private long countedUntilNs;

    /** Since {@code nowNs} it is so. */
    void told(Fact.OfCollector fact, long nowNs) {
        count(nowNs);
        now = fact;
    }

    /** What is to be said of the window that ends now; null: nothing. */
    CheaperCollector ofWindow(long endNs) {
        count(endNs);
        CheaperCollector told = window.told();
        window.forNs = 0;
        return told;
    }

    /** The same of all windows that have ended. */
    CheaperCollector soFar() {
        return soFar.told();
    }

    private void count(long untilNs) {
        if (!now.cheaper().isEmpty()) {
            window.add(now, countedUntilNs, untilNs);
            soFar.add(now, countedUntilNs, untilNs);
        }
        countedUntilNs = untilNs;
    }

    private static final class Sum {
        private Fact.OfCollector latest = NONE;
        private long sinceNs;
        private long forNs;

        void add(Fact.OfCollector fact, long fromNs, long untilNs) {
            if (forNs == 0) {
                sinceNs = fromNs;
            }
            latest = fact;
            forNs += untilNs - fromNs;
        }

        CheaperCollector told() {
            return forNs == 0 ? null
                    : new CheaperCollector(latest.cheaper(), sinceNs, forNs, latest.othersPerSecond(), latest.targetsPerSecond());
        }
    }
}
