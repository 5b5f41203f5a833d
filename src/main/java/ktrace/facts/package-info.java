/**
 * What events cannot tell and the kernel says when it is asked: /proc, sock_diag(7), mounts. Whoever exists at attach
 * ({@link ktrace.facts.StateDump}), and what a descriptor, an address or a number means ({@link ktrace.facts.ObjectSource}).
 *
 * <p>Everything here may take long and finds things gone; nothing here knows what the answers are for.
 */
package ktrace.facts;
