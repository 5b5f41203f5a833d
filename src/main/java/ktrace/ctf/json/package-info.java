/**
 * What the metadata of CTF 2 declare, as JSON: the same {@link ktrace.ctf.tsdl.TraceMetadata} that {@link
 * ktrace.ctf.tsdl.TsdlParser} makes of the language of CTF 1.8, so that all behind it is one.
 */
package ktrace.ctf.json;
