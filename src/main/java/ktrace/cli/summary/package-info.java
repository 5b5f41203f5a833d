/** Summaries on their way to who looks at them: on a thread of their own, and no more of them than that can take. */
package ktrace.cli.summary;
