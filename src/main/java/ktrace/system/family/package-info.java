/**
 * What ktrace knows of waits: one file for each kind of wait, or for a few that belong together.
 *
 * <p>A file says which system calls its family has and what they do to descriptors, what a call waits for when a thread blocks in
 * it, who may end that wait, by the context of the waker and, where no scheduler is seen, by the calls made meanwhile, and who is
 * at the other end. {@link ktrace.system.family.Families} lists them, and is all that others need of this package; the classes here
 * see of the tracker what {@link ktrace.system.Machine} and the entries of threads, processes and objects show. How to add one is
 * in {@code src/docs/architecture.md}.
 */
package ktrace.system.family;
