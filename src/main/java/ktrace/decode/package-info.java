/**
 * What the arguments and results of system calls mean, as strace(1) shows them.
 *
 * <pre>
 *   calls ──► files, memory, signals, process, sockets, ipc ──► decode
 *   table     a family of calls each: what its parameters       what all of them work with: Decoding (the call, its caller's
 *             and results look like                             memory, the text), Argument, Result, Constants
 * </pre>
 *
 * <p>Which calls are known and what their parameters are is data, in calls.txt; the names of flags and numbers are data, in
 * constants.txt; a family of kinds that needs more than that is a class. What cannot be known (memory that cannot be read, a
 * descriptor without a name) is shown as the register held it.
 *
 * <p>Here are, besides, the kinds that every family has (numbers, strings, buffers, times), and what a collector gives to have a
 * call written: {@link ktrace.decode.Call}, {@link ktrace.decode.CallerMemory}, {@link ktrace.decode.FdNames}. Nothing here knows a
 * family. Memory of a caller is read through {@link ktrace.decode.Decoding} alone, which bounds what a made-up length can ask for.
 */
package ktrace.decode;
