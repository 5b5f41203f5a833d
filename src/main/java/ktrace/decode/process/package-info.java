/**
 * How calls on processes are shown: clone(2) and wait4(2), limits and scheduling, prctl(2), ptrace(2), and the kinds that one call
 * alone has.
 *
 * <p>What others need of it is {@link ktrace.decode.process.ProcessKinds#ALL}; a kind is added as a case in the class that shows
 * what is alike.
 */
package ktrace.decode.process;
