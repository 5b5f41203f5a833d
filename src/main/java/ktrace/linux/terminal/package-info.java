/**
 * Where ktrace was started: the size and settings of its terminal, and standard streams that tell of errors and of a reader that
 * has gone. Settings that are changed are given back to the bit.
 */
package ktrace.linux.terminal;
