package ktrace.ctf;

/** What the files of a trace are called, other than those of a CPU's events. */
public final class TraceFileNames {
    /** As CTF 1.8.3 has it (7.1). */
    public static final String METADATA = "metadata";
    /** The stream of {@link DiscoveryEvent}s. */
    public static final String DISCOVERIES = "discoveries";

    private TraceFileNames() {
    }
}
