/**
 * What all rooms speak of: the slot that an event travels in, where events come from and go to, who and what they are about, and
 * what is counted because it could not be seen.
 *
 * <p>A slot is overwritten for every event, so nothing here may be allocated or kept for one. Names of types, kinds and counters are
 * in recorded traces and in the JSON: they may be added to, and keep their meaning.
 */
package ktrace.event;
