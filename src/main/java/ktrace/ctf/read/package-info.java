/**
 * A trace from its directory to events in the order of each file: {@link ktrace.ctf.read.CtfReader} is the {@link
 * ktrace.event.EventSource} of a recorded trace.
 *
 * <p>Packets are read through a window, of files that are not trusted: what is damaged is passed over and counted, and costs no
 * more time or memory than its size allows. Taking an event allocates nothing but a payload.
 */
package ktrace.ctf.read;
