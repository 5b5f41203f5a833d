/** Whom a trace is of: which processes are meant by what was asked for, and why one cannot be traced or run. */
package ktrace.cli.targets;
