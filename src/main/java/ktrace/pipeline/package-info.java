/**
 * The way of an event: merged across CPUs in time order, stamped, carried by the Disruptor to its readers, and the threads and the
 * life of a session.
 *
 * <pre>
 *  kernel rings   poller thread                                              readers' threads
 *  CPU 0 ─┐
 *  CPU 1 ─┼─ EventMerger ──► SystemTracker ──► EventRing ──────────────────► CtfWriter
 *  CPU n ─┤       ▲              │ asks        (full: the record        ├──► ProcessShard
 *  own   ─┘       │              ▼              stays in the kernel)     └──► CallLog, exporters
 *                 └────────── Resolver (its own threads)
 * </pre>
 */
package ktrace.pipeline;
