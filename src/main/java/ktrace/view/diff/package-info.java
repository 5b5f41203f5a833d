/** What changed between two runs, as lines of text. */
package ktrace.view.diff;
