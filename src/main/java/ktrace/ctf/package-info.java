/**
 * The binary trace: Common Trace Format 1.8, laid out as LTTng-modules 2.9 lays it out.
 *
 * <p>Here is what writer and reader agree upon: the names of the events that ktrace adds, their fields, what the environment and
 * the files are called. All of it is in traces on disk: names may be added, and those that are there keep their meaning.
 *
 * <pre>
 *   events ──► write ──► packets, metadata ──► read ──► events
 *              (Tsdl, KernelEvent, DiscoveryEvent: agreed here)
 *
 *   read, from the file on:   tsdl     what the metadata declare: types, streams, events
 *                             json     the same of CTF 2
 *                             layout   how a packet's bits become registers
 *                             mapping  which event of ktrace's the registers make
 *                             read     files, packets, the order of events
 * </pre>
 */
package ktrace.ctf;
