/**
 * The waits of a process, in rows by what was waited for and who ended that, and each row by thread.
 * {@link ktrace.analysis.waits.ProcessWaits} bounds how many there are.
 */
package ktrace.analysis.waits;
