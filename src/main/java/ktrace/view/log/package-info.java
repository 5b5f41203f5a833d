/**
 * The call log: a line for each system call, in the manner of strace(1). Follows the stream of events after the tracker, keeps what
 * a line needs of threads and their descriptors, and writes to the stream that it is given.
 */
package ktrace.view.log;
