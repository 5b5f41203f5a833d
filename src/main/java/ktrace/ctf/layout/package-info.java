/**
 * How the bits of a packet become registers: {@link ktrace.ctf.layout.LayoutCompiler} makes {@link
 * ktrace.ctf.layout.FieldReader}s of types, once for each class of events, and they read at the place of a {@link
 * ktrace.ctf.layout.PacketCursor}.
 *
 * <p>This runs for each field of each event: reading allocates nothing, asks the cursor before it touches a byte, and pays for
 * what takes time without taking bits. What is wanted of an event is told by a {@link ktrace.ctf.layout.RegisterMap}; all else is
 * stepped over.
 */
package ktrace.ctf.layout;
