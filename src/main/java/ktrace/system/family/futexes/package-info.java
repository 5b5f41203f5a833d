/** Waits at futexes, which have more calls than go into one file: the family, and what each call does. */
package ktrace.system.family.futexes;
