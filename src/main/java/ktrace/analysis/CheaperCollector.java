package ktrace.analysis;

/**
 * Another collector would have cost the machine less, by who made how many system calls: {@link ktrace.event.Fact.OfCollector}.
 *
 * @param name which, as {@code -c} takes it
 * @param sinceNs from when on, first in the window
 * @param forNs for how long in the window, all together
 * @param othersPerSecond system calls of those that are not traced, as they were last
 * @param targetsPerSecond of those that are
 */
public record CheaperCollector(String name, long sinceNs, long forNs, long othersPerSecond, long targetsPerSecond) {
}
