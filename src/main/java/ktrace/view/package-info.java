/**
 * Where summaries go: a live screen, plain blocks of text, or documents that somebody else writes. What is told comes from
 * {@code story}; how it is laid out is in {@code view.summary}, what a terminal can do in {@code view.screen}, and the line for
 * each call in {@code view.log}. Summaries are only read; standard output, standard error and the terminal are written to.
 */
package ktrace.view;
