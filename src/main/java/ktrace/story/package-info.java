/**
 * What a summary tells people, wherever they read it: which rows there are and in what order, what is joined and folded, names,
 * units, figures, and the sentences of waits. No terminal is in it: text comes in pieces with a {@link ktrace.story.Tone}, escaped,
 * and a width is something that a caller passes in. {@code view} and {@code export} draw it, each in its own way.
 */
package ktrace.story;
