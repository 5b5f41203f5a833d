/**
 * Which event of ktrace's an event of a trace makes, one {@link ktrace.ctf.mapping.EventMapping} for each class of events: the
 * scheduler's, system calls, the state at the start, ktrace's own. {@link ktrace.ctf.mapping.EventMappings} finds it by name.
 *
 * <p>Traces of LTTng 2.0 to 2.16, and of every ktrace there has been, go through here: a field that is missing is met by a
 * mapping that does without, never by a change to the field's meaning. Filling a slot allocates nothing but a payload.
 */
package ktrace.ctf.mapping;
