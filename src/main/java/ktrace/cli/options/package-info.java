/**
 * What was asked for: arguments, options and their values, whom a trace is of, and how it is told that something is wrong with them.
 * Nothing here traces or opens anything but what it looks at to refuse it.
 */
package ktrace.cli.options;
