package ktrace.facts;

import ktrace.facts.Question.Urgency;

/**
 * Whom the tracker asks. Asking returns at once, and changes nothing of what the tracker knows: the answer comes as a
 * {@link ktrace.event.Fact} in the stream, so a stream that has the answers in it means the same to a tracker whose questions
 * nobody hears.
 */
@FunctionalInterface
public interface Questions {
    /**
     * Asks. Tracker's thread.
     *
     * @return whether an answer will come; false when too much is asked already, and asking again later may help
     */
    boolean ask(Question question, Urgency urgency);

    /** Nobody hears: for streams that have the answers in them. */
    static Questions unheard() {
        return (question, urgency) -> true;
    }
}
