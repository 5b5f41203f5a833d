/** Summaries and traces in the formats of other tools: JSON lines, Perfetto. */
package ktrace.export;
