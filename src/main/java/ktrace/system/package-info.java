/**
 * Who exists, what their descriptors refer to, and who is at the other end.
 *
 * <p>{@link ktrace.system.SystemTracker} is a function of the event stream. What events cannot tell it asks an
 * {@link ktrace.facts.ObjectSource}.
 *
 * <pre>
 *   events ──► Lives          births, execs, ends           ThreadTable, ProcessTable
 *          ──► CallTargets    what a call works on          FdTable, Futexes
 *          ──► FdEffects      what a call changed           FdTable, NewFds
 *          ──► WakeResolver   who ended a wait, how sure    TrackedObject, Senders
 *                   │ not known
 *                   ▼
 *               Lookups ──► ObjectSource
 * </pre>
 *
 * <p>Nothing lives for ever, whatever the traced programs do. A {@link ktrace.system.TrackedObject} lives as long as a descriptor
 * table, a process that uses it or a thread at work on it keeps it; a process as long as it has threads; an outsider until it is
 * seen to end or many others have mattered since. What has died refers to nothing.
 */
package ktrace.system;
