/** Summaries in the formats of other tools: JSON lines. */
package ktrace.export;
