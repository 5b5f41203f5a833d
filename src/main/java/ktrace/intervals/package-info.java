/**
 * A thread's time as intervals: running, ready, blocked for what and until whom.
 *
 * <pre>
 *  TraceEvent, stamped by the tracker
 *      │
 *      ▼
 *  Intervals ──► Scheduling ──► TimeLine ──────────► IntervalSink    where each thread's time goes
 *      └───────► CallWaits ───► WaitEnds ──────────►      │          for what, ended by whom
 *                                                         ▼
 *                                            sums (analysis), slices and rows (export)
 * </pre>
 *
 * <p>What a thread waits for the stamps say. State machines only: nothing here adds up or keeps what is over. The one {@link
 * ktrace.intervals.Interval} is overwritten for each that is handed over.
 */
package ktrace.intervals;
