package ktrace.analysis.graph;

/**
 * A process at one end of an {@link Edge}.
 *
 * @param startNs tells it from a later one with the same number, on CLOCK_MONOTONIC; {@link #UNOBSERVED} when ktrace did not look at
 *     it but saw it from outside
 * @param comm its name, unescaped; empty when it is not known
 */
public record Node(int pid, long startNs, String comm) {
    public static final long UNOBSERVED = Long.MIN_VALUE;

    public boolean isObserved() {
        return startNs != UNOBSERVED;
    }

    /** The same process under another name. */
    Node named(String name) {
        return new Node(pid, startNs, name);
    }
}
