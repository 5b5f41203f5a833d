/**
 * The terminal: summaries as text that tells the story at a glance, redrawn in place or as plain blocks.
 */
package ktrace.view;
