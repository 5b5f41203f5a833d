/** The system calls of a process: how often, how long, with which errors. */
package ktrace.analysis.calls;
