/** Summaries and traces in the formats of other tools: JSON lines, CSV, Perfetto. */
package ktrace.export;
