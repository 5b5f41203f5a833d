package ktrace.ctf;

import ktrace.event.EventSource.Capabilities;
import ktrace.system.Targets;

/**
 * What a trace says of where it was recorded.
 *
 * @param collector where the events come from: {@link ktrace.event.EventSource#name}
 * @param seen what they can tell
 * @param shards into how many parts the aggregates are divided: an older ktrace reads it, and joins the same rows
 * @param ktraceVersion of the recorder
 * @param hostname of the machine
 * @param kernelRelease as uname(2) gives it
 * @param kernelVersion as uname(2) gives it
 * @param machine as uname(2) gives it, {@code x86_64}
 * @param realtimeOffsetNs CLOCK_REALTIME less CLOCK_MONOTONIC
 * @param scope whom the trace is of, as it was asked for
 * @param targets the same in numbers
 */
public record TraceEnvironment(String collector, Capabilities seen, int shards, String ktraceVersion, String hostname, String kernelRelease,
        String kernelVersion, String machine, long realtimeOffsetNs, String scope, Targets targets) {
}
