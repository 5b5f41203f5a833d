/**
 * What the metadata of a trace declare: the language TSDL (CTF 1.8.3, appendix C) from text to {@link
 * ktrace.ctf.tsdl.TraceMetadata}.
 *
 * <p>The text is not trusted: any text gives metadata or a {@link ktrace.ctf.CtfException} that names the line, in bounded time
 * and memory ({@link ktrace.ctf.tsdl.TsdlLimits}). Nothing here knows what an event means. Types are immutable.
 *
 * <pre>
 *   MetadataText ──► TsdlLexer ──► TsdlParser ──► TraceMetadata
 *                            └──► TypeParser ──► FieldType
 * </pre>
 */
package ktrace.ctf.tsdl;
