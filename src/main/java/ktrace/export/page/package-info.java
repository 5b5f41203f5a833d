/**
 * A page for the browser: one file that needs nothing else, made of a summary and of the time lines of all threads. Its other half,
 * which shows it, is in {@code src/main/web}.
 */
package ktrace.export.page;
