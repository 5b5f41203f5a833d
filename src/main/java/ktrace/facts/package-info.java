/**
 * What events cannot tell and the kernel says when it is asked: questions, who answers them and when. {@link ktrace.facts.Resolver}
 * answers on threads of its own; each answer is an event of the stream ({@link ktrace.event.Fact}), so that nothing on the way of
 * the events waits for it, and a recording has it at the place where it counted.
 *
 * <p>Nothing here knows what the answers are for. To add a question: a record in {@link ktrace.facts.Question}, a method in
 * {@link ktrace.facts.ObjectSource}, a {@link ktrace.event.Fact} with its event in the trace, and what
 * {@code ktrace.system.Lookups} makes of it.
 */
package ktrace.facts;
