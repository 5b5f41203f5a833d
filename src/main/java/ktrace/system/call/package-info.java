/** Calls of the usual kinds, for families to make theirs of: on a descriptor, on one that must be known, that makes or closes some. */
package ktrace.system.call;
