/**
 * How often each length of time occurred: {@link ktrace.analysis.lengths.Durations} while events bring them, and
 * {@link ktrace.analysis.lengths.DurationSums} of what is over.
 */
package ktrace.analysis.lengths;
