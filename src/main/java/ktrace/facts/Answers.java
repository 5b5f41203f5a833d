package ktrace.facts;

import ktrace.event.Fact;

/** Where the answers to urgent questions come out; all others are in the stream already. Poller thread. */
public interface Answers {
    /**
     * Waits until everything that was asked with {@link Question.Urgency#NOW} has been answered, but only a moment.
     * What comes later comes out of {@link #poll} later.
     */
    void await();

    /** The next answer, or null. */
    Fact poll();

    /** None will ever come. */
    static Answers none() {
        return new Answers() {
            @Override
            public void await() {
                // Nothing was asked.
            }

            @Override
            public Fact poll() {
                return null;
            }
        };
    }
}
