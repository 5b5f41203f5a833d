/**
 * What changed between two runs: which call, which wait of whom for whom, and on whom it ended and why; and whether a change stands
 * out of the noise.
 *
 * <pre>
 *  recorded trace ──► Measuring ──┐
 *                                 ├──► Run ──► Comparison ──► Change, worst first
 *  JSON summary ────► SummaryRun ─┘
 * </pre>
 *
 * <p>Numbers of processes and of objects differ from run to run, so rows are told apart by names. Of a trace each row has its
 * durations, in the order of time, and {@link ktrace.diff.RankTest} can say what stands out; a summary has sums and percentiles only.
 */
package ktrace.diff;
