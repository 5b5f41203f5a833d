/**
 * What can be held and waited for, whatever it is: the objects of the kernel, found by their numbers and names, the tables of
 * descriptors and the memory by which processes hold them, and who holds which end.
 *
 * <p>No process and no thread is known here, but that a table has an {@link ktrace.system.objects.Owner}; and no kind of wait. Nothing
 * lives for ever: a {@link ktrace.system.objects.TrackedObject} lives as long as a table, a process that uses it or a thread at work
 * on it keeps it, and when it has died it refers to nothing. All of it is the tracker's thread's.
 */
package ktrace.system.objects;
