/**
 * The terminal: summaries as text that tells the story at a glance, redrawn in place or as plain blocks. JLine is loaded by
 * {@link ktrace.view.LiveView} alone, because plain and JSON output shall start without it.
 */
package ktrace.view;
