/**
 * The way of an event: merged across CPUs in time order, carried by the Disruptor from stage to stage, and the threads and the
 * life of a session.
 *
 * <pre>
 *  kernel rings      poller thread                tracker thread        shard threads
 *  CPU 0 ─┐
 *  CPU 1 ─┼─ EventMerger ──► EventRing ──────────► SystemTracker ─────► ProcessShard 0
 *  CPU n ─┤                  (full: the record                     └──► ProcessShard 1
 *  marks ─┘                   stays in the kernel)
 * </pre>
 */
package ktrace.pipeline;
