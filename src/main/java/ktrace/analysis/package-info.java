/**
 * What the events mean: per process the latency of system calls, the states of threads and who waits for whom.
 *
 * <pre>
 *  TraceEvent, stamped by the tracker
 *      │
 *      ▼
 *  ProcessShard ──► Scheduling ──► ThreadStates    where each thread's time goes
 *   (one thread)        └────────► WaitEnds ──► IpcWaits    for what, ended by whom
 *      │     └────► CallPairing ──► SyscallLatency    how often, how long, with which errors
 *      │ INTERVAL, END
 *      ▼
 *  ShardReport ──► ShardSnapshot ──► SummaryAssembler ──► Summary
 *                                     (joins the shards)
 * </pre>
 *
 * <p>Sums are kept per window and added up to those of the trace when a window ends, so that an event touches one set of them.
 * Memory is bounded by {@code Limits}: what is beyond is summed up, and counted.
 */
package ktrace.analysis;
