/**
 * The collector that slows nobody: perf_event_open(2).
 *
 * <pre>
 *   attach   PerfCollector ──► CpuOpener, TaskEvents ──► EventOpener ──► descriptors, one ring for each CPU
 *   then     PerfRingBuffer ──► PerfStream (one for each CPU) ──► RecordDecoder, by RawLayout ──► the slot
 * </pre>
 *
 * <p>Attaching is on any thread; all else is on the poller's. Offsets of fields come from the kernel's format files, never from the
 * source. Records are read in place, and stay in the ring until there is room for them further on: only there can an event be lost,
 * and the kernel counts it.
 */
package ktrace.perf;
