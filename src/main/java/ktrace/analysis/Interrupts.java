package ktrace.analysis;

import ktrace.event.Evidence.Interrupt;

/**
 * What the interrupts came of that ended the waits of a {@link WaitSummary}: how many of each, where that is known.
 *
 * @param timedOut the call said that its time was up
 * @param timer a sleep ran to its end, a timer went off
 * @param network another machine sent something
 * @param from that machine's end of the connection, {@code HOST:PORT}; null when {@code network} is 0
 */
public record Interrupts(long timedOut, long timer, long disk, long network, String from) {
    public static final Interrupts NONE = new Interrupts(0, 0, 0, 0, null);

    /** Those of both; where they come from different machines, none is named. */
    public Interrupts plus(Interrupts other) {
        String machine = from == null ? other.from : other.from == null || from.equals(other.from) ? from : null;
        return new Interrupts(timedOut + other.timedOut, timer + other.timer, disk + other.disk, network + other.network, machine);
    }

    /** What all of {@code count} came of; {@link Interrupt#UNKNOWN} when they did not come of one and the same. */
    public Interrupt ofAll(long count) {
        return count == 0 ? Interrupt.UNKNOWN : timedOut >= count ? Interrupt.TIMED_OUT : timer >= count ? Interrupt.TIMER
                : disk >= count ? Interrupt.DISK : network >= count ? Interrupt.NETWORK : Interrupt.UNKNOWN;
    }
}
