package ktrace.export;

/**
 * Where a trace was recorded, as uname(2) and the clocks had it; an empty text is not known.
 *
 * @param machine as uname(2) calls the architecture whose system calls the trace has, {@code x86_64}
 * @param realtimeOffsetNs CLOCK_REALTIME - CLOCK_MONOTONIC
 */
public record TracedMachine(String hostname, String sysname, String release, String version, String machine,
        long realtimeOffsetNs) {
}
