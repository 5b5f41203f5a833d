/**
 * Events to packets on disk, or in memory until they are asked for: {@link ktrace.ctf.write.CtfRecording} puts the parts
 * together.
 *
 * <p>One thread of the pipeline writes all of them; nothing is allocated for each event. A packet is appended whole or not at all, so what a killed ktrace or a full disk leaves is readable. As root
 * nothing is ever written through a link ({@link ktrace.ctf.write.TraceDirectory}).
 *
 * <pre>
 *   CtfWriter ──► StateWriter, FactWriter ──► PacketWriter ──► PacketSink ─┬─► TraceDirectory
 *                                                                          └─► FlightSink ──► TraceDirectory, when asked
 * </pre>
 */
package ktrace.ctf.write;
