/**
 * Who exists, what their descriptors refer to, who is at the other end, and who woke whom: the core, which knows no single kind of
 * wait. What it goes by there are the {@link ktrace.system.Family families} in {@code ktrace.system.family}.
 *
 * <p>{@link ktrace.system.SystemTracker} is a function of the event stream. What events cannot tell it asks an
 * {@link ktrace.facts.ObjectSource}.
 *
 * <pre>
 *   events ──► Lives, Ends    births, execs, ends           ThreadTable, ProcessTable
 *          ──► SystemCall     what a call works on, what    FdTable, TrackedObject
 *                │            it changed, what it waits for
 *                │        ──► CallPairing what the thread waits for, and since when it is in its call
 *                │        ──► Wakings     who ended a wait, how sure
 *                │        ──► Guesses     which of several it was, and who has sent what an interrupt brought
 *                │        ──► Releases    the same where no scheduler is seen
 *                ▼ not known
 *              Machine ──► Lookups ──► ObjectSource
 * </pre>
 *
 * <p>Nothing lives for ever, whatever the traced programs do: a process as long as it has threads, an outsider until it is seen to
 * end or many others have mattered since, and what they hold, in {@code ktrace.system.objects}, as long as somebody holds it.
 *
 * <p>Others use the tracker, its {@link ktrace.system.Targets} and {@link ktrace.system.FamilySet}; what else is public, is so for
 * the families.
 */
package ktrace.system;
