package ktrace.analysis;

/**
 * What ktrace itself took from the machine.
 *
 * @param cpuNs user and system time of all its threads in the window
 * @param rssBytes resident memory at the end of the window
 */
public record SelfUsage(long cpuNs, long rssBytes) {
    public static final SelfUsage NONE = new SelfUsage(0, 0);
}
