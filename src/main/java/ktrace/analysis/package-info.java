/**
 * What the intervals of all threads add up to: per process the latency of system calls, the states of threads and who waits for
 * whom. Here are the documents that views, JSON and reports are made from, and who puts them together.
 *
 * <pre>
 *  TraceEvent, stamped by the tracker
 *      │
 *      ▼
 *  shard: ProcessShard ──► Intervals ──► Sums     of all processes, on one thread
 *      │                                  ├──► StateSums            where each thread's time goes
 *      │ INTERVAL, END                    ├──► waits: ProcessWaits  for what, ended by whom
 *      ▼                                  └──► calls                how often, how long, with which errors
 *  ShardSnapshot ──► SummaryAssembler ──► Summary
 * </pre>
 *
 * <p>Sums are kept per window and added up to those of the trace when a window ends, so that an event touches one set of them.
 */
package ktrace.analysis;
