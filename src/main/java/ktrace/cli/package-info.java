/** The command line: options, wiring, exit status, and the one line that each error is. */
package ktrace.cli;
